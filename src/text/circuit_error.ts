import { printable } from './printable.js';

/** A place in a circuit: keys and indices from the root. */
export type CircuitPath = readonly (string | number)[];

/** One problem of a circuit. */
export interface CircuitIssue {
  /** Dotted, as for `--set`: `projections.0.delay_ms`; empty for the circuit as a whole. */
  readonly path: string;
  /** Names the file, or the command-line option that set the value; null for a circuit given as an object. */
  readonly source: string | null;
  /** Line and column in the file, from 1; null if the value does not come from a text. */
  readonly line: number | null;
  readonly column: number | null;
  /** The problem, the value and the allowed range. */
  readonly message: string;
  /** Of a formula: the line that is meant, and under it carets below the part that is. */
  readonly marked?: readonly [line: string, carets: string];
}

/** A circuit that cannot be simulated; `issues` lists everything that was found. */
export class CircuitError extends Error {
  override readonly name = 'CircuitError';
  constructor(
    readonly issues: readonly CircuitIssue[],
    options?: ErrorOptions,
  ) {
    super(issues.map(formatIssue).join('\n'), options);
  }
}

/** `gamma.yaml:5:20 populations.E.neurons: expected ...`, and under it the formula with its marks where it is one's. */
export function formatIssue(issue: CircuitIssue): string {
  const place = [issue.source, issue.line, issue.column].filter((part) => part !== null).join(':');
  const parts = [place, issue.path && `${issue.path}:`, issue.message].filter((part) => part !== '');
  const marked = (issue.marked ?? []).map((line) => `\n  ${oneLine(line)}`);
  return [oneLine(parts.join(' ')), ...marked].join('');
}

function oneLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n');
}
