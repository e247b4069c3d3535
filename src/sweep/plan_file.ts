import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { fileError, InputError } from '../io/input_error.js';
import { type CircuitFile, resolveCircuit } from '../model/circuit_file.js';
import { CircuitError } from '../text/circuit_error.js';
import { contentHash } from './outcome_schema.js';
import type { SweepPlan } from './plan.js';
import { MAX_POINTS, planAnalysisSchema } from './sweep_schema.js';

const scalar = z.union([z.number(), z.string(), z.boolean()]);
const planSchema = z.strictObject({
  schema: z.literal('nce-sweep-plan/1'),
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/),
  circuit: z.record(z.string(), z.unknown()),
  analysis: planAnalysisSchema,
  parameters: z.array(z.string()),
  points: z
    .array(
      z.strictObject({
        index: z.int().min(0),
        values: z.record(z.string(), scalar),
        seed: z.int().min(0),
        set: z.record(z.string(), scalar),
        hash: contentHash,
      }),
    )
    .min(1)
    .max(MAX_POINTS)
    .refine((points) => points.every(({ index }, i) => index === i), { message: 'points are not in order' }),
});

/** Reads a plan.json. Throws InputError if it is not one. */
export async function readPlan(path: string): Promise<SweepPlan> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError('read', path, error);
  }
  try {
    const plan = planSchema.parse(JSON.parse(text));
    return { ...plan, circuit: resolveCircuit(plan.circuit as CircuitFile, { source: path }) };
  } catch (error) {
    if (error instanceof z.ZodError) {
      const [{ path: place, message }] = error.issues;
      throw new InputError(`${path} is not the plan of a sweep: ${place.join('.')} ${message}`, {
        cause: error,
      });
    }
    if (error instanceof SyntaxError)
      throw new InputError(`${path} is not JSON: ${error.message}`, { cause: error });
    if (error instanceof CircuitError) throw new InputError(error.message, { cause: error });
    throw error;
  }
}
