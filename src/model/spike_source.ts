import * as z from 'zod';
import { count, quantity } from '../text/quantity.js';

/** Latest spike time, ms: the longest run. */
const LATEST_SPIKE_MS = 1e9;
/** Most sources of one group; with the neurons they share the 28 bits of a neuron's number. */
const MAX_SOURCES = 2 ** 28;

/**
 * Given spike trains that drive neurons through projections. A source is not a neuron: it has no membrane, and its
 * spikes are not recorded.
 */
export const spikeSourceSchema = z.strictObject({
  trains_ms: z
    .array(z.array(quantity('ms', 'time of a spike', { min: 0, max: LATEST_SPIKE_MS })))
    .min(1)
    .max(MAX_SOURCES)
    .meta({ description: 'spike times of every source, each list in ascending order [ms]' }),
});
export type SpikeSource = z.infer<typeof spikeSourceSchema>;

/** Spike trains that a circuit file takes from another file, which is read together with it. */
export const spikeFileSchema = z.strictObject({
  file: z.string().min(1).meta({
    description:
      'spikes as CSV (`neuron,time_ms`), SONATA (.h5, one population) or NWB (.nwb), relative to the circuit file',
  }),
  sources: count('number of sources; those that the file does not name stay silent', 1, MAX_SOURCES),
});

/** Spikes one by one, in any order; equal lengths. */
export interface SourceSpikes {
  readonly timesMs: ArrayLike<number>;
  /** Number of the source, from 0. */
  readonly neurons: ArrayLike<number>;
}

/** The trains of `sources` sources, each in ascending order. Throws RangeError at a spike of a source beyond them. */
export function trainsOfSpikes({ timesMs, neurons }: SourceSpikes, sources: number): number[][] {
  const trains: number[][] = Array.from({ length: sources }, () => []);
  for (let k = 0; k < neurons.length; k++) {
    const train = trains[neurons[k]];
    if (!train)
      throw new RangeError(`a spike of source ${neurons[k]}, but the sources are 0 to ${sources - 1}`);
    train.push(timesMs[k]);
  }
  for (const train of trains) train.sort((a, b) => a - b);
  return trains;
}
