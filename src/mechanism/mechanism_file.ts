import * as z from 'zod';
import { ExpressionTooLarge } from '../language/expression_too_large.js';
import type { CircuitPath } from '../text/circuit_error.js';
import { type CircuitProblem, describeProblems, messageOf } from '../text/circuit_problems.js';
import { parseCircuitText } from '../text/circuit_text.js';
import { Locator } from '../text/locate.js';
import { buildCell, type Mechanisms } from './build_cell.js';
import type { CellModel } from './cell_model.js';
import { type CellData, cellSchema } from './cell_schema.js';
import { checkMechanism } from './check_mechanism.js';
import type { Mechanism } from './mechanism.js';
import { type MechanismData, mechanismSchema } from './mechanism_schema.js';
import { scanMechanism } from './scan.js';

/** A file of mechanisms and cells. */
export const mechanismFileSchema = z.strictObject({
  mechanisms: z.record(z.string(), mechanismSchema).default({}).meta({ description: 'mechanisms by name' }),
  cellTypes: z.record(z.string(), cellSchema).default({}).meta({ description: 'cells by name' }),
});

/** Mechanisms and cells as a file says them. */
export type MechanismFileData = z.infer<typeof mechanismFileSchema>;

export interface MechanismFile {
  readonly mechanisms: ReadonlyMap<string, Mechanism>;
  readonly cells: ReadonlyMap<string, CellModel>;
  readonly data: MechanismFileData;
}

const noMechanisms: Mechanisms = new Map();

/**
 * Reads a YAML or JSON text of mechanisms and cells: shapes, names, units and values over V are checked. Cells may be made
 * of the mechanisms of `library` too. Throws CircuitError with everything that is wrong, each with its line and column and,
 * in formulas, the text marked.
 */
export function parseMechanismFile(
  text: string,
  source: string | null,
  library: Mechanisms = noMechanisms,
): MechanismFile {
  const places = parseCircuitText(text, source, 'mechanisms or cellTypes');
  const locate = new Locator(text, source, places);
  const parsed = mechanismFileSchema.safeParse(places.data, { error: messageOf });
  if (!parsed.success)
    throw locate.error(
      describeProblems(
        parsed.error.issues,
        places.data,
        z.toJSONSchema(mechanismFileSchema, { io: 'input' }),
      ),
    );
  const { mechanisms, problems } = checkMechanisms(parsed.data.mechanisms);
  // A cell of mechanisms that are wrong would only repeat their errors.
  if (problems.length > 0) throw locate.error(problems);
  const built = buildCells(parsed.data.cellTypes, bothOf(mechanisms, library));
  if (built.problems.length > 0) throw locate.error(built.problems);
  return { mechanisms, cells: built.cells, data: parsed.data };
}

/** Own mechanisms, and under them those of the library. */
export const bothOf = (own: ReadonlyMap<string, Mechanism>, library: Mechanisms): Mechanisms => ({
  get: (name) => own.get(name) ?? library.get(name),
  keys: () => new Set([...own.keys(), ...library.keys()]).values(),
});

/** Checks the formulas, units and values over V of mechanisms by name; problems are at paths from `mechanisms` on. */
export function checkMechanisms(data: Readonly<Record<string, MechanismData>>): {
  readonly mechanisms: ReadonlyMap<string, Mechanism>;
  readonly problems: readonly CircuitProblem[];
} {
  const mechanisms = new Map<string, Mechanism>();
  const problems = Object.entries(data).flatMap(([name, entry]) => {
    const { mechanism, problems: found } = checkMechanism(name, entry);
    if (mechanism) mechanisms.set(name, mechanism);
    return within(['mechanisms', name], [...found, ...(mechanism ? valuesOverV(mechanism) : [])]);
  });
  return { mechanisms, problems };
}

/** Puts cells together by name; problems are at paths from `cellTypes` on. */
export function buildCells(
  data: Readonly<Record<string, CellData>>,
  mechanisms: Mechanisms,
  temperature_C?: number,
): { readonly cells: ReadonlyMap<string, CellModel>; readonly problems: readonly CircuitProblem[] } {
  const cells = new Map<string, CellModel>();
  const problems = Object.entries(data).flatMap(([name, entry]) => {
    const { cell, problems: found } = buildCell(name, entry, mechanisms, temperature_C);
    if (cell) cells.set(name, cell);
    return within(['cellTypes', name], found);
  });
  return { cells, problems };
}

const within = (path: CircuitPath, found: readonly CircuitProblem[]): CircuitProblem[] =>
  found.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));

function valuesOverV(mechanism: Mechanism): CircuitProblem[] {
  try {
    return scanMechanism(mechanism);
  } catch (error) {
    if (error instanceof ExpressionTooLarge) return [{ path: [], message: error.message }];
    throw error;
  }
}
