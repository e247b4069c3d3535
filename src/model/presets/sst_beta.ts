import type { CircuitInput } from '../circuit.js';

/**
 * A beta rhythm driven by somatostatin cells: pyramidal cells excite SST cells, whose slow inhibition paces them at about
 * 20 Hz (Chen et al. 2017, Neuron 96:1403: SST cells drive 5-30 Hz synchrony in mouse V1, PV cells gamma). Cells:
 * Pospischil et al. 2008; the slow GABA-A decay and the delays are those of cortical-gamma.
 */
export const SST_BETA: CircuitInput = {
  name: 'sst-beta',
  description: '200 pyramidal and 50 SST cells: slow feedback inhibition makes a beta rhythm near 20 Hz',
  simulation: {
    duration_ms: 5500,
    transient_ms: 500,
    dt_ms: 0.025,
    seed: 42,
    integrator: 'exponential-euler',
  },
  receptors: {
    AMPA: { tau_ms: 3, reversal_mV: 0, sign: 'excitatory' },
    GABA_A_slow: { tau_ms: 15, reversal_mV: -80, sign: 'inhibitory' },
  },
  populations: {
    E: {
      cell: 'pyramidal-rs',
      neurons: 200,
      initial: { V_mV: { distribution: 'uniform', low: -75, high: -60 } },
    },
    SST: {
      cell: 'sst-lts',
      neurons: 50,
      initial: { V_mV: { distribution: 'uniform', low: -65, high: -55 } },
    },
  },
  projections: [
    {
      from: 'E',
      to: 'SST',
      receptor: 'AMPA',
      connector: { kind: 'fixed-in-degree', inDegree: 50 },
      weight_nS: 0.6,
      delay_ms: 2.3,
    },
    {
      from: 'SST',
      to: 'E',
      receptor: 'GABA_A_slow',
      connector: { kind: 'fixed-in-degree', inDegree: 25 },
      weight_nS: 1.5,
      delay_ms: 2.4,
    },
    {
      from: 'SST',
      to: 'SST',
      receptor: 'GABA_A_slow',
      connector: { kind: 'fixed-in-degree', inDegree: 10 },
      weight_nS: 0.3,
      delay_ms: 2.6,
    },
  ],
  stimuli: [
    { kind: 'ornstein-uhlenbeck-current', to: 'E', mean_uA_cm2: 2.5, sd_uA_cm2: 1.5, tau_ms: 5 },
    // SST cells of this model rest near threshold; this keeps them silent until E cells drive them.
    { kind: 'constant-current', to: 'SST', amplitude_uA_cm2: -0.4 },
  ],
  recording: { lfp: { populations: ['E'], electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }] } },
};
