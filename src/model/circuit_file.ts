import * as z from 'zod';
import { CircuitError, type CircuitIssue, type CircuitPath } from '../text/circuit_error.js';
import { type CircuitProblem, describeProblems, messageOf } from '../text/circuit_problems.js';
import { type CircuitText, parseCircuitText } from '../text/circuit_text.js';
import { didYouMean } from '../text/suggestion.js';
import { CELL_LIBRARY, cellTypeSchema } from './cell_type.js';
import { type Circuit, circuitSchema } from './circuit.js';
import { checkCircuit } from './circuit_checks.js';
import { type AppliedOverride, applyOverrides, type CircuitOverride } from './circuit_overrides.js';
import { type SourceSpikes, spikeFileSchema, spikeSourceSchema, trainsOfSpikes } from './spike_source.js';

type LibraryCell = keyof typeof CELL_LIBRARY;
const libraryCell = z.enum(Object.keys(CELL_LIBRARY) as [LibraryCell]);
/** A cell of the library with some values changed. */
const derivedCellTypeSchema = cellTypeSchema
  .partial()
  .extend({ base: libraryCell.meta({ description: 'library cell that supplies the values left out' }) });

/**
 * A circuit as written in a file: a {@link circuitSchema} whose cell types may be based on the library's, and whose
 * spike sources may name files.
 */
export const circuitFileSchema = circuitSchema.extend({
  $schema: z
    .string()
    .optional()
    .meta({ description: 'where editors find this JSON Schema; not part of the circuit' }),
  cellTypes: z.record(z.string(), z.union([cellTypeSchema, derivedCellTypeSchema])).default({}),
  spikeSources: z
    .record(z.string(), z.union([spikeSourceSchema, spikeFileSchema]))
    .default({})
    .meta({ description: 'given spike trains that drive neurons through projections' }),
});
export type CircuitFile = z.input<typeof circuitFileSchema>;

export interface ResolveOptions {
  /** Names the text in errors, usually its file. */
  readonly source?: string;
  /** Values set on top, in this order; see {@link parseOverride}. */
  readonly overrides?: readonly CircuitOverride[];
  /** Contents of the spike files that the circuit names, by their paths as written. */
  readonly spikeFiles?: ReadonlyMap<string, SourceSpikes>;
}

/** JSON Schema (draft 2020-12) of a circuit file. */
export function circuitJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(circuitFileSchema, { io: 'input' });
}

/**
 * The circuit that a YAML or JSON text, or an object of the same shape, describes: checked, with all defaults filled
 * in and all used cell types complete under `cellTypes`. The input is not changed. Throws CircuitError.
 */
export function resolveCircuit(input: CircuitFile | string, options: ResolveOptions = {}): Circuit {
  const source = options.source ?? null;
  const text = typeof input === 'string' ? parseCircuitText(input, source) : null;
  const data = structuredClone(text ? text.data : input);
  if (typeof data !== 'object' || data === null) {
    const message = `expected a circuit, an object or its text; got ${JSON.stringify(data)}`;
    throw new CircuitError([{ path: '', source, line: null, column: null, message }]);
  }
  if ('$schema' in data) delete data.$schema;
  const overrides = applyOverrides(data, options.overrides ?? []);
  const located = (problems: readonly CircuitProblem[]) =>
    new CircuitError(sortByPlace(problems.map((problem) => locate(problem, source, text, overrides))));

  const baseProblems = [...spellOutBases(data), ...spellOutSpikeFiles(data, options.spikeFiles)];
  const parsed = circuitSchema.safeParse(data, { error: messageOf });
  const shapeProblems = parsed.success
    ? []
    : describeProblems(parsed.error.issues, data, circuitJsonSchema());
  if (!parsed.success || baseProblems.length > 0) throw located([...baseProblems, ...shapeProblems]);
  const circuit = parsed.data;
  for (const { cell } of Object.values(circuit.populations))
    if (!Object.hasOwn(circuit.cellTypes, cell) && Object.hasOwn(CELL_LIBRARY, cell))
      circuit.cellTypes[cell] = { ...CELL_LIBRARY[cell as LibraryCell] };
  const problems = checkCircuit(circuit);
  if (problems.length > 0) throw located(problems);
  return circuit;
}

/**
 * Replaces `base: NAME` in every cell type by the library's values under those written out. A base that does not
 * exist is a problem; another base then replaces it, so that the given values are still checked.
 */
function spellOutBases(data: unknown): CircuitProblem[] {
  const cellTypes = (data as { cellTypes?: unknown }).cellTypes;
  if (typeof cellTypes !== 'object' || cellTypes === null) return [];
  const problems: CircuitProblem[] = [];
  for (const [name, entry] of Object.entries(cellTypes)) {
    if (typeof entry !== 'object' || entry === null || !Object.hasOwn(entry, 'base')) continue;
    const { base, ...values } = entry;
    const known = Object.keys(CELL_LIBRARY);
    const isKnown = known.includes(base as string);
    if (!isKnown) {
      const suggestion = didYouMean(String(base), known);
      const message = `no cell of the library is called ${JSON.stringify(base)}${suggestion}`;
      problems.push({ path: ['cellTypes', name, 'base'], message });
    }
    const cell = CELL_LIBRARY[isKnown ? (base as LibraryCell) : 'pyramidal-rs'];
    Object.assign(cellTypes, { [name]: { ...cell, ...values } });
  }
  return problems;
}

/** The paths of the files of spikes that a circuit names; the circuit need not be valid. */
export function spikeFilesOf(data: unknown): string[] {
  return fileSources(data).flatMap(({ entry: { file } }) => (typeof file === 'string' ? [file] : []));
}

function fileSources(data: unknown): { name: string; entry: { file?: unknown } }[] {
  const sources = (data as { spikeSources?: unknown } | null)?.spikeSources;
  if (typeof sources !== 'object' || sources === null) return [];
  return Object.entries(sources).flatMap(([name, entry]) =>
    typeof entry === 'object' && entry !== null && Object.hasOwn(entry, 'file') ? [{ name, entry }] : [],
  );
}

/** Replaces `file: PATH` in every spike source by the trains that the file holds. */
function spellOutSpikeFiles(
  data: unknown,
  files: ReadonlyMap<string, SourceSpikes> = new Map(),
): CircuitProblem[] {
  return fileSources(data).flatMap(({ name, entry }): CircuitProblem[] => {
    const path = ['spikeSources', name];
    const place = (trains_ms: number[][]) =>
      Object.assign((data as { spikeSources: object }).spikeSources, { [name]: { trains_ms } });
    const parsed = spikeFileSchema.safeParse(entry, { error: messageOf });
    // A silent source replaces it, so that nothing is reported twice.
    place([[]]);
    if (!parsed.success)
      return describeProblems(parsed.error.issues, entry, z.toJSONSchema(spikeFileSchema)).map((problem) => ({
        ...problem,
        path: [...path, ...problem.path],
      }));
    const { file, sources } = parsed.data;
    const spikes = files.get(file);
    if (!spikes) return [{ path: [...path, 'file'], message: `the spikes of "${file}" were not read` }];
    try {
      place(trainsOfSpikes(spikes, sources));
      return [];
    } catch (error) {
      return [{ path: [...path, 'sources'], message: `${file} has ${(error as Error).message}` }];
    }
  });
}

function locate(
  problem: CircuitProblem,
  source: string | null,
  text: CircuitText | null,
  overrides: readonly AppliedOverride[],
): CircuitIssue {
  const path = problem.path.join('.');
  const override = [...overrides].reverse().find((set) => isWithin(problem.path, set.path));
  if (override) return { path, source: override.source, line: null, column: null, message: problem.message };
  const position = text?.position(problem.path, problem.of ?? 'value');
  return {
    path,
    source,
    line: position?.line ?? null,
    column: position?.column ?? null,
    message: problem.message,
  };
}

const isWithin = (path: CircuitPath, container: CircuitPath): boolean =>
  container.every((segment, i) => String(path[i]) === String(segment));

const sortByPlace = (issues: CircuitIssue[]): CircuitIssue[] =>
  issues.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
