/** Something wrong in the text of an expression. `start` and `end` are offsets in `text` of what is meant. */
export class LanguageError extends Error {
  override readonly name = 'LanguageError';
  constructor(
    /** What is wrong, in one line. */
    readonly problem: string,
    readonly text: string,
    readonly start: number,
    readonly end: number = start + 1,
  ) {
    super(`${problem}\n${markedText(text, start, end)}`);
  }
}

/** The line of the text that holds `start`, and under it carets from `start` to `end`. */
function markedText(text: string, start: number, end: number): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', start);
  const lineEnd = newline < 0 ? text.length : newline;
  const carets = '^'.repeat(Math.max(1, Math.min(end, lineEnd) - start));
  return `  ${text.slice(lineStart, lineEnd)}\n  ${' '.repeat(start - lineStart)}${carets}`;
}
