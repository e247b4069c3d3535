import type { CircuitInput } from '../circuit.js';

/**
 * The asynchronous irregular state: sparse random connections, scattered delays, strong inhibition and a background
 * of few, large events keep cells firing one by one (van Vreeswijk & Sompolinsky 1996, Science 274:1724; Brunel 2000,
 * J Comput Neurosci 8:183). Cells: Pospischil et al. 2008 and Wang & Buzsaki 1996. Each background event represents a
 * volley of a few simultaneous inputs.
 */
export const ASYNCHRONOUS_IRREGULAR: CircuitInput = {
  name: 'asynchronous-irregular',
  description:
    '400 excitatory and 100 inhibitory cells in the asynchronous irregular state: irregular spikes, no rhythm',
  simulation: {
    duration_ms: 5500,
    transient_ms: 500,
    dt_ms: 0.025,
    seed: 42,
    integrator: 'exponential-euler',
  },
  receptors: {
    AMPA: { tau_ms: 3, reversal_mV: 0, sign: 'excitatory' },
    GABA_A: { tau_ms: 6, reversal_mV: -80, sign: 'inhibitory' },
  },
  populations: {
    E: {
      cell: 'pyramidal-rs',
      neurons: 400,
      initial: { V_mV: { distribution: 'uniform', low: -75, high: -60 } },
    },
    I: {
      cell: 'pv-wang-buzsaki',
      neurons: 100,
      initial: { V_mV: { distribution: 'uniform', low: -70, high: -60 } },
    },
  },
  projections: (
    [
      ['E', 'E', 'AMPA', 0.4],
      ['E', 'I', 'AMPA', 0.2],
      ['I', 'E', 'GABA_A', 6],
      ['I', 'I', 'GABA_A', 3],
    ] as const
  ).map(([from, to, receptor, mean]) => ({
    from,
    to,
    receptor,
    connector: { kind: 'fixed-probability' as const, probability: 0.05 },
    weight_nS: { distribution: 'lognormal' as const, mean, sigma: 0.8 },
    delay_ms: { distribution: 'uniform' as const, low: 0.5, high: 12 },
  })),
  stimuli: [
    { kind: 'poisson', to: 'E', receptor: 'AMPA', rate_hz: 60, weight_nS: 13 },
    { kind: 'poisson', to: 'I', receptor: 'AMPA', rate_hz: 60, weight_nS: 6 },
  ],
  recording: { lfp: { populations: ['E'], electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }] } },
};
