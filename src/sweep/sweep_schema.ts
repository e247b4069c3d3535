import * as z from 'zod';
import { count, quantity } from '../text/quantity.js';
import { seedsOf } from './seeds.js';

/**
 * A sweep: a circuit, parameters that set values of it, and how the points are chosen. The schema is the only
 * definition: sweep files, their errors and the types come from it.
 */

/** Largest number of points of a plan, seeds included. */
export const MAX_POINTS = 200_000;

const scalar = z.union([z.number(), z.string(), z.boolean()], {
  error: ({ input }) => `expected a number, text, true or false; got ${JSON.stringify(input)}`,
});
export type Scalar = z.infer<typeof scalar>;

const number = (description: string) => quantity('1', description);
const scale = z
  .enum(['linear', 'log'])
  .default('linear')
  .meta({ description: 'equal steps, or equal ratios' });
const range = { from: number('first value'), to: number('last value'), scale };
type Range = { from: number; to: number; scale: 'linear' | 'log' };
const isPositive = ({ from, to, scale: spacing }: Range) => spacing === 'linear' || (from > 0 && to > 0);
const POSITIVE = { message: 'a logarithmic range needs "from" and "to" above 0' };

const steppedRange = z
  .strictObject({ ...range, count: count('number of values, both ends included', 2, MAX_POINTS) })
  .refine(isPositive, POSITIVE);
const drawnRange = z
  .strictObject({
    ...range,
    integer: z.boolean().default(false).meta({ description: 'whether values are rounded to whole numbers' }),
  })
  .refine(isPositive, POSITIVE)
  .refine(({ from, to }) => from < to, { message: '"from" must be below "to"' });
export type SteppedRange = z.infer<typeof steppedRange>;
export type DrawnRange = z.infer<typeof drawnRange>;

const parameterName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/,
    'a name starts with a letter and has letters, digits, "_", "-" or "."',
  );
const path = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .meta({ description: 'what it sets in the circuit: simulation.dt_ms, projections.0.weight_nS, or a list' });

/** `values` are set as they are, `factors` multiply what the circuit has. */
function parameterSchema<T extends z.ZodType, F extends z.ZodType>(values: T, factors: F) {
  return z
    .strictObject({ path, values: values.optional(), factors: factors.optional() })
    .refine((given) => (given.values === undefined) !== (given.factors === undefined), {
      message: 'expected either "values" or "factors"',
    });
}
const listOf = (schema: z.ZodType<Scalar>) => z.array(schema).min(1).max(MAX_POINTS);
const numbers = z.array(number('a factor')).min(1).max(MAX_POINTS);
const steppedParameters = z.record(
  parameterName,
  parameterSchema(z.union([listOf(scalar), steppedRange]), z.union([numbers, steppedRange])),
);
const drawnParameters = z.record(
  parameterName,
  parameterSchema(z.union([listOf(scalar), drawnRange]), z.union([numbers, drawnRange])),
);
const drawn = {
  points: count('number of points', 1, MAX_POINTS),
  seed: count('seed of the choice of points', 0, 2 ** 32 - 1).default(1),
  parameters: drawnParameters,
};

const samplingSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('grid'), parameters: steppedParameters })
    .meta({ description: 'all combinations; the last parameter changes fastest' }),
  z
    .strictObject({ kind: z.literal('list'), parameters: steppedParameters })
    .meta({ description: 'the first values of all parameters, then the second values, ...' }),
  z.strictObject({ kind: z.literal('random'), ...drawn }).meta({ description: 'independent, uniform' }),
  z.strictObject({ kind: z.literal('latin-hypercube'), ...drawn }).meta({
    description:
      'every range is divided into as many equal parts as there are points, and each part is drawn from once',
  }),
]);
export type Sampling = z.infer<typeof samplingSchema>;

const seedList = z.string().transform((text, context) => {
  try {
    return seedsOf(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

const MAX_SEGMENT_MS = 1e6;
const MAX_NULL_GRAPHS = 1000;

/** The analysis of a plan, and of a task that came over the network. */
export const planAnalysisSchema = z.strictObject({
  segmentMs: z.number().positive().max(MAX_SEGMENT_MS),
  nullGraphs: z.int().min(0).max(MAX_NULL_GRAPHS),
});

export const sweepSchema = z.strictObject({
  $schema: z.string().optional().meta({ description: 'where editors find this JSON Schema' }),
  schema: z.literal('nce-sweep/1').default('nce-sweep/1'),
  name: parameterName,
  description: z.string().max(2000).optional(),
  circuit: z.string().min(1).meta({ description: 'preset, or circuit file relative to this one' }),
  set: z
    .record(z.string(), scalar)
    .default({})
    .meta({ description: 'values of the circuit that are the same at all points, by path' }),
  sampling: samplingSchema,
  seeds: z
    .union([seedList, z.array(count('a seed', 0, 2 ** 32 - 1)).min(1)])
    .optional()
    .meta({ description: "1..64 or a list: each point is run with each seed; default: the circuit's seed" }),
  analysis: z
    .strictObject({
      segment_ms: quantity('ms', 'segment of the spectra', { above: 0, max: MAX_SEGMENT_MS }).default(1000),
      nullGraphs: count('random graphs that connectivity is compared with', 0, MAX_NULL_GRAPHS).default(0),
    })
    .prefault({}),
});
export type Sweep = z.output<typeof sweepSchema>;

/** JSON Schema (draft 2020-12) of a sweep file. */
export function sweepJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(sweepSchema, { io: 'input' });
}
