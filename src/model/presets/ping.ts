import type { CircuitInput } from '../circuit.js';

/**
 * PING: pyramidal-interneuron network gamma (Whittington et al. 2000, Int J Psychophysiol 38:315; Borgers & Kopell
 * 2003, Neural Comput 15:509). Pyramidal cells driven by a noisy current excite fast-spiking cells, whose common
 * inhibition silences all cells until it decays. Fixed in-degrees; weights chosen so that one volley of E recruits I.
 */
export const PING: CircuitInput = {
  name: 'ping',
  description: 'strong PING: 160 pyramidal and 40 fast-spiking cells in a synchronous gamma rhythm',
  simulation: {
    duration_ms: 2500,
    transient_ms: 500,
    dt_ms: 0.025,
    seed: 42,
    integrator: 'exponential-euler',
  },
  receptors: {
    AMPA: { tau_ms: 2, reversal_mV: 0, sign: 'excitatory' },
    GABA_A: { tau_ms: 7, reversal_mV: -75, sign: 'inhibitory' },
  },
  populations: {
    E: {
      cell: 'pyramidal-rs',
      neurons: 160,
      initial: { V_mV: { distribution: 'uniform', low: -75, high: -60 } },
    },
    PV: {
      cell: 'pv-wang-buzsaki',
      neurons: 40,
      initial: { V_mV: { distribution: 'uniform', low: -70, high: -60 } },
    },
  },
  projections: [
    {
      from: 'E',
      to: 'PV',
      receptor: 'AMPA',
      connector: { kind: 'fixed-in-degree', inDegree: 40 },
      weight_nS: 1.5,
      delay_ms: 1,
    },
    {
      from: 'PV',
      to: 'E',
      receptor: 'GABA_A',
      connector: { kind: 'fixed-in-degree', inDegree: 20 },
      weight_nS: 4,
      delay_ms: 1,
    },
    {
      from: 'PV',
      to: 'PV',
      receptor: 'GABA_A',
      connector: { kind: 'fixed-in-degree', inDegree: 20 },
      weight_nS: 1,
      delay_ms: 1,
    },
  ],
  stimuli: [{ kind: 'ornstein-uhlenbeck-current', to: 'E', mean_uA_cm2: 5, sd_uA_cm2: 0.5, tau_ms: 5 }],
  recording: { lfp: { populations: ['E'], electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }] } },
};
