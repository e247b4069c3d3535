/** Something wrong in the text of an expression. `start` and `end` are offsets in `text` of what is meant. */
export class LanguageError extends Error {
  override readonly name = 'LanguageError';
  /** The line that is meant, and under it carets below the part that is; of a long line what is around it. */
  readonly marked: readonly [line: string, carets: string];

  constructor(
    /** What is wrong, in one line. */
    readonly problem: string,
    readonly text: string,
    readonly start: number,
    readonly end: number = start + 1,
  ) {
    const marked = markedText(text, start, end);
    super([problem, ...marked.map((line) => `  ${line}`)].join('\n'));
    this.marked = marked;
  }
}

/** Characters that are shown before and after the start of what is marked. */
const SHOWN = 80;

function markedText(text: string, start: number, end: number): readonly [string, string] {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', start);
  const lineEnd = newline < 0 ? text.length : newline;
  const from = Math.max(lineStart, start - SHOWN);
  const to = Math.min(lineEnd, start + SHOWN);
  const shown = `${from > lineStart ? '…' : ''}${text.slice(from, to)}${to < lineEnd ? '…' : ''}`;
  const indent = ' '.repeat(start - from + (from > lineStart ? 1 : 0));
  const carets = '^'.repeat(Math.max(1, Math.min(end, to) - start));
  return [shown, indent + carets];
}
