import type { CircuitFile } from '../model/circuit_file.js';
import { PRESETS } from '../model/presets.js';

/** Options by which the published forms of the benchmark differ. */
export interface CobahhOptions {
  /** Neurons, 80 % of them excitatory. */
  readonly neurons: number;
  /** Expected synapses of each neuron. */
  readonly synapsesPerNeuron: number;
  readonly delayMs: number;
  /** false: zero-weight synapses, which load delivery without changing activity (13.04 Hz at dt 0.1 ms). */
  readonly live: boolean;
}

/** As published: 4000 neurons, connection probability 0.02, no delay. */
export const COBAHH_AS_PUBLISHED: CobahhOptions = {
  neurons: 4000,
  synapsesPerNeuron: 80,
  delayMs: 0,
  live: true,
};

/** COBAHH (circuits/cobahh.yaml) in other sizes. */
export function cobahh({ neurons, synapsesPerNeuron, delayMs, live }: CobahhOptions): CircuitFile {
  const { populations, projections = [], ...rest } = PRESETS.cobahh;
  const excitatory = Math.round(0.8 * neurons);
  return {
    ...rest,
    populations: {
      E: { ...populations.E, neurons: excitatory },
      I: { ...populations.I, neurons: neurons - excitatory },
    },
    projections: projections.map((projection) => ({
      ...projection,
      connector: {
        kind: 'fixed-probability',
        probability: synapsesPerNeuron / neurons,
        autapses: true,
      },
      weight_nS: live ? projection.weight_nS : 0,
      delay_ms: delayMs,
    })),
  };
}
