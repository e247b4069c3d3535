import { libraryCellData } from '../../mechanism/library.js';
import type { CircuitInput } from '../circuit.js';

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

/**
 * COBAHH, benchmark 3 of Brette et al. 2007 (J Comput Neurosci 23:349), in the form of Brian2's example: conductance-
 * based Hodgkin-Huxley network, autapses allowed, simultaneous exponential Euler at 0.1 ms, 3 ms refractory detection.
 */
export function cobahh({ neurons, synapsesPerNeuron, delayMs, live }: CobahhOptions): CircuitInput {
  const excitatory = Math.round(0.8 * neurons);
  const initial = {
    V_mV: { distribution: 'normal', mean: -65, sd: 5, low: -200, high: 200 },
    gates: 'closed',
    conductance_nS: {
      excitatory: { distribution: 'normal', mean: 40, sd: 15 },
      inhibitory: { distribution: 'normal', mean: 200, sd: 120 },
    },
  } as const;
  const projection = (from: string, to: string, receptor: string, weight_nS: number) => ({
    from,
    to,
    receptor,
    connector: {
      kind: 'fixed-probability' as const,
      probability: synapsesPerNeuron / neurons,
      autapses: true,
    },
    weight_nS: live ? weight_nS : 0,
    delay_ms: delayMs,
  });
  return {
    name: 'cobahh',
    description: 'COBAHH benchmark (Brette et al. 2007): excitatory-inhibitory Hodgkin-Huxley network',
    simulation: {
      duration_ms: 1000,
      transient_ms: 200,
      dt_ms: 0.1,
      seed: 42,
      integrator: 'exponential-euler-simultaneous',
    },
    cellTypes: { 'traub-miles': { ...libraryCellData('traub-miles')!, refractory_ms: 3 } },
    receptors: {
      excitatory: { tau_ms: 5, reversal_mV: 0, sign: 'excitatory' },
      inhibitory: { tau_ms: 10, reversal_mV: -80, sign: 'inhibitory' },
    },
    populations: {
      E: { cell: 'traub-miles', neurons: excitatory, initial },
      I: { cell: 'traub-miles', neurons: neurons - excitatory, initial },
    },
    projections: [
      projection('E', 'E', 'excitatory', 6),
      projection('E', 'I', 'excitatory', 6),
      projection('I', 'E', 'inhibitory', 67),
      projection('I', 'I', 'inhibitory', 67),
    ],
    recording: { lfp: { populations: ['E'], electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }] } },
  };
}
