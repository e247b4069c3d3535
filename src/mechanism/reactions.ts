import { didYouMean } from '../text/suggestion.js';

/** `A <-> B : forward, backward` or `A -> B : rate`, taken apart; rates are still text. */
export interface Reaction {
  readonly from: string;
  readonly to: string;
  /** The rate from `from` to `to`; for a reaction of both directions also the rate back. */
  readonly rates: readonly string[];
}

/** The reaction that a text says, or what is wrong with it. */
export function parseReaction(
  text: string,
  states: readonly string[],
): Reaction | { readonly problem: string } {
  const match = /^\s*(\w+)\s*(<->|->)\s*(\w+)\s*:(.*)$/s.exec(text);
  if (!match)
    return {
      problem: `expected "A <-> B : forward rate, backward rate" or "A -> B : rate"; got ${JSON.stringify(text)}`,
    };
  const [, from, arrow, to, rest] = match;
  const unknown = [from, to].find((state) => !states.includes(state));
  if (unknown !== undefined)
    return { problem: `no state of the scheme is called "${unknown}"${didYouMean(unknown, states)}` };
  if (from === to) return { problem: `"${from}" cannot react to itself` };
  const rates = splitAtCommas(rest);
  const wanted = arrow === '<->' ? 2 : 1;
  if (rates.length !== wanted) {
    const needed = wanted === 2 ? 'two rates, separated by a comma' : 'one rate';
    return { problem: `"${from} ${arrow} ${to}" needs ${needed}; got ${rates.length}` };
  }
  return { from, to, rates };
}

/** Parts between the commas that are in no parentheses. */
function splitAtCommas(text: string): string[] {
  const parts = [''];
  let level = 0;
  for (const character of text) {
    if (character === '(') level++;
    if (character === ')') level--;
    if (character === ',' && level === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}
