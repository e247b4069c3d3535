import { circuitSchema, type Integrator } from '../../../src/model/circuit.js';
import type { CircuitFile } from '../../../src/model/circuit_file.js';
import { buildNetwork } from '../../../src/network/build.js';
import type { Network } from '../../../src/network/network.js';
import { CELL_LIBRARY } from '../support.js';

/**
 * One circuit that has everything: cells of all kinds, refractoriness, two decaying receptors and one
 * that keeps what arrives, in two words of the input ring, delays of up to 2.5 ms, step currents, noise, slow and fast
 * Poisson input, two electrodes, traces, and spike sources where asked for. Part of it is a network; the rest are cells
 * without gates, for which every number is known by hand:
 *
 * - `clamped`: membranes so large that V stays, with conductances from the start on (see {@link CLAMPED});
 * - `charged`: a step current charges it;
 * - `slowShower`, `fastShower`: Poisson input alone;
 * - `noisy`: an Ornstein-Uhlenbeck current alone.
 *
 * Of what makes the LFP, only the clamped cells have a synaptic current before {@link QUIET_MS}. Every population has one
 * stimulus at most, since software adapters take several times as long to compile the kernels with two.
 */
export const DT_MS = 0.05;
export const SAMPLE_MS = 1;
export const SAMPLE_STEPS = 20;
export const QUIET_MS = 2;

export const RECEPTORS = {
  AMPA: { tau_ms: 2, reversal_mV: 0, sign: 'excitatory' },
  GABA: { tau_ms: 5, reversal_mV: -75, sign: 'inhibitory' },
  /** Hardly decays and hardly acts: what has arrived can be counted. */
  ledger: { tau_ms: 10_000, reversal_mV: -80, sign: 'inhibitory' },
} as const;

/** By cell: a receptor of either sign, both, and an excitatory current that is outward, since V is past its reversal. */
export const CLAMPED = {
  V_mV: [-60, -60, -60, 30],
  AMPA_nS: [1, 0, 1, 1],
  GABA_nS: [0, 2, 2, 0],
  positions_um: [
    [30, 40, 0],
    [0, 0, 120],
    [-60, 0, 80],
    [3, 0, 4],
  ] as [number, number, number][],
};
/** The second stands nearer than the minimum distance to the last clamped cell. */
export const ELECTRODES_um: [number, number, number][] = [
  [0, 0, 0],
  [3, 4, 4],
];
export const MINIMUM_DISTANCE_um = 10;
export const CONDUCTIVITY_S_m = 0.3;

export const CHARGED = { g_mS_cm2: 0.1, E_mV: -65, amplitude_uA_cm2: 1, startMs: 1.05, stopMs: 9.1 };

/** 0.4 events a step, within the eight that the kernel has thresholds for at hand, and 20 a step, far beyond. */
export const SLOW_SHOWER = { receptor: 'AMPA', rate_hz: 8_000, weight_nS: 0.25 } as const;
export const FAST_SHOWER = { receptor: 'GABA', rate_hz: 400_000, weight_nS: 0.0625 } as const;
export const NOISE = { mean_uA_cm2: 1, sd_uA_cm2: 2, tau_ms: 2 };
export const NOISY_CELL = { g_mS_cm2: 0.1, E_mV: -65 };

const leakOf = (g_mS_cm2: number, E_mV: number) => ({ leak: { mechanism: 'leak', g_mS_cm2, E_mV } });

const POPULATIONS: NonNullable<CircuitFile['populations']> = {
  E: { cell: 'pyramidal-rs', neurons: 70 },
  PV: { cell: 'pv-wang-buzsaki', neurons: 24 },
  TM: { cell: 'traub-miles', neurons: 16 },
  squid: { cell: 'hodgkin-huxley-1952', neurons: 12 },
  clamped: {
    cell: 'clamp',
    neurons: CLAMPED.V_mV.length,
    initial: {
      V_mV: CLAMPED.V_mV,
      conductance_nS: { AMPA: CLAMPED.AMPA_nS, GABA: CLAMPED.GABA_nS },
    },
  },
  charged: { cell: 'membrane', neurons: 1, initial: { V_mV: CHARGED.E_mV } },
  slowShower: { cell: 'membrane', neurons: 200, initial: { V_mV: -65 } },
  fastShower: { cell: 'membrane', neurons: 200, initial: { V_mV: -65 } },
  noisy: { cell: 'membrane', neurons: 500, initial: { V_mV: -65 } },
};

function positions(): [number, number, number][] {
  const placed: [number, number, number][] = [];
  for (const [name, { neurons }] of Object.entries(POPULATIONS))
    for (let i = 0; i < neurons; i++)
      placed.push(
        name === 'clamped'
          ? CLAMPED.positions_um[i]
          : [20 + ((37 * i) % 101), -15 - ((53 * i) % 89), ((29 * i) % 83) - 40],
      );
  return placed;
}

export function everythingNetwork(integrator: Integrator, hasSpikeSources: boolean): Network {
  const random = (probability: number) => ({ kind: 'fixed-probability' as const, probability });
  const drive = (to: string, rate_hz: number, weight_nS: number) =>
    ({ kind: 'poisson', to, receptor: 'AMPA', rate_hz, weight_nS, start_ms: QUIET_MS }) as const;
  const step = (to: string, amplitude_uA_cm2: number, start_ms: number, stop_ms: number) =>
    ({ kind: 'step-current', to, amplitude_uA_cm2, start_ms, stop_ms }) as const;
  const ledgers = ['E', 'PV', 'TM', 'squid', ...(hasSpikeSources ? ['source'] : [])].map((from) => ({
    from,
    to: from === 'PV' ? 'E' : 'slowShower',
    receptor: 'ledger',
    connector: random(0.1),
    weight_nS: from === 'squid' ? 2e-6 : 1e-6,
    delay_ms: { distribution: 'uniform' as const, low: 0.3, high: 2.5 },
  }));
  const circuit: CircuitFile = {
    name: 'everything',
    simulation: { dt_ms: DT_MS, integrator, seed: 11 },
    cellTypes: {
      ...CELL_LIBRARY,
      'traub-miles': { ...CELL_LIBRARY['traub-miles'], refractory_ms: 3 },
      membrane: { C_uF_cm2: 1, area_um2: 20_000, membrane: leakOf(0.1, -65) },
      clamp: { C_uF_cm2: 100, area_um2: 1e7, membrane: leakOf(1e-6, -60) },
    },
    receptors: RECEPTORS,
    populations: POPULATIONS,
    spikeSources: hasSpikeSources
      ? { source: { trains_ms: [[0, 3, 3, 5.5, 19.3], [4.02], [6, 6.05, 9, 18.71], [2.1, 7.77]] } }
      : {},
    projections: [
      { from: 'E', to: 'PV', receptor: 'AMPA', connector: random(0.3), weight_nS: 6, delay_ms: 0.4 },
      { from: 'E', to: 'E', receptor: 'AMPA', connector: random(0.2), weight_nS: 1, delay_ms: 0.9 },
      {
        from: 'TM',
        to: 'E',
        receptor: 'AMPA',
        connector: random(0.3),
        weight_nS: 8,
        delay_ms: { distribution: 'uniform', low: 0.35, high: 2 },
      },
      { from: 'PV', to: 'E', receptor: 'GABA', connector: random(0.4), weight_nS: 9, delay_ms: 0.3 },
      { from: 'squid', to: 'TM', receptor: 'AMPA', connector: random(0.5), weight_nS: 4, delay_ms: 1.3 },
      ...(hasSpikeSources
        ? [
            {
              from: 'source',
              to: 'E',
              receptor: 'AMPA',
              connector: random(0.5),
              weight_nS: 10,
              delay_ms: 2.4,
            },
          ]
        : []),
      ...ledgers,
    ],
    stimuli: [
      drive('E', 3_000, 8),
      drive('TM', 2_000, 30),
      step('squid', 12, QUIET_MS + 0.4, 20),
      {
        kind: 'ornstein-uhlenbeck-current',
        to: 'PV',
        mean_uA_cm2: 1,
        sd_uA_cm2: 2,
        tau_ms: 3,
        start_ms: QUIET_MS,
      },
      step('charged', CHARGED.amplitude_uA_cm2, CHARGED.startMs, CHARGED.stopMs),
      { kind: 'poisson', to: 'slowShower', ...SLOW_SHOWER },
      { kind: 'poisson', to: 'fastShower', ...FAST_SHOWER },
      { kind: 'ornstein-uhlenbeck-current', to: 'noisy', ...NOISE },
    ],
    geometry: { shape: 'given', positions_um: positions() },
    recording: {
      sampleRate_hz: 1000 / SAMPLE_MS,
      lfp: {
        populations: ['E', 'PV', 'clamped'],
        conductivity_S_m: CONDUCTIVITY_S_m,
        minimumDistance_um: MINIMUM_DISTANCE_um,
        electrodes: ELECTRODES_um.map(([x_um, y_um, z_um]) => ({ x_um, y_um, z_um })),
      },
      traces: [
        { population: 'E', neurons: [0, 69] },
        { population: 'PV', neurons: [5] },
        { population: 'TM', neurons: [1] },
        { population: 'squid', neurons: [0] },
        { population: 'clamped', neurons: [0, 1, 2, 3] },
        { population: 'charged', neurons: [0] },
      ],
    },
  };
  return buildNetwork(circuitSchema.parse(circuit));
}
