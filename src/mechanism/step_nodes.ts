import { differentiate } from '../language/differentiate.js';
import { linearIn } from '../language/linear.js';
import type { Node } from '../language/node.js';
import {
  type CellModel,
  type CellScheme,
  type CellState,
  keysOf,
  MEMBRANE_CURRENT,
  stateKeys,
} from './cell_model.js';
import type { CellNodes } from './cell_nodes.js';

/** What a state's step is made of: towards inf at a rate, from source - rate x, or from its derivative and its slope. */
export type StateStepNodes =
  | { readonly kind: 'relaxing'; readonly inf: Node; readonly rate: Node }
  | { readonly kind: 'linear'; readonly source: Node; readonly rate: Node }
  | { readonly kind: 'linearised'; readonly derivative: Node; readonly slope: Node };

export type GroupStepNodes =
  | { readonly group: CellState; readonly step: StateStepNodes }
  | { readonly group: CellScheme; readonly rates: readonly (readonly (Node | null)[])[] };

/** A step of staggered exponential Euler, in canonical form. */
export interface StepNodes {
  readonly groups: readonly GroupStepNodes[];
  /** Current through the membrane and its derivative by V, with the states after the step. */
  readonly current: Node;
  readonly conductance: Node;
  /** All of these. */
  readonly roots: readonly Node[];
}

/** The variable for the mean of a state before and after the step. */
export const middleOf = (key: string): string => `${key} middle`;
/** The variable for a state after the step. */
export const nextOf = (key: string): string => `${key} next`;

/** What a step computes: each state from the means of those before it in the order, V from all states after the step. */
export function stepNodes(model: CellModel, nodes: CellNodes): StepNodes {
  const { graph } = nodes;
  const groups: GroupStepNodes[] = [];
  const atMiddle = new Map<string, Node>();
  for (const group of model.groups) {
    const inContext = (node: Node) => graph.substitute(node, atMiddle);
    groups.push(
      group.kind === 'state'
        ? { group, step: stateNodes(nodes, group, inContext) }
        : { group, rates: schemeNodes(nodes, group, inContext) },
    );
    for (const key of keysOf(group)) atMiddle.set(key, graph.variable(middleOf(key)));
  }
  const after = new Map(stateKeys(model).map((key) => [key, graph.variable(nextOf(key))]));
  const current = graph.substitute(nodes.value(MEMBRANE_CURRENT), after);
  const conductance = differentiate(graph, current, 'V');
  return { groups, current, conductance, roots: [...groups.flatMap(nodesOf), current, conductance] };
}

function stateNodes(
  nodes: CellNodes,
  { key, rate, form }: CellState,
  inContext: (node: Node) => Node,
): StateStepNodes {
  const { graph } = nodes;
  if (form.kind === 'relaxing') {
    const [inf, tau] = [form.inf, form.tau].map((formula) => inContext(nodes.formula(formula)));
    if (!inf.variables.has(key) && !tau.variables.has(key))
      return { kind: 'relaxing', inf, rate: graph.power(tau, -1) };
  }
  const derivative = inContext(nodes.formula(rate));
  const linear = linearIn(graph, derivative, key);
  return linear
    ? { kind: 'linear', source: linear.rest, rate: graph.negate(linear.slope) }
    : { kind: 'linearised', derivative, slope: differentiate(graph, derivative, key) };
}

function schemeNodes(
  nodes: CellNodes,
  { keys, transitions }: CellScheme,
  inContext: (node: Node) => Node,
): (Node | null)[][] {
  const rates: (Node | null)[][] = keys.map(() => keys.map(() => null));
  for (const { from, to, rate } of transitions) {
    const node = inContext(nodes.formula(rate));
    const earlier = rates[from][to];
    rates[from][to] = earlier ? nodes.graph.add(earlier, node) : node;
  }
  return rates;
}

function nodesOf(entry: GroupStepNodes): Node[] {
  if ('rates' in entry) return entry.rates.flat().filter((node) => node !== null);
  const { step } = entry;
  if (step.kind === 'relaxing') return [step.inf, step.rate];
  return step.kind === 'linear' ? [step.source, step.rate] : [step.derivative, step.slope];
}
