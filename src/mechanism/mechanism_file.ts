import * as z from 'zod';
import { ExpressionTooLarge } from '../language/expression_too_large.js';
import { CircuitError, type CircuitIssue, type CircuitPath } from '../text/circuit_error.js';
import { describeProblems, messageOf } from '../text/circuit_problems.js';
import { type CircuitText, parseCircuitText, type TextPosition } from '../text/circuit_text.js';
import { buildCell } from './build_cell.js';
import type { CellModel } from './cell_model.js';
import { cellSchema } from './cell_schema.js';
import { checkMechanism, type MechanismProblem } from './check_mechanism.js';
import type { Mechanism } from './mechanism.js';
import { mechanismSchema } from './mechanism_schema.js';
import { scanMechanism } from './scan.js';

/** A file of mechanisms and cells. */
export const mechanismFileSchema = z.strictObject({
  mechanisms: z.record(z.string(), mechanismSchema).default({}).meta({ description: 'mechanisms by name' }),
  cellTypes: z.record(z.string(), cellSchema).default({}).meta({ description: 'cells by name' }),
});

export interface MechanismFile {
  readonly mechanisms: ReadonlyMap<string, Mechanism>;
  readonly cells: ReadonlyMap<string, CellModel>;
}

/** Mechanisms that a file may use without saying them. */
export type MechanismLibrary = ReadonlyMap<string, Mechanism>;

/**
 * Reads a YAML or JSON text of mechanisms and cells: shapes, names, units and values over V are checked. Throws
 * CircuitError with everything that is wrong, each with its line and column and, in formulas, the text marked.
 */
export function parseMechanismFile(
  text: string,
  source: string | null,
  library: MechanismLibrary = new Map(),
): MechanismFile {
  const places = parseCircuitText(text, source, 'mechanisms or cellTypes');
  const locate = new Locator(text, source, places);
  const parsed = mechanismFileSchema.safeParse(places.data, { error: messageOf });
  if (!parsed.success) {
    const problems = describeProblems(
      parsed.error.issues,
      places.data,
      z.toJSONSchema(mechanismFileSchema, { io: 'input' }),
    );
    throw locate.error(problems);
  }
  const problems: MechanismProblem[] = [];
  const within = (path: CircuitPath, found: readonly MechanismProblem[]) =>
    problems.push(...found.map((problem) => ({ ...problem, path: [...path, ...problem.path] })));

  const mechanisms = new Map<string, Mechanism>();
  for (const [name, data] of Object.entries(parsed.data.mechanisms)) {
    const { mechanism, problems: found } = checkMechanism(name, data);
    within(['mechanisms', name], found);
    if (!mechanism) continue;
    within(['mechanisms', name], valuesOverV(mechanism));
    mechanisms.set(name, mechanism);
  }
  const cells = new Map<string, CellModel>();
  // A cell of mechanisms that are wrong would only repeat their errors.
  if (problems.length === 0)
    for (const [name, data] of Object.entries(parsed.data.cellTypes)) {
      const { cell, problems: found } = buildCell(name, data, new Map([...library, ...mechanisms]));
      within(['cellTypes', name], found);
      if (cell) cells.set(name, cell);
    }
  if (problems.length > 0) throw locate.error(problems);
  return { mechanisms, cells };
}

function valuesOverV(mechanism: Mechanism): MechanismProblem[] {
  try {
    return scanMechanism(mechanism);
  } catch (error) {
    if (error instanceof ExpressionTooLarge) return [{ path: [], message: error.message }];
    throw error;
  }
}

/** Turns problems at paths into issues with their places in a text. */
class Locator {
  private readonly lines: readonly string[];

  constructor(
    text: string,
    private readonly source: string | null,
    private readonly places: CircuitText,
  ) {
    this.lines = text.split('\n');
  }

  error(problems: readonly MechanismProblem[]): CircuitError {
    const issues = problems.map((problem) => this.issue(problem));
    return new CircuitError(
      issues.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
    );
  }

  private issue({ path, message, of = 'value', at }: MechanismProblem): CircuitIssue {
    const start = this.places.position(path, of);
    const place = at ? this.within(start, at.text, at.start) : start;
    return {
      path: path.join('.'),
      source: this.source,
      ...place,
      message,
      ...(at && { marked: at.marked }),
    };
  }

  /** The place of an offset in a formula that is written on one line; of the formula where it is folded or escaped. */
  private within({ line, column }: TextPosition, formula: string, offset: number): TextPosition {
    const at = (this.lines[line - 1] ?? '').indexOf(formula, column - 1);
    return at < 0 ? { line, column } : { line, column: at + offset + 1 };
  }
}
