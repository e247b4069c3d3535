import { readFile } from 'node:fs/promises';
import { fileError, InputError } from '../io/input_error.js';
import { CircuitError, type CircuitPath, formatIssue } from '../text/circuit_error.js';
import { describeProblems, messageOf } from '../text/circuit_problems.js';
import { parseCircuitText } from '../text/circuit_text.js';
import { type Sweep, sweepJsonSchema, sweepSchema } from './sweep_schema.js';

/** A sweep as written in its file. */
export interface SweepFile {
  readonly sweep: Sweep;
  /** `sweep.yaml:5:20`, the place of a value, for errors. */
  place(path: CircuitPath): string;
}

/** Reads and checks a sweep file (YAML or JSON). Throws InputError with everything that is wrong, line by line. */
export async function readSweepFile(path: string): Promise<SweepFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError('read', path, error);
  }
  return parseSweep(text, path);
}

/** As {@link readSweepFile}, of a text; `source` names it in errors. */
export function parseSweep(text: string, source: string): SweepFile {
  const { data, position } = parseText(text, source);
  const parsed = sweepSchema.safeParse(data, { error: messageOf });
  if (!parsed.success) {
    const issues = describeProblems(parsed.error.issues, data, sweepJsonSchema()).map(
      ({ path, message, of }) => {
        const { line, column } = position(path, of ?? 'value');
        return { path: path.join('.'), source, line, column, message };
      },
    );
    issues.sort((a, b) => a.line - b.line || a.column - b.column);
    throw new InputError(issues.map(formatIssue).join('\n'));
  }
  return {
    sweep: parsed.data,
    place: (path) => {
      const { line, column } = position(path, 'value');
      return `${source}:${line}:${column}`;
    },
  };
}

function parseText(text: string, source: string) {
  try {
    return parseCircuitText(text, source, 'a sweep: keys such as name, circuit, sampling');
  } catch (error) {
    if (error instanceof CircuitError) throw new InputError(error.message, { cause: error });
    throw error;
  }
}
