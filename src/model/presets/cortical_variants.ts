import type { CircuitInput } from '../circuit.js';
import { CORTICAL_GAMMA } from './cortical_gamma.js';

/** The cortical circuit without its inhibitory projections: nothing limits the excitatory loop. */
export const RUNAWAY: CircuitInput = {
  ...CORTICAL_GAMMA,
  name: 'runaway',
  description: 'the cortical circuit without inhibition: all cells fire as fast as they can',
  simulation: { ...CORTICAL_GAMMA.simulation, duration_ms: 2500 },
  projections: (CORTICAL_GAMMA.projections ?? []).filter(({ from }) => from === 'E'),
};

/** When VIP cells are turned on, ms. */
const VIP_ON_ms = 3000;

/**
 * Disinhibition: VIP cells inhibit SST cells, which release pyramidal cells (Pi et al. 2013, Nature 503:521; Pfeffer et
 * al. 2013, Nat Neurosci 16:1068). More background than in cortical-gamma keeps SST cells active until VIP cells are
 * driven by a current.
 */
export const VIP_DISINHIBITION: CircuitInput = {
  ...CORTICAL_GAMMA,
  name: 'vip-disinhibition',
  description:
    'the cortical circuit with active SST cells; from 3 s on VIP cells silence them and free E cells',
  simulation: { ...CORTICAL_GAMMA.simulation, duration_ms: 6000 },
  stimuli: [
    ...(CORTICAL_GAMMA.stimuli ?? []).map((stimulus) =>
      stimulus.kind === 'poisson' && stimulus.to === 'SST' ? { ...stimulus, rate_hz: 600 } : stimulus,
    ),
    { kind: 'step-current', to: 'VIP', amplitude_uA_cm2: 2, start_ms: VIP_ON_ms },
  ],
};

/**
 * The cortical circuit with `scale` times the neurons in `scale` times the volume; every neuron keeps its number of
 * inputs, so rates and rhythm stay those of the small circuit.
 */
export function scaledCorticalGamma(scale: number, name: string): CircuitInput {
  const { geometry, populations, projections = [] } = CORTICAL_GAMMA;
  if (geometry?.shape !== 'cylinder') throw new Error('the cortical circuit is a cylinder');
  const length = Math.cbrt(scale);
  return {
    ...CORTICAL_GAMMA,
    name,
    description: `the cortical gamma circuit with ${500 * scale} neurons`,
    simulation: { ...CORTICAL_GAMMA.simulation, duration_ms: 1500 },
    populations: Object.fromEntries(
      Object.entries(populations).map(([type, population]) => [
        type,
        { ...population, neurons: scale * population.neurons },
      ]),
    ),
    projections: projections.map((projection) =>
      projection.connector.kind === 'fixed-probability'
        ? {
            ...projection,
            connector: {
              ...projection.connector,
              probability: projection.connector.probability / scale,
            },
          }
        : projection,
    ),
    geometry: {
      shape: 'cylinder',
      radius_um: length * geometry.radius_um,
      height_um: length * geometry.height_um,
    },
  };
}
