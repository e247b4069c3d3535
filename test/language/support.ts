import { ExpressionGraph } from '../../src/language/canonical.js';
import { evaluate } from '../../src/language/evaluate.js';
import type { Node } from '../../src/language/node.js';
import { parseExpression } from '../../src/language/parse.js';
import { recordFormula } from '../../src/language/record_formula.js';
import { removeSingularities } from '../../src/language/singularities.js';
import { Tape } from '../../src/language/tape.js';
import { TapeBuilder } from '../../src/language/tape_builder.js';
import { translate } from '../../src/language/translate.js';

/** Any name that is no unit is a variable here. */
const UNITS = ['mV', 'ms', 'mM', 'uA', 'cm2', 'um', 'K'];
export const parse = (text: string) => parseExpression(text, (name) => !UNITS.includes(name));

export type Values = Readonly<Record<string, number>>;

/** The value of a formula as it is written, without any simplification. */
export function asWritten(text: string, values: Values): number {
  const builder = new TapeBuilder();
  const result = recordFormula(builder, parse(text), (name) => builder.input(name));
  const tape = new Tape(builder);
  for (const [name, value] of Object.entries(values)) tape.input(name)?.fill(value);
  tape.run();
  return tape.values(result)[0];
}

export function optimised(text: string): { graph: ExpressionGraph; node: Node } {
  const graph = new ExpressionGraph();
  const node = translate(graph, parse(text), (name) => graph.variable(name));
  return { graph, node: removeSingularities(graph, node, new Map()) };
}

/** The value of a formula in its optimised form. */
export const whenOptimised = (text: string, values: Values): number =>
  evaluate(optimised(text).node, new Map(Object.entries(values)));
