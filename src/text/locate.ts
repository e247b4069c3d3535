import { CircuitError, type CircuitIssue } from './circuit_error.js';
import type { CircuitProblem } from './circuit_problems.js';
import type { CircuitText, TextPosition } from './circuit_text.js';

/** Finds problems at paths in a text. */
export class Locator {
  private readonly lines: readonly string[];

  constructor(
    text: string,
    private readonly source: string | null,
    private readonly places: CircuitText,
  ) {
    this.lines = text.split('\n');
  }

  error(problems: readonly CircuitProblem[]): CircuitError {
    return new CircuitError(sortedByPlace(problems.map((problem) => this.issue(problem))));
  }

  issue(problem: CircuitProblem): CircuitIssue {
    const { path, of = 'value', at } = problem;
    const start = this.places.position(path, of);
    return {
      ...issueWithoutPlace(problem, this.source),
      ...(at ? this.within(start, at.text, at.start) : start),
    };
  }

  /** The place of an offset in a formula that is written on one line; of the formula where it is folded or escaped. */
  private within({ line, column }: TextPosition, formula: string, offset: number): TextPosition {
    const at = (this.lines[line - 1] ?? '').indexOf(formula, column - 1);
    return at < 0 ? { line, column } : { line, column: at + offset + 1 };
  }
}

/** A problem of data that is not from a text. */
export const issueWithoutPlace = (
  { path, message, at }: CircuitProblem,
  source: string | null,
): CircuitIssue => ({
  path: path.join('.'),
  source,
  line: null,
  column: null,
  message,
  ...(at && { marked: at.marked }),
});

export const sortedByPlace = (issues: readonly CircuitIssue[]): CircuitIssue[] =>
  [...issues].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
