import { differentiate } from '../language/differentiate.js';
import { linearIn } from '../language/linear.js';
import type { Node } from '../language/node.js';
import {
  type CellModel,
  type CellScheme,
  type CellState,
  isAtWholeSteps,
  keysOf,
  MEMBRANE_CURRENT,
} from './cell_model.js';
import type { CellNodes } from './cell_nodes.js';
import { LARGEST_GROWTH } from './step_tape.js';

/**
 * What a state's exponential step is made of: towards inf at a rate, from source - rate x, or from its derivative and its
 * slope. Where the rate is constant in a run, so are the share of the way to inf and dt relaxation(dt rate), the span.
 */
export type StateStepNodes =
  | { readonly kind: 'shared'; readonly inf: Node; readonly share: Node }
  | { readonly kind: 'relaxing'; readonly inf: Node; readonly rate: Node }
  | { readonly kind: 'spanned'; readonly source: Node; readonly rate: Node; readonly span: Node }
  | { readonly kind: 'linear'; readonly source: Node; readonly rate: Node }
  | { readonly kind: 'linearised'; readonly derivative: Node; readonly slope: Node };

/** Rates of a scheme's transitions, from each state to each; null where there is none. */
export type SchemeNodes = readonly (readonly (Node | null)[])[];

export type GroupStepNodes =
  | { readonly group: CellState; readonly step: StateStepNodes }
  | { readonly group: CellScheme; readonly rates: SchemeNodes };

/** A step of exponential Euler, in canonical form. */
export interface ExponentialNodes {
  readonly groups: readonly GroupStepNodes[];
  /** Current through the membrane and its derivative by V; staggered: with the states after the step. */
  readonly current: Node;
  readonly conductance: Node;
  /** All of these. */
  readonly roots: readonly Node[];
}

export interface ExponentialOptions {
  readonly dtMs: number;
  /** Whether V takes the states after the step, and a state the means of those before it in the order. */
  readonly isStaggered: boolean;
  /** Whether a formula is a constant of the run. */
  isConstant(node: Node): boolean;
}

/** The variable for the mean of a state before and after the step. */
export const middleOf = (key: string): string => `${key} middle`;
/** The variable for a state after the step. */
export const nextOf = (key: string): string => `${key} next`;

export function exponentialNodes(
  model: CellModel,
  nodes: CellNodes,
  options: ExponentialOptions,
): ExponentialNodes {
  const { graph } = nodes;
  const groups: GroupStepNodes[] = [];
  const atMiddle = new Map<string, Node>();
  for (const group of model.groups) {
    const inContext = (node: Node) => graph.substitute(node, atMiddle);
    groups.push(
      group.kind === 'state'
        ? { group, step: stateNodes(nodes, group, inContext, options) }
        : { group, rates: schemeNodes(nodes, group, inContext) },
    );
    if (options.isStaggered)
      for (const key of keysOf(group)) atMiddle.set(key, graph.variable(middleOf(key)));
  }
  const after = new Map(
    options.isStaggered
      ? model.groups.flatMap((group) => {
          const taken = isAtWholeSteps(group) ? middleOf : nextOf;
          return keysOf(group).map((key) => [key, graph.variable(taken(key))] as const);
        })
      : [],
  );
  const current = graph.substitute(nodes.value(MEMBRANE_CURRENT), after);
  const conductance = differentiate(graph, current, 'V');
  return { groups, current, conductance, roots: [...groups.flatMap(nodesOf), current, conductance] };
}

function stateNodes(
  nodes: CellNodes,
  { key, rate, form }: CellState,
  inContext: (node: Node) => Node,
  { dtMs, isConstant }: ExponentialOptions,
): StateStepNodes {
  const { graph } = nodes;
  /** dt relaxation(dt rate) of a constant rate, null of others; relaxation(x) is 1 / linoid(-x). */
  const spanOf = (rate: Node): Node | null => {
    if (rate.kind !== 'number' && !isConstant(rate)) return null;
    const growth = graph.call('min', graph.multiply(graph.number(-dtMs), rate), graph.number(LARGEST_GROWTH));
    return graph.multiply(graph.number(dtMs), graph.power(graph.call('linoid', growth), -1));
  };
  if (form.kind === 'relaxing') {
    const [inf, tau] = [form.inf, form.tau].map((formula) => inContext(nodes.formula(formula)));
    if (!inf.variables.has(key) && !tau.variables.has(key)) {
      const relaxation = graph.power(tau, -1);
      const span = spanOf(relaxation);
      return span
        ? { kind: 'shared', inf, share: graph.multiply(relaxation, span) }
        : { kind: 'relaxing', inf, rate: relaxation };
    }
  }
  const derivative = inContext(nodes.formula(rate));
  const linear = linearIn(graph, derivative, key);
  if (!linear) return { kind: 'linearised', derivative, slope: differentiate(graph, derivative, key) };
  const { rest: source } = linear;
  const decay = graph.negate(linear.slope);
  const span = spanOf(decay);
  return span ? { kind: 'spanned', source, rate: decay, span } : { kind: 'linear', source, rate: decay };
}

function schemeNodes(
  nodes: CellNodes,
  { keys, transitions }: CellScheme,
  inContext: (node: Node) => Node,
): SchemeNodes {
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
  switch (step.kind) {
    case 'shared':
      return [step.inf, step.share];
    case 'relaxing':
      return [step.inf, step.rate];
    case 'spanned':
      return [step.source, step.rate, step.span];
    case 'linear':
      return [step.source, step.rate];
    case 'linearised':
      return [step.derivative, step.slope];
    default:
      return step satisfies never;
  }
}

/** Time derivatives of a cell's states, in canonical form. */
export interface SlopeNodes {
  readonly groups: readonly (
    | { readonly group: CellState; readonly slope: Node }
    | { readonly group: CellScheme; readonly rates: SchemeNodes }
  )[];
  readonly current: Node;
  /** All of these. */
  readonly roots: readonly Node[];
}

export function slopeNodes(model: CellModel, nodes: CellNodes): SlopeNodes {
  const groups = model.groups.map((group) =>
    group.kind === 'state'
      ? { group, slope: nodes.formula(group.rate) }
      : { group, rates: schemeNodes(nodes, group, (node) => node) },
  );
  const current = nodes.value(MEMBRANE_CURRENT);
  const own = groups.flatMap((entry) =>
    'rates' in entry ? entry.rates.flat().filter((node) => node !== null) : [entry.slope],
  );
  return { groups, current, roots: [...own, current] };
}
