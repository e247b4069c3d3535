import { ExpressionGraph } from '../language/canonical.js';
import type { Expression } from '../language/expression.js';
import { linearIn } from '../language/linear.js';
import { translate } from '../language/translate.js';

/** What the weight that arrives is called in formulas. */
export const WEIGHT = 'w';

/**
 * Whether what a state is after a weight has arrived is the state and a multiple of the weight, by a factor without states and
 * V: only then do weights of many synapses add up before they arrive.
 */
export function isLinearInWeight(after: Expression, state: string, states: readonly string[]): boolean {
  const graph = new ExpressionGraph();
  const node = translate(graph, after, (name) => graph.variable(name));
  const inWeight = linearIn(graph, node, WEIGHT);
  if (!inWeight || inWeight.rest !== graph.variable(state)) return false;
  return ['V', WEIGHT, ...states].every((name) => !inWeight.slope.variables.has(name));
}
