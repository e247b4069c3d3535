import { LanguageError } from './language_error.js';

export type Token = {
  readonly start: number;
  readonly end: number;
} & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'symbol'; readonly symbol: string }
  | { readonly kind: 'end' }
);

/** Longest formula that is read; it bounds how deep the tree of a formula can be. */
const MOST_CHARACTERS = 10_000;
const MOST_TOKENS = 2_000;

const TOKEN =
  /\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|([A-Za-z_µ]\w*)|(<=|>=|==|!=|&&|\|\||[-+*/^(),<>!?:]))/y;

/** The tokens of a formula, closed by one of kind `end`. Throws LanguageError. */
export function tokenize(text: string): Token[] {
  if (text.length > MOST_CHARACTERS)
    throw new LanguageError(`the formula has over ${MOST_CHARACTERS} characters`, text.slice(0, 60), 0);
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) {
      const rest = text.slice(at);
      const bad = rest.search(/\S/);
      if (bad < 0) break;
      throw new LanguageError(`unexpected character "${rest[bad]}"`, text, at + bad);
    }
    const [, digits, name, symbol] = match;
    const end = TOKEN.lastIndex;
    const start = end - (digits ?? name ?? symbol).length;
    if (digits !== undefined) {
      const value = Number(digits);
      if (!Number.isFinite(value))
        throw new LanguageError(`${digits} is larger than numbers can be`, text, start, end);
      tokens.push({ kind: 'number', value, start, end });
    } else if (name !== undefined) tokens.push({ kind: 'name', name, start, end });
    else tokens.push({ kind: 'symbol', symbol, start, end });
    if (tokens.length > MOST_TOKENS)
      throw new LanguageError(
        `the formula has over ${MOST_TOKENS} numbers, names and symbols`,
        text,
        start,
        end,
      );
    at = end;
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return tokens;
}
