import { advanceText, resultNames, structText, writeNext } from './advance_text.js';
import { type CellText, FunctionBody } from './cell_text.js';
import { schemeSlopes, withSumOne } from './scheme_step.js';
import { slopeNodes } from './step_nodes.js';

/** The functions of classical Runge-Kutta; `slow` are the states with compensated sums. */
export function rungeKuttaText(cell: CellText, slow: ReadonlySet<string>): string {
  const { name } = cell.options;
  const members = cell.keys.map((key) => cell.member(key));
  return [
    structText(`${name}_Slope`, ['V', ...members]),
    slopeText(cell),
    alongText(cell, slow),
    stepText(cell, slow),
  ].join('\n');
}

/** Time derivatives of V and the states. */
function slopeText(cell: CellText): string {
  const { graph } = cell.nodes;
  const { groups, current, roots } = slopeNodes(cell.model, cell.nodes);
  const inwardOverC = graph.multiply(graph.number(-1), graph.power(cell.nodes.capacitance(), -1));
  const names = new Map([['V', 'V']]);
  for (const key of cell.keys) names.set(key, `s.${cell.member(key)}`);
  const body = new FunctionBody(cell, [...roots, inwardOverC], names);
  const slopes = groups.flatMap((entry) => {
    if ('slope' in entry)
      return [body.named(`slope_${cell.member(entry.group.key)}`, body.textOf(entry.slope))];
    const rates = entry.rates.map((row) => row.map((node) => node && body.named('k', body.textOf(node))));
    const states = entry.group.keys.map((key) => `s.${cell.member(key)}`);
    return schemeSlopes(body.arithmetic(), rates, states);
  });
  const outward = body.named('outward', `${body.textOf(current)} + (input.G * V - input.drive) - I`);
  const slope = body.named('slope_V', `${body.textOf(inwardOverC)} * ${outward}`);
  const { name } = cell.options;
  const parameters = cell.parameters(`s: ${name}_State`, ', input: SynapticInput, I: f32');
  return [
    `fn ${name}_slope(${parameters}) -> ${name}_Slope {\n`,
    body.text(),
    `  return ${name}_Slope(${[slope, ...slopes].join(', ')});\n}\n`,
  ].join('');
}

/** The state after dt along a slope. */
function alongText(cell: CellText, slow: ReadonlySet<string>): string {
  const { name } = cell.options;
  const moved = ['V', ...cell.keys.map((key) => cell.member(key))].map((x) => `s.${x} + dt * slope.${x}`);
  const left = [...slow].map(() => '0.0');
  return [
    `fn ${name}_along(s: ${name}_State, slope: ${name}_Slope, dt: f32) -> ${name}_State {\n`,
    `  return ${name}_State(${[...moved, ...left].join(', ')});\n}\n`,
  ].join('');
}

function stepText(cell: CellText, slow: ReadonlySet<string>): string {
  const { name } = cell.options;
  const body = new FunctionBody(cell, [], new Map(), resultNames(cell, slow));
  const slope = (at: string, input: string) => `${name}_slope(${at}, cell, ${input}, I${cell.lastArgument})`;
  body.define('k1', slope('s', 'start'));
  body.define('k2', slope(`${name}_along(s, k1, 0.5 * DT)`, 'half'));
  body.define('k3', slope(`${name}_along(s, k2, 0.5 * DT)`, 'half'));
  body.define('k4', slope(`${name}_along(s, k3, DT)`, 'full'));
  body.define('sixth', 'DT / 6.0');
  const way = (x: string) => `sixth * (k1.${x} + 2.0 * (k2.${x} + k3.${x}) + k4.${x})`;
  body.define('next_V', `s.V + ${way('V')}`);
  for (const group of cell.model.groups) {
    if (group.kind === 'state') {
      writeNext(cell, body, group.key, way(cell.member(group.key)), slow);
      continue;
    }
    const members = group.keys.map((key) => cell.member(key));
    const next = members.map((member) => body.named('x', `s.${member} + ${way(member)}`));
    withSumOne(body.arithmetic(), next).forEach((text, i) => {
      body.define(`next_${members[i]}`, text);
    });
  }
  return advanceText(cell, body, slow);
}
