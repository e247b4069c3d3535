import { createHash } from 'node:crypto';
import { canonicalJson, circuitHash } from '../io/circuit_hash.js';
import { InputError } from '../io/input_error.js';
import type { Circuit } from '../model/circuit.js';
import { type CircuitFile, resolveCircuit } from '../model/circuit_file.js';
import { type CircuitOverride, valueAtPath } from '../model/circuit_overrides.js';
import { CircuitError } from '../text/circuit_error.js';
import { type Choice, choiceCount, choicesOf } from './sampling.js';
import type { SweepFile } from './sweep_file.js';
import { MAX_POINTS, type Scalar } from './sweep_schema.js';

/** What is analysed beyond the defaults; part of a configuration. */
export interface SweepAnalysis {
  readonly segmentMs: number;
  readonly nullGraphs: number;
}

/** One configuration of a plan. */
export interface SweepPoint {
  /** From 0. */
  readonly index: number;
  /** Value or factor by parameter. */
  readonly values: Readonly<Record<string, Scalar>>;
  readonly seed: number;
  /** What it sets in the plan's circuit, by path. */
  readonly set: Readonly<Record<string, Scalar>>;
  /** SHA-256 of the whole configuration: points with the same configuration share it, and their result. */
  readonly hash: string;
}

/** plan.json: everything that the points need, so that any machine can simulate any of them. */
export interface SweepPlan {
  readonly schema: 'nce-sweep-plan/1';
  readonly name: string;
  readonly circuit: Circuit;
  readonly analysis: SweepAnalysis;
  /** Names, in the order of the sweep file. */
  readonly parameters: readonly string[];
  readonly points: readonly SweepPoint[];
}

/** The configuration of one point. */
export interface Configuration {
  readonly circuit: Circuit;
  readonly analysis: SweepAnalysis;
}

/** Columns of the table beside the parameters. */
export const RESERVED_NAMES = ['index', 'seed', 'hash', 'status', 'reason'] as const;

/**
 * Makes the plan of a sweep over `circuit`, which is the sweep's circuit with its `set` applied. Every point is
 * checked; throws InputError at the first that is not a valid circuit, with its place in the sweep file.
 */
export function planSweep({ sweep, place }: SweepFile, circuit: Circuit): SweepPlan {
  const { sampling, name } = sweep;
  const seeds = sweep.seeds ?? [circuit.simulation.seed];
  const at = (path: readonly (string | number)[], message: string) =>
    new InputError(`${place(path)} ${path.join('.')}: ${message}`);
  const total = choiceCount(sampling) * seeds.length;
  if (total > MAX_POINTS)
    throw at(['sampling'], `the sweep has ${total} points; expected at most ${MAX_POINTS}`);
  const parameters = Object.keys(sampling.parameters);
  for (const parameter of parameters)
    if ((RESERVED_NAMES as readonly string[]).includes(parameter))
      throw at(['sampling', 'parameters', parameter], 'a column of the table has this name; choose another');

  let choices: Choice[];
  try {
    choices = choicesOf(sampling);
  } catch (error) {
    throw at(['sampling', 'parameters'], (error as Error).message);
  }
  const { segment_ms: segmentMs, nullGraphs } = sweep.analysis;
  const analysis = { segmentMs, nullGraphs };
  const settings = parameters.map((parameter) => {
    const { path, factors } = sampling.parameters[parameter];
    const paths = typeof path === 'string' ? [path] : path;
    const bases = paths.map((base) => (factors === undefined ? null : factorBase(base)));
    const where = place(['sampling', 'parameters', parameter]);
    return (value: Scalar): CircuitOverride[] =>
      paths.map((target, i) => {
        const base = bases[i];
        const set = base === null ? value : base * (value as number);
        return { path: target, value: set, source: `${where} ${parameter} = ${value}:` };
      });

    function factorBase(base: string): number {
      const value = valueAtPath(circuit, base);
      if (typeof value === 'number') return value;
      throw at(
        ['sampling', 'parameters', parameter, 'path'],
        `"factors" multiply a number of the circuit; ${base} is ${JSON.stringify(value) ?? 'not there'}`,
      );
    }
  });

  const points = choices.flatMap((choice, c) => {
    const overrides = choice.flatMap((value, p) => settings[p](value));
    return seeds.map((seed, s): SweepPoint => {
      const seeded: CircuitOverride[] =
        sweep.seeds === undefined
          ? overrides
          : [...overrides, { path: 'simulation.seed', value: seed, source: place(['seeds']) }];
      const resolved = resolvePoint(circuit, seeded, () => {
        const values = parameters.map((parameter, p) => `${parameter} = ${choice[p]}`);
        return `${place(['sampling'])} at the point ${values.join(', ')}`;
      });
      return {
        index: c * seeds.length + s,
        values: Object.fromEntries(parameters.map((parameter, p) => [parameter, choice[p]])),
        seed: resolved.simulation.seed,
        set: Object.fromEntries(seeded.map(({ path, value }) => [path, value as Scalar])),
        hash: configurationHash({ circuit: resolved, analysis }),
      };
    });
  });
  return { schema: 'nce-sweep-plan/1', name, circuit, analysis, parameters, points };
}

/** As resolveCircuit; errors also say which point it is. */
function resolvePoint(circuit: Circuit, overrides: readonly CircuitOverride[], point: () => string): Circuit {
  try {
    return resolveCircuit(circuit as CircuitFile, { overrides });
  } catch (error) {
    if (error instanceof CircuitError)
      throw new InputError(`${point()}:\n${error.message}`, { cause: error });
    throw error;
  }
}

/** The content address of a configuration's result. */
export function configurationHash({ circuit, analysis }: Configuration): string {
  return createHash('sha256')
    .update(canonicalJson({ circuit: circuitHash(circuit), analysis }))
    .digest('hex');
}

/** The name of a plan: the same for equal plans. */
export function planHash({ name, analysis, points }: SweepPlan): string {
  const hashes = points.map(({ hash, values }) => ({ hash, values }));
  return createHash('sha256').update(canonicalJson({ name, analysis, hashes })).digest('hex');
}

/** The configuration of a point. Throws InputError if it is not the one that was planned. */
export function configurationOf(plan: SweepPlan, point: SweepPoint): Configuration {
  const overrides = Object.entries(point.set).map(([path, value]) => ({
    path,
    value,
    source: `point ${point.index}:`,
  }));
  const circuit = resolveCircuit(plan.circuit as CircuitFile, { overrides });
  const configuration = { circuit, analysis: plan.analysis };
  if (configurationHash(configuration) !== point.hash)
    throw new InputError(
      `point ${point.index} of the plan no longer gives the planned configuration: the plan was edited, or made by another version; plan the sweep again`,
    );
  return configuration;
}
