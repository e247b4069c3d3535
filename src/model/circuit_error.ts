import { printable } from './printable.js';

/** Where in a circuit: keys and indices from the root. */
export type CircuitPath = readonly (string | number)[];

/** One thing that is wrong with a circuit. */
export interface CircuitIssue {
  /** Dotted, as `--set` takes it: `projections.0.delay_ms`; empty for the circuit as a whole. */
  readonly path: string;
  /** Names the file, or the command-line option that set the value; null for a circuit given as an object. */
  readonly source: string | null;
  /** Line and column in the file, from 1; null where the value does not come from a text. */
  readonly line: number | null;
  readonly column: number | null;
  /** What is wrong, the value and what is allowed. */
  readonly message: string;
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

/** `gamma.yaml:5:20 populations.E.neurons: expected ...` */
export function formatIssue(issue: CircuitIssue): string {
  const place = [issue.source, issue.line, issue.column].filter((part) => part !== null).join(':');
  const parts = [place, issue.path && `${issue.path}:`, issue.message].filter((part) => part !== '');
  return printable(parts.join(' ')).replaceAll('\n', '\\n');
}
