/** How often chance locks a group's spikes to the LFP as firmly as they are: surrogates with every spike moved. */

import seedrandom from 'seedrandom';
import { requireCount } from '../checks.js';
import type { Estimate, SpikeTrains, TimeWindow } from '../data.js';
import type { AnalyticSignal } from '../spectral/hilbert.js';
import { requireNeurons, requireSpikeTrains, spikesOf } from '../spiketrain/trains.js';
import { phaseVectorAt, requireWithin } from './lfp_phase.js';
import { ditherWithin } from './surrogates.js';

export interface LockingSurrogates {
  /** (1 + surrogates at least as firm) / (1 + surrogates): never 0 (North et al. 2002). */
  readonly p: number;
  readonly surrogates: number;
  /** Spikes that were tested, and the neurons they come from: all, or evenly spaced ones. */
  readonly spikes: number;
  readonly neurons: number;
}

export interface LockingSurrogateOptions {
  /** Every spike moves by its own uniform amount within this, ms: rate changes slower than it stay. */
  readonly ditherMs: number;
  readonly surrogates: number;
  /** Of more spikes, those of evenly spaced neurons are tested. */
  readonly maxSpikes: number;
  readonly seed: string;
}

/**
 * p-value of a group's phase locking against dithered spikes (elephant.spike_train_surrogates.dither_spikes). All
 * surrogates have the spikes' number, so that the length of their summed unit vectors orders them as PLV and PPC do.
 *
 * @param phase as `lfpPhase` gives it; must cover the window
 * @returns null with fewer than 2 spikes
 */
export function lockingSurrogates(
  trains: SpikeTrains,
  neurons: Uint32Array,
  phase: AnalyticSignal,
  window: TimeWindow,
  { ditherMs, surrogates, maxSpikes, seed }: LockingSurrogateOptions,
): Estimate<LockingSurrogates> {
  requireCount('surrogates', surrogates, 1);
  requireCount('maxSpikes', maxSpikes, 2);
  requireSpikeTrains(trains);
  requireNeurons(trains, neurons);
  requireWithin(phase, window);
  const tested = withFewSpikes(trains, neurons, window, maxSpikes);
  const spikes = tested.reduce((sum, times) => sum + times.length, 0);
  if (spikes < 2) {
    return { value: null, reason: `${spikes} spikes in the window: phase locking needs at least 2` };
  }
  const random = seedrandom.alea(seed);
  const move = ditherWithin(ditherMs, window);
  const observed = lengthOfSum(tested, phase, (time) => time);
  let reached = 0;
  for (let k = 0; k < surrogates; k++) {
    if (lengthOfSum(tested, phase, (time) => move(time, random())) >= observed) reached++;
  }
  return {
    value: { p: (1 + reached) / (1 + surrogates), surrogates, spikes, neurons: tested.length },
  };
}

/** The trains of the group, or of every second, third, ... neuron, until they have no more than `maxSpikes`. */
function withFewSpikes(
  trains: SpikeTrains,
  neurons: Uint32Array,
  window: TimeWindow,
  maxSpikes: number,
): Float64Array[] {
  const all = Array.from(neurons, (neuron) => spikesOf(trains, neuron, window));
  const spikes = all.reduce((sum, times) => sum + times.length, 0);
  const every = Math.max(1, Math.ceil(spikes / maxSpikes));
  return all.filter((_, k) => k % every === 0);
}

function lengthOfSum(
  trains: readonly Float64Array[],
  phase: AnalyticSignal,
  moved: (timeMs: number) => number,
): number {
  const vector = { cos: 0, sin: 0 };
  let cos = 0;
  let sin = 0;
  for (const times of trains) {
    for (let k = 0; k < times.length; k++) {
      phaseVectorAt(phase, moved(times[k]), vector);
      cos += vector.cos;
      sin += vector.sin;
    }
  }
  return Math.hypot(cos, sin);
}
