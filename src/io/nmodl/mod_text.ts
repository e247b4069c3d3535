import type { Place } from '../../language/expression.js';
import { CircuitError } from '../../text/circuit_error.js';
import type { ImportNote } from '../import_note.js';

/** The texts that a .mod file is made of, itself and what it includes: gives places their file, line and column. */
export class ModText {
  readonly notes: ImportNote[] = [];
  private readonly names = new Map<string, string | null>();

  constructor(
    readonly text: string,
    source: string | null,
  ) {
    this.names.set(text, source);
  }

  include(text: string, source: string): void {
    this.names.set(text, source);
  }

  /** Refuses the file at a place. */
  fail(place: Place, message: string): never {
    const { line, column } = position(place);
    throw new CircuitError([{ path: '', source: this.names.get(place.text) ?? null, line, column, message }]);
  }

  /** What `work` gives, with its notes only where it gives something. */
  tentatively<T>(work: () => T | null): T | null {
    const { length } = this.notes;
    const result = work();
    if (result === null) this.notes.length = length;
    return result;
  }

  /** Writes down what is left out or assumed; of what is said again on one line only once. */
  note(place: Place | null, message: string): void {
    const line = place && place.text !== '' ? position(place).line : null;
    if (!this.notes.some((note) => note.line === line && note.message === message))
      this.notes.push({ line, message });
  }
}

function position({ text, start }: Place): { readonly line: number; readonly column: number } {
  const before = text.slice(0, start);
  return {
    line: before.split('\n').length,
    column: start - before.lastIndexOf('\n'),
  };
}
