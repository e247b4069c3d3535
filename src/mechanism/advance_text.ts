import type { CellText, FunctionBody } from './cell_text.js';

export const structText = (name: string, members: readonly string[]): string =>
  `struct ${name} {\n${members.map((member) => `  ${member}: f32,\n`).join('')}}\n`;

/** The member of a state's struct for what a compensated sum has still to move. */
export const leftOf = (cell: CellText, key: string): string => `left_${cell.member(key)}`;

/** The names of the results in an advance function, in the order of NAME_State; no other line may take them. */
export function resultNames(cell: CellText, slow: ReadonlySet<string>): string[] {
  const next = cell.keys.map((key) => `next_${cell.member(key)}`);
  return ['next_V', ...next, ...[...slow].map((key) => leftOf(cell, key))];
}

/** The advance function of a cell around its lines; `slow` are the states with compensated sums. */
export function advanceText(cell: CellText, body: FunctionBody, slow: ReadonlySet<string>): string {
  const { name } = cell.options;
  const inputs = ', start: SynapticInput, half: SynapticInput, full: SynapticInput, I: f32';
  return [
    `fn ${name}_advance(${cell.parameters(`s: ${name}_State`, inputs)}) -> ${name}_State {\n`,
    body.text(),
    `  return ${name}_State(${resultNames(cell, slow).join(', ')});\n}\n`,
  ].join('');
}

/**
 * The next value of a state, which moves by `way`. One with a compensated sum moves by whole units of its last place and
 * keeps what is left for the next steps. Kahan's sum would do it with three subtractions, but shader compilers simplify
 * (a + b) - a to b.
 */
export function writeNext(
  cell: CellText,
  body: FunctionBody,
  key: string,
  way: string,
  slow: ReadonlySet<string>,
): void {
  const member = cell.member(key);
  if (!slow.has(key)) {
    body.define(`next_${member}`, `s.${member} + ${way}`);
    return;
  }
  const left = leftOf(cell, key);
  const whole = body.named(`way_${member}`, `${way} + s.${left}`);
  const unit = body.named(`unit_${member}`, `last_place(s.${member})`);
  const moved = body.named(`moved_${member}`, `round(${whole} / ${unit}) * ${unit}`);
  body.define(`next_${member}`, `s.${member} + ${moved}`);
  body.define(left, `${whole} - ${moved}`);
}
