import * as z from 'zod';
import type { Circuit } from '../model/circuit.js';
import { isPrintable, readable } from '../text/printable.js';
import type { SweepTask } from './executor.js';
import type { SweepOutcome, SweepResult } from './result.js';

/**
 * What may be stored as an outcome. Outcomes come from child processes, from workers on other machines and from
 * files: all are checked here, by kind, size and name, before they are used.
 */

/** Names a configuration, and the file of its outcome. */
export const contentHash = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

const LONGEST_NAME = 200;
/** Deepest nesting of results.json: the triads of populations have 5 levels. */
const MOST_LEVELS = 10;
/** Most numbers and texts of results.json. */
const MOST_VALUES = 1_000_000;

const name = z.string().max(LONGEST_NAME).refine(isPrintable, 'has control characters');
const text = z.string().refine((given) => readable(given) === given, 'has control characters or is too long');
const time = z.iso.datetime();
const numberOrNull = z.number().nullable();
const whole = z.int().min(0);

/** Why a document is not a tree of numbers, short texts and names with a few levels; null if it is. */
function treeProblem(document: unknown): string | null {
  let values = 0;
  const visit = (value: unknown, level: number): string | null => {
    if (++values > MOST_VALUES) return `has more than ${MOST_VALUES} values`;
    if (level > MOST_LEVELS) return `has more than ${MOST_LEVELS} levels`;
    if (value === null || typeof value === 'boolean') return null;
    if (typeof value === 'number') return Number.isFinite(value) ? null : 'has a number that is not finite';
    if (typeof value === 'string')
      return readable(value) === value ? null : 'has a text that cannot be shown';
    if (typeof value !== 'object') return `has a ${typeof value}`;
    for (const [key, part] of Object.entries(value)) {
      if (key.length > LONGEST_NAME || !isPrintable(key)) return 'has a name that cannot be shown';
      const problem = visit(part, level + 1);
      if (problem !== null) return problem;
    }
    return null;
  };
  return visit(document, 0);
}

const resultsSchema = z
  .looseObject({
    schema: z.literal('nce-results/1'),
    circuit: z.looseObject({ neurons: whole, populations: z.record(name, whole) }),
    window: z.looseObject({ startMs: z.number(), stopMs: z.number() }),
    firing: z.looseObject({
      meanRateHz: numberOrNull,
      populations: z.record(name, z.looseObject({ rateHz: numberOrNull })),
    }),
    oscillation: z.looseObject({ peakHz: numberOrNull, peakBand: name.nullable() }),
    balance: z.looseObject({ eiRatio: numberOrNull }),
  })
  .superRefine((results, context) => {
    const problem = treeProblem(results);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

export const resultSchema = z.strictObject({
  schema: z.literal('nce-sweep-result/1'),
  hash: contentHash,
  startedAt: time,
  finishedAt: time,
  versions: z.strictObject({ nce: name, node: name, webgpu: name, platform: name }),
  engine: text,
  spikes: whole,
  results: resultsSchema,
});

export const failureSchema = z.strictObject({
  schema: z.literal('nce-sweep-failure/1'),
  hash: contentHash,
  failedAt: time,
  message: text,
  isPermanent: z.boolean(),
});

const answerSchemas = {
  result: z.strictObject({ result: resultSchema }),
  failure: z.strictObject({ failure: failureSchema }),
};

/**
 * The outcome that `answer` is, where it is one of the configuration with the given hash; else what is wrong with it.
 * Whether its numbers are correct cannot be checked, but they belong to this circuit's populations and can be stored
 * and drawn.
 */
export function outcomeOfAnswer(
  answer: unknown,
  { hash, configuration }: SweepTask,
): { readonly outcome: SweepOutcome } | { readonly problem: string } {
  const isFailure = typeof answer === 'object' && answer !== null && 'failure' in answer;
  const parsed = answerSchemas[isFailure ? 'failure' : 'result'].safeParse(answer);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    return { problem: [path.join('.'), message].filter((part) => part !== '').join(' ') };
  }
  const outcome = parsed.data as SweepOutcome;
  const document = 'failure' in outcome ? outcome.failure : outcome.result;
  if (document.hash !== hash) return { problem: 'its hash is that of another configuration' };
  if ('result' in outcome && !isOfCircuit(outcome.result, configuration.circuit))
    return { problem: 'its populations are not those of the circuit' };
  return { outcome };
}

function isOfCircuit({ results }: SweepResult, { populations }: Circuit): boolean {
  const { circuit, firing } = results;
  const wanted = Object.entries(populations);
  return (
    [circuit.populations, firing.populations].every((given) => Object.keys(given).length === wanted.length) &&
    wanted.every(([name, { neurons }]) => circuit.populations[name] === neurons && name in firing.populations)
  );
}
