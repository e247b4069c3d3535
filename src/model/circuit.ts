import * as z from 'zod';
import { type CellData, cellSchema, temperature } from '../mechanism/cell_schema.js';
import { DEFAULT_TEMPERATURE_C, type ReceptorSign } from '../mechanism/mechanism.js';
import { mechanismSchema } from '../mechanism/mechanism_schema.js';
import { CELL_INTEGRATORS, type CellIntegrator } from '../mechanism/step_tape.js';
import { count, quantity } from '../text/quantity.js';
import { distribution } from './distribution.js';
import { type SpikeSource, spikeSourceSchema } from './spike_source.js';

/**
 * A circuit: mechanisms, cell types, receptors, populations, projections, stimuli, geometry, recording and how to simulate it.
 * The schema is the only definition: circuit files, presets, the JSON Schema and the types come from it.
 */

const name = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/,
    'a name starts with a letter and has letters, digits, "_", "-" or "."',
  );

/** Largest number of neurons and spike sources: the target index has 28 bits of a synapse word. */
export const MAX_NEURONS = 2 ** 28;
/** Largest number of receptors: the receptor index has 4 bits of a synapse word. */
export const MAX_RECEPTORS = 16;
/** Longest delay in steps: the delay has 14 bits of a synapse word. */
export const MAX_DELAY_STEPS = 2 ** 14 - 1;

export const INTEGRATORS = CELL_INTEGRATORS;
export type Integrator = CellIntegrator;

const startStop = {
  start_ms: quantity('ms', 'when the stimulus starts', { min: 0 }).default(0),
  stop_ms: quantity('ms', 'when the stimulus stops; without it, never', { above: 0 }).optional(),
};
const current = (what: string) => quantity('uA/cm2', what, { min: -10_000, max: 10_000 });

const reversalPotential = quantity('mV', 'reversal potential', { min: -200, max: 200 });
const receptorSign = z
  .enum(['excitatory', 'inhibitory'])
  .meta({ description: 'whether its current counts as excitation or as inhibition in the E/I balance' });

/** A conductance that jumps by the weight and decays as a single exponential. */
export interface ExponentialReceptor {
  tau_ms: number;
  reversal_mV: number;
  sign: ReceptorSign;
}

/** A receptor whose kinetics are a mechanism, with values of its parameters: a number under every other key. */
export interface KineticReceptor {
  mechanism: string;
  reversal_mV: number;
  sign: ReceptorSign;
  [parameter: string]: string | number;
}
export type Receptor = ExponentialReceptor | KineticReceptor;

/** As files may write it: what the mechanism says may be left out. */
type ReceptorInput =
  | ExponentialReceptor
  | {
      mechanism: string;
      reversal_mV?: number;
      sign?: ReceptorSign;
      [parameter: string]: string | number | undefined;
    };

const receptorSchema = z.union([
  z.strictObject({
    tau_ms: quantity('ms', 'decay time constant of the conductance', { above: 0, max: 10_000 }),
    reversal_mV: reversalPotential,
    sign: receptorSign,
  }),
  z
    .object({
      mechanism: z.string().meta({ description: 'a mechanism that is a receptor, such as nmda' }),
      reversal_mV: reversalPotential.optional(),
      sign: receptorSign.optional(),
    })
    .catchall(z.number({ error: (issue) => `expected a number; got ${JSON.stringify(issue.input)}` })),
]) as unknown as z.ZodType<Receptor, ReceptorInput>;

export const isKinetic = (receptor: Receptor): receptor is KineticReceptor => 'mechanism' in receptor;

const initialSchema = z.strictObject({
  V_mV: z
    .union(
      [
        z.literal('rest'),
        distribution('mV', 'membrane potential at the start', { min: -200, max: 200 }).meta({}),
      ],
      {
        error: ({ input }) =>
          `expected "rest", a number in mV, at least -200, at most 200, a distribution or a list; got ${JSON.stringify(input)}`,
      },
    )
    .default('rest'),
  gates: z
    .enum(['steady-state', 'closed'])
    .default('steady-state')
    .meta({ description: 'states of the cell at the start: at their steady state for V, or all 0' }),
  conductance_nS: z
    .record(name, distribution('nS', 'conductance at the start', {}))
    .default({})
    .meta({ description: 'conductance at the start, by receptor; others 0' }),
});

const populationSchema = z.strictObject({
  cell: name.meta({ description: 'a cell type of this circuit or of the library' }),
  neurons: count('number of neurons', 1, MAX_NEURONS),
  initial: initialSchema.default({ V_mV: 'rest', gates: 'steady-state', conductance_nS: {} }),
  vary: z
    .record(z.string(), distribution('1', 'value of each neuron', {}))
    .default({})
    .meta({
      description:
        'values of the cell that differ between neurons, by path within it: membrane.LABEL.PARAMETER, C_uF_cm2, ions.ION.E_mV',
    }),
});

const autapses = z.boolean().default(false).meta({ description: 'whether a neuron may connect to itself' });
const multapses = z
  .boolean()
  .default(false)
  .meta({ description: 'whether a pair of neurons may have several synapses' });
const probability = quantity('1', 'connection probability', { min: 0, max: 1 });

const connectorSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed-probability'), probability, autapses }),
  z.strictObject({
    kind: z.literal('fixed-in-degree'),
    inDegree: count('synapses onto each target neuron', 0, MAX_NEURONS),
    autapses,
    multapses,
  }),
  z.strictObject({
    kind: z.literal('fixed-total'),
    synapses: count('synapses of the projection', 0, 2 ** 32 - 1),
    autapses,
    multapses,
  }),
  z.strictObject({
    kind: z.literal('distance-dependent'),
    probability: probability.meta({ description: 'connection probability at distance 0' }),
    profile: z.enum(['exponential', 'gaussian']),
    scale_um: quantity('um', 'exp(-d/scale) or exp(-d^2/(2 scale^2))', { above: 0 }),
    autapses,
  }),
  z.strictObject({
    kind: z.literal('list'),
    pairs: z
      .array(
        z.tuple([
          count('source within its population', 0, MAX_NEURONS),
          count('target within its population', 0, MAX_NEURONS),
        ]),
      )
      .meta({ description: '[source, target] pairs, numbered from 0 within their populations' }),
  }),
]);

const projectionSchema = z.strictObject({
  from: name.meta({ description: 'a population or a spike source' }),
  to: name.meta({ description: 'a population' }),
  receptor: name,
  connector: connectorSchema,
  weight_nS: distribution('nS', 'synaptic weight', { min: 0, max: 1e6 }),
  delay_ms: distribution('ms', 'synaptic delay', { min: 0, max: 100 }),
});

const stimulusSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('constant-current'),
    to: name,
    amplitude_uA_cm2: current('current density'),
  }),
  z.strictObject({
    kind: z.literal('step-current'),
    to: name,
    amplitude_uA_cm2: current('current density'),
    ...startStop,
  }),
  z.strictObject({
    kind: z.literal('poisson'),
    to: name,
    receptor: name,
    rate_hz: quantity('Hz', 'rate of the Poisson input onto each neuron', { min: 0, max: 1e6 }),
    weight_nS: quantity('nS', 'conductance added by each event', { min: 0, max: 1e6 }),
    ...startStop,
  }),
  z.strictObject({
    kind: z.literal('ornstein-uhlenbeck-current'),
    to: name,
    mean_uA_cm2: current('mean current density'),
    sd_uA_cm2: quantity('uA/cm2', 'stationary standard deviation', { min: 0, max: 10_000 }),
    tau_ms: quantity('ms', 'correlation time', { above: 0, max: 100_000 }),
    ...startStop,
  }),
]);

const coordinate = (axis: string) => quantity('um', `${axis} position`, { min: -1e6, max: 1e6 });

const geometrySchema = z.discriminatedUnion('shape', [
  z.strictObject({
    shape: z.literal('cylinder'),
    radius_um: quantity('um', 'radius about the z axis', { above: 0, max: 1e6 }),
    height_um: quantity('um', 'height, centred on z = 0', { above: 0, max: 1e6 }),
  }),
  z.strictObject({
    shape: z.literal('box'),
    x_um: quantity('um', 'width, centred on 0', { above: 0, max: 1e6 }),
    y_um: quantity('um', 'depth, centred on 0', { above: 0, max: 1e6 }),
    z_um: quantity('um', 'height, centred on 0', { above: 0, max: 1e6 }),
  }),
  z.strictObject({
    shape: z.literal('given'),
    positions_um: z
      .array(z.tuple([coordinate('x'), coordinate('y'), coordinate('z')]))
      .meta({ description: '[x, y, z] of every neuron, population by population [um]' }),
  }),
]);

const recordingSchema = z.strictObject({
  sampleRate_hz: quantity('Hz', 'rate of the LFP and of the currents', { above: 0, max: 100_000 }).default(
    1000,
  ),
  lfp: z
    .strictObject({
      populations: z
        .array(name)
        .meta({ description: 'populations whose synaptic currents contribute to the LFP' }),
      conductivity_S_m: quantity('S/m', 'extracellular conductivity', { above: 0, max: 100 }).default(0.3),
      minimumDistance_um: quantity('um', 'smaller distances are set to this value', {
        above: 0,
        max: 1e4,
      }).default(10),
      electrodes: z
        .array(z.strictObject({ x_um: coordinate('x'), y_um: coordinate('y'), z_um: coordinate('z') }))
        .min(1)
        .max(16),
    })
    .optional(),
  traces: z
    .array(
      z.strictObject({
        population: name,
        neurons: z
          .array(count('neuron within its population', 0, MAX_NEURONS))
          .min(1)
          .max(1024),
        variables: z.array(z.string()).max(64).optional().meta({
          description:
            'what is recorded besides V and the conductances, such as na.m, t.I or ca.Ca_in; without it every state of the cell',
        }),
      }),
    )
    .default([])
    .meta({ description: 'neurons that are recorded at the sample rate' }),
});

const simulationSchema = z.strictObject({
  duration_ms: quantity('ms', 'simulated time', { above: 0, max: 1e9 }).default(5500),
  transient_ms: quantity('ms', 'initial time that the analysis discards', { min: 0 }).default(500),
  dt_ms: quantity('ms', 'time step', { above: 0, max: 1 }).default(0.025),
  seed: count('seed of every random number', 0, 2 ** 32 - 1).default(42),
  integrator: z.enum(INTEGRATORS).default('exponential-euler'),
  temperature_C: temperature.default(DEFAULT_TEMPERATURE_C),
});

/** A circuit as it is simulated: with all defaults filled in and all cell types complete. */
export const circuitSchema = z.strictObject({
  schema: z.literal('nce-circuit/2').default('nce-circuit/2'),
  name,
  description: z.string().max(2000).optional(),
  simulation: simulationSchema.prefault({}),
  mechanisms: z
    .record(name, mechanismSchema)
    .default({})
    .meta({ description: 'mechanisms of its own, beside those of the library' }),
  cellTypes: z.record(name, cellSchema).default({}),
  receptors: z.record(name, receptorSchema).default({}),
  populations: z.record(name, populationSchema),
  spikeSources: z
    .record(name, spikeSourceSchema)
    .default({})
    .meta({ description: 'given spike trains that drive neurons through projections' }),
  projections: z.array(projectionSchema).default([]),
  stimuli: z.array(stimulusSchema).default([]),
  geometry: geometrySchema.default({ shape: 'cylinder', radius_um: 100, height_um: 160 }),
  recording: recordingSchema.prefault({}),
});

export type Circuit = z.infer<typeof circuitSchema>;
export type Population = z.infer<typeof populationSchema>;
export type Projection = z.infer<typeof projectionSchema>;
export type Connector = z.infer<typeof connectorSchema>;
export type Stimulus = z.infer<typeof stimulusSchema>;
export type Geometry = z.infer<typeof geometrySchema>;
export type CellType = CellData;
export type { SpikeSource };

/** Number of neurons or spike sources with a name; undefined if there is no such name. */
export function senderCount({ populations, spikeSources }: Circuit, name: string): number | undefined {
  return Object.hasOwn(spikeSources, name)
    ? spikeSources[name].trains_ms.length
    : Object.hasOwn(populations, name)
      ? populations[name].neurons
      : undefined;
}

/**
 * Whether a population excites or inhibits its targets: the sign of all receptors of its projections; null without
 * projections or with both signs.
 */
export function populationSign(circuit: Circuit, population: string): 'excitatory' | 'inhibitory' | null {
  const signs = new Set(
    circuit.projections.filter((p) => p.from === population).map((p) => circuit.receptors[p.receptor].sign),
  );
  return signs.size === 1 ? [...signs][0] : null;
}
