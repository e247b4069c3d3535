import type { Place } from '../../language/expression.js';
import type { ModText } from './mod_text.js';

export type ModToken = { readonly place: Place } & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'symbol'; readonly symbol: string }
  /** C code between VERBATIM and ENDVERBATIM. */
  | { readonly kind: 'verbatim'; readonly code: string }
  | { readonly kind: 'end' }
);

export interface ScannedText {
  readonly tokens: readonly ModToken[];
  /** What TITLE says, or '' . */
  readonly title: string;
  /** Comments from the beginning of the text to its first word. */
  readonly opening: string;
}

/** Longest text that is read. */
const MOST_CHARACTERS = 1_000_000;

const TOKEN =
  /(\s+)|([:?][^\n\r]*)|(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|([A-Za-z_]\w*)|("[^"\n]*")|(<->|<<|->|<=|>=|==|!=|&&|\|\|)|([\s\S])/y;

/** The tokens of a text of NMODL without its comments, closed by one of kind `end`. */
export function scanMod(source: ModText, text: string): ScannedText {
  const tokens: ModToken[] = [];
  const place = (start: number, end: number): Place => ({ text, start, end });
  if (text.length > MOST_CHARACTERS)
    source.fail(place(0, 0), `the file has over ${MOST_CHARACTERS} characters; is it a .mod file?`);
  let title = '';
  let opening = '';
  let at = 0;
  /** The text from `from` to the word that closes a block; moves behind that word. */
  const until = (word: string, from: number, start: number): string => {
    const close = new RegExp(`\\b${word}\\b`, 'g');
    close.lastIndex = from;
    const match = close.exec(text);
    if (!match)
      return source.fail(place(start, from), `${text.slice(start, from)} is not closed: add ${word}`);
    at = close.lastIndex;
    return text.slice(from, match.index);
  };
  while (at < text.length) {
    const start = at;
    TOKEN.lastIndex = at;
    const [, space, comment, digits, name, quoted, operator, other] = TOKEN.exec(text)!;
    at = TOKEN.lastIndex;
    const here = place(start, at);
    // The end of a file of DOS.
    if (space !== undefined || other === '\u001a') continue;
    if (comment !== undefined) {
      if (tokens.length === 0) opening += `${comment.slice(1)}\n`;
    } else if (digits !== undefined) {
      const value = Number(digits);
      if (!Number.isFinite(value)) source.fail(here, `${digits} is larger than numbers can be`);
      tokens.push({ kind: 'number', value, place: here });
    } else if (name === 'COMMENT') {
      const words = until('ENDCOMMENT', at, start);
      if (tokens.length === 0) opening += `${words}\n`;
    } else if (name === 'VERBATIM')
      tokens.push({ kind: 'verbatim', code: until('ENDVERBATIM', at, start), place: here });
    else if (name === 'TITLE') {
      const [line] = /[^\n\r]*/.exec(text.slice(at))!;
      title = line.trim();
      at += line.length;
    } else if (name !== undefined) tokens.push({ kind: 'name', name, place: here });
    else if (quoted !== undefined) tokens.push({ kind: 'string', value: quoted.slice(1, -1), place: here });
    else tokens.push({ kind: 'symbol', symbol: operator ?? other, place: here });
  }
  tokens.push({ kind: 'end', place: place(text.length, text.length) });
  return { tokens, title, opening };
}
