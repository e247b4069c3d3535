import type { CircuitInput } from '../circuit.js';

/**
 * The cortical gamma circuit: 500 neurons (400 E, 40 PV, 35 SST, 25 VIP) whose PV feedback inhibition makes a gamma
 * rhythm near 40 Hz.
 *
 * Cells: Pospischil et al. 2008 and Wang & Buzsaki 1996 (cell_type.ts). Connection probabilities: Campagnola et al.
 * 2022 (Science 375:eabj5861), mouse V1 L2/3, found divided by probed. Weights: tuned within the measured PSP range.
 * Delays: measured onset latencies of 0.9-2.2 ms plus about 1 ms of conduction and rise; they place the gamma peak.
 */

const TYPES = ['E', 'PV', 'SST', 'VIP'] as const;
type Table = Record<(typeof TYPES)[number], readonly [E: number, PV: number, SST: number, VIP: number]>;

/** Rows are sources, columns targets. */
const CONNECTION_PROBABILITY: Table = {
  E: [0.06, 0.4, 0.31, 0.15],
  PV: [0.33, 0.38, 0.1, 0],
  SST: [0.21, 0.18, 0.05, 0.29],
  VIP: [0.04, 0.02, 0.14, 0.01],
};

const MEAN_WEIGHT_nS: Table = {
  E: [0.4, 0.26, 0.18, 0.25],
  PV: [2.0, 0.7, 1.5, 0],
  SST: [2.0, 0.8, 0.5, 1.2],
  VIP: [0.5, 0.4, 1.9, 0.5],
};

const DELAY_ms: Table = {
  E: [2.9, 1.9, 2.3, 2.5],
  PV: [1.6, 1.7, 1.8, 1.5],
  SST: [2.4, 2.4, 2.6, 2.2],
  VIP: [3.0, 2.2, 2.9, 3.0],
};

/** Standard deviation of ln(weight). */
const WEIGHT_SIGMA = 0.8;

const RECEPTOR = { E: 'AMPA', PV: 'GABA_A_fast', SST: 'GABA_A_slow', VIP: 'GABA_A_slow' } as const;

const around = (V0_mV: number) =>
  ({ V_mV: { distribution: 'uniform', low: V0_mV, high: V0_mV + 5 }, gates: 'steady-state' }) as const;

export const CORTICAL_GAMMA: CircuitInput = {
  name: 'cortical-gamma',
  description:
    '500 cortical neurons (E, PV, SST, VIP); PV feedback inhibition makes a gamma rhythm near 40 Hz',
  simulation: {
    duration_ms: 5500,
    transient_ms: 500,
    dt_ms: 0.025,
    seed: 42,
    integrator: 'exponential-euler',
  },
  receptors: {
    AMPA: { tau_ms: 3, reversal_mV: 0, sign: 'excitatory' },
    GABA_A_fast: { tau_ms: 6, reversal_mV: -75, sign: 'inhibitory' },
    GABA_A_slow: { tau_ms: 15, reversal_mV: -75, sign: 'inhibitory' },
  },
  populations: {
    E: { cell: 'pyramidal-rs', neurons: 400, initial: around(-70) },
    PV: { cell: 'pv-wang-buzsaki', neurons: 40, initial: around(-65) },
    SST: { cell: 'sst-lts', neurons: 35, initial: around(-60) },
    VIP: { cell: 'vip-rs-inhibitory', neurons: 25, initial: around(-65) },
  },
  projections: TYPES.flatMap((from) =>
    TYPES.flatMap((to, column) => {
      const probability = CONNECTION_PROBABILITY[from][column];
      if (probability === 0) return [];
      return [
        {
          from,
          to,
          receptor: RECEPTOR[from],
          connector: { kind: 'fixed-probability' as const, probability },
          weight_nS: {
            distribution: 'lognormal' as const,
            mean: MEAN_WEIGHT_nS[from][column],
            sigma: WEIGHT_SIGMA,
          },
          delay_ms: DELAY_ms[from][column],
        },
      ];
    }),
  ),
  stimuli: [
    { kind: 'poisson', to: 'E', receptor: 'AMPA', rate_hz: 450, weight_nS: 4.4 },
    { kind: 'poisson', to: 'PV', receptor: 'AMPA', rate_hz: 180, weight_nS: 1.5 },
    { kind: 'poisson', to: 'SST', receptor: 'AMPA', rate_hz: 335, weight_nS: 2.0 },
    { kind: 'poisson', to: 'VIP', receptor: 'AMPA', rate_hz: 60, weight_nS: 1.5 },
  ],
  geometry: { shape: 'cylinder', radius_um: 100, height_um: 160 },
  recording: {
    sampleRate_hz: 1000,
    lfp: {
      populations: ['E'],
      conductivity_S_m: 0.3,
      minimumDistance_um: 10,
      electrodes: [
        { x_um: 0, y_um: 0, z_um: 0 },
        { x_um: 0, y_um: 0, z_um: 60 },
        { x_um: 0, y_um: 0, z_um: -60 },
      ],
    },
  },
};
