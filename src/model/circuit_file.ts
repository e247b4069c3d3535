import * as z from 'zod';
import { cellSchema, type MembraneEntry } from '../mechanism/cell_schema.js';
import { LIBRARY_CELLS, libraryCellData } from '../mechanism/library.js';
import type { MechanismFileData } from '../mechanism/mechanism_file.js';
import { CircuitError, type CircuitIssue, type CircuitPath } from '../text/circuit_error.js';
import { type CircuitProblem, describeProblems, messageOf } from '../text/circuit_problems.js';
import { parseCircuitText } from '../text/circuit_text.js';
import { issueWithoutPlace, Locator, sortedByPlace } from '../text/locate.js';
import { didYouMean } from '../text/suggestion.js';
import { checkStep } from './check_step.js';
import { type Circuit, circuitSchema } from './circuit.js';
import { buildCircuitCells } from './circuit_cells.js';
import { checkCircuit } from './circuit_checks.js';
import { type AppliedOverride, applyOverrides, type CircuitOverride } from './circuit_overrides.js';
import { refuseSchema1 } from './schema_1.js';
import { type SourceSpikes, spikeFileSchema, spikeSourceSchema, trainsOfSpikes } from './spike_source.js';

/** A cell of the library, or of an imported file, with some values changed. */
const derivedCellSchema = z.strictObject({
  ...cellSchema.omit({ membrane: true }).partial().shape,
  base: z.string().meta({
    description: 'cell of the library, of this circuit or of an imported file that supplies what is left out',
    examples: [...LIBRARY_CELLS],
  }),
  membrane: z
    .record(
      z.string(),
      z.object({ mechanism: z.string().optional() }).catchall(z.number()) as unknown as z.ZodType<
        Partial<MembraneEntry>,
        Partial<MembraneEntry>
      >,
    )
    .optional()
    .meta({
      description: 'values of the mechanisms of the base that are changed, and mechanisms that are added',
    }),
});

/**
 * A circuit as written in a file: a {@link circuitSchema} that may import files of mechanisms,
 * whose cell types may be based on others, and whose spike sources may name files.
 */
export const circuitFileSchema = circuitSchema.extend({
  $schema: z
    .string()
    .optional()
    .meta({ description: 'where editors find this JSON Schema; not part of the circuit' }),
  import: z.array(z.string()).max(200).optional().meta({
    description:
      'files of mechanisms and cells, relative to this one: YAML, NMODL (.mod) or NeuroML 2 (.nml)',
  }),
  cellTypes: z.record(z.string(), z.union([cellSchema, derivedCellSchema])).default({}),
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
  /** Contents of the files that the circuit imports, by their paths as written. */
  readonly imports?: ReadonlyMap<string, MechanismFileData>;
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
  const locator = text && new Locator(input as string, source, text);
  const data = structuredClone(text ? text.data : input);
  if (typeof data !== 'object' || data === null) {
    const message = `expected a circuit, an object or its text; got ${JSON.stringify(data)}`;
    throw new CircuitError([{ path: '', source, line: null, column: null, message }]);
  }
  if ('$schema' in data) delete data.$schema;
  const overrides = applyOverrides(data, options.overrides ?? []);
  const located = (problems: readonly CircuitProblem[]) =>
    new CircuitError(sortedByPlace(problems.map((problem) => locate(problem, source, locator, overrides))));

  const ofSchema1 = refuseSchema1(data);
  if (ofSchema1.length > 0) throw located(ofSchema1);
  const imported = spellOutImports(data, options.imports);
  const problems = [
    ...imported.problems,
    ...spellOutBases(data),
    ...spellOutSpikeFiles(data, options.spikeFiles),
  ];
  const parsed = circuitSchema.safeParse(data, { error: messageOf });
  if (!parsed.success)
    throw located([...problems, ...describeProblems(parsed.error.issues, data, circuitJsonSchema())]);
  const circuit = parsed.data;
  for (const { cell } of Object.values(circuit.populations)) {
    const ofLibrary = libraryCellData(cell);
    if (ofLibrary && !Object.hasOwn(circuit.cellTypes, cell)) circuit.cellTypes[cell] = ofLibrary;
  }
  leaveOutUnused(circuit, imported.names);
  problems.push(...buildCircuitCells(circuit));
  if (problems.length > 0) throw located(problems);
  const ofCircuit = [...checkCircuit(circuit), ...checkStep(circuit)];
  if (ofCircuit.length > 0) throw located(ofCircuit);
  return circuit;
}

type Section = 'mechanisms' | 'cellTypes';
/** Names of what was imported, by section. */
type ImportedNames = Readonly<Record<Section, ReadonlyMap<string, string>>>;

/**
 * Puts what imported files hold under `mechanisms` and `cellTypes`. A name that two files give, or a file and the circuit, is
 * a problem.
 */
function spellOutImports(
  data: object,
  files: ReadonlyMap<string, MechanismFileData> = new Map(),
): { readonly problems: readonly CircuitProblem[]; readonly names: ImportedNames } {
  const circuit = data as Partial<Record<Section | 'import', unknown>>;
  const paths = circuit.import ?? [];
  delete circuit.import;
  const names = { mechanisms: new Map<string, string>(), cellTypes: new Map<string, string>() };
  if (!Array.isArray(paths)) {
    const message = `expected a list of files; got ${JSON.stringify(paths)}`;
    return { problems: [{ path: ['import'], message }], names };
  }
  const problems = paths.flatMap((path: unknown, i): CircuitProblem[] => {
    const file = typeof path === 'string' ? files.get(path) : undefined;
    if (!file)
      return [{ path: ['import', i], message: `the mechanisms of ${JSON.stringify(path)} were not read` }];
    return (['mechanisms', 'cellTypes'] as const).flatMap((section) => {
      circuit[section] ??= {};
      const own = circuit[section];
      if (!isObject(own)) return [];
      const known = names[section];
      return Object.entries(file[section]).flatMap(([name, entry]) => {
        if (Object.hasOwn(own, name)) {
          const what = section === 'mechanisms' ? 'mechanism' : 'cell type';
          const message = `${path} and ${known.get(name) ?? 'the circuit'} both have a ${what} "${name}"`;
          return [{ path: ['import', i], message }];
        }
        own[name] = structuredClone(entry);
        known.set(name, String(path));
        return [];
      });
    });
  });
  return { problems, names };
}

/** Takes out of a circuit what was imported and no population needs. */
function leaveOutUnused({ mechanisms, cellTypes, populations }: Circuit, imported: ImportedNames): void {
  const cells = new Set(Object.values(populations).map(({ cell }) => cell));
  for (const name of imported.cellTypes.keys()) if (!cells.has(name)) delete cellTypes[name];
  const used = new Set(
    Object.values(cellTypes).flatMap(({ membrane }) =>
      Object.values(membrane).map(({ mechanism }) => mechanism),
    ),
  );
  for (const name of imported.mechanisms.keys()) if (!used.has(name)) delete mechanisms[name];
}

/** The paths of the files that a circuit imports; the circuit need not be valid. */
export function importsOf(data: unknown): string[] {
  const paths = (data as { import?: unknown } | null)?.import;
  return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
}

/**
 * Replaces `base: NAME` in every cell type by the values of that cell under those written out. A base that does not exist is
 * a problem; another one then replaces it, so that the given values are still checked.
 */
function spellOutBases(data: object): CircuitProblem[] {
  const cellTypes = (data as { cellTypes?: unknown }).cellTypes;
  if (!isObject(cellTypes)) return [];
  const problems: CircuitProblem[] = [];
  const written = Object.entries(cellTypes);
  for (const [name, entry] of written) {
    if (!isObject(entry) || !Object.hasOwn(entry, 'base')) continue;
    const { base, ...values } = entry;
    const own = written.find(
      ([other, cell]) => other === base && isObject(cell) && !Object.hasOwn(cell, 'base'),
    );
    const cell = own ? structuredClone(own[1]) : libraryCellData(String(base));
    if (!cell) {
      const known = [...LIBRARY_CELLS, ...Object.keys(cellTypes).filter((other) => other !== name)];
      const message = `no cell of the library is called ${JSON.stringify(base)}${didYouMean(String(base), known)}`;
      problems.push({ path: ['cellTypes', name, 'base'], message });
    }
    cellTypes[name] = merged(cell ?? libraryCellData('pyramidal-rs'), values);
  }
  return problems;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `values` over `base`, key by key at every depth; a membrane entry of another mechanism replaces the whole entry. */
function merged(base: unknown, values: unknown): unknown {
  if (!isObject(base) || !isObject(values)) return values;
  if (Object.hasOwn(values, 'mechanism') && values.mechanism !== base.mechanism) return values;
  return {
    ...base,
    ...Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        Object.hasOwn(base, key) ? merged(base[key], value) : value,
      ]),
    ),
  };
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
  locator: Locator | null,
  overrides: readonly AppliedOverride[],
): CircuitIssue {
  const override = [...overrides].reverse().find((set) => isWithin(problem.path, set.path));
  if (override) return issueWithoutPlace(problem, override.source);
  return locator ? locator.issue(problem) : issueWithoutPlace(problem, source);
}

const isWithin = (path: CircuitPath, container: CircuitPath): boolean =>
  container.every((segment, i) => String(path[i]) === String(segment));
