import type { ExpressionGraph } from './canonical.js';
import { evaluate } from './evaluate.js';
import { type ChoiceNode, childrenOf, type Node } from './node.js';

/**
 * A choice without the guards that old code needs: a limit or a series beside a removable singularity, a nudged voltage,
 * an exponential cut off where it is nothing, a minimum or maximum spelled out. Each is removed only by proof; otherwise the choice stays.
 */
export function withoutGuard(graph: ExpressionGraph, choice: ChoiceNode): Node {
  const { condition, yes, no } = choice;
  if (condition.kind !== 'condition') return choice;
  return (
    withoutLimit(graph, choice) ??
    withoutNudge(graph, choice) ??
    withoutCutOff(graph, choice) ??
    extremeOf(graph, condition.operator, condition.left, condition.right, yes, no) ??
    choice
  );
}

const isLimited = (node: Node, seen: Set<Node> = new Set()): boolean => {
  if (seen.has(node)) return false;
  seen.add(node);
  return (
    (node.kind === 'call' && node.name === 'linoid') ||
    childrenOf(node).some((child) => isLimited(child, seen))
  );
};

/** The value at the singularity itself, where every linoid is 1. */
const atLimit = (graph: ExpressionGraph, node: Node): Node =>
  graph.map(node, (part) => (part.kind === 'call' && part.name === 'linoid' ? graph.number(1) : part));

/** `|x| < eps ? limit : quotient`: the quotient alone where the other side is its limit or agrees with it beside it. */
function withoutLimit(graph: ExpressionGraph, { condition, yes, no }: ChoiceNode): Node | null {
  for (const [general, special] of [
    [no, yes],
    [yes, no],
  ]) {
    if (!isLimited(general) || isLimited(special)) continue;
    const limit = atLimit(graph, general);
    const difference = graph.add(limit, special, -1);
    const isEqual =
      difference.kind === 'number' &&
      (special.kind !== 'number' || Math.abs(difference.value) <= 1e-3 * Math.abs(special.value));
    if (agreesNearby(condition, general, special, special === yes, isEqual)) return general;
  }
  return null;
}

/**
 * Whether the special side is used on a small part of V only and is there within 5 % of the general one. A special value
 * that equals the limit may be used on so small a part that no V of the grid meets it.
 */
function agreesNearby(
  condition: Node,
  general: Node,
  special: Node,
  whenTrue: boolean,
  isLimit: boolean,
): boolean {
  const names = new Set([...condition.variables, ...general.variables, ...special.variables]);
  if (!names.has('V')) return false;
  let used = 0;
  for (let V = -150; V <= 100; V += 0.05) {
    const values = new Map([...names].map((name, i) => [name, name === 'V' ? V : 1.7 + i]));
    if ((evaluate(condition, values) !== 0) !== whenTrue) continue;
    used++;
    const [a, b] = [evaluate(special, values), evaluate(general, values)];
    if (!(Math.abs(a - b) <= 0.05 * Math.abs(b))) return false;
  }
  return used <= 60 && (used > 0 || isLimit);
}

/** `V == V0 ? V + 0.0001 : V`: the branch for all other values. */
function withoutNudge(graph: ExpressionGraph, { condition, yes, no }: ChoiceNode): Node | null {
  if (condition.kind !== 'condition') return null;
  const { operator } = condition;
  if (operator !== '==' && operator !== '!=') return null;
  const [special, general] = operator === '==' ? [yes, no] : [no, yes];
  const nudge = graph.add(special, general, -1);
  return nudge.kind === 'number' && Math.abs(nudge.value) <= 1e-2 ? general : null;
}

/** `x < -50 ? 0 : exp(x)`: the exponential, which is nothing there. */
function withoutCutOff(graph: ExpressionGraph, { condition, yes, no }: ChoiceNode): Node | null {
  if (condition.kind !== 'condition') return null;
  const { operator, left, right } = condition;
  const isLess = operator === '<' || operator === '<=';
  if (!isLess && operator !== '>' && operator !== '>=') return null;
  const [below, above] = isLess ? [yes, no] : [no, yes];
  if (below.kind !== 'number' || below.value !== 0 || above.kind !== 'call' || above.name !== 'exp')
    return null;
  const margin = graph.add(graph.add(left, right, -1), above.args[0], -1);
  return margin.kind === 'number' && margin.value > 15 ? above : null;
}

/** `a < b ? b : a` is a maximum. */
function extremeOf(
  graph: ExpressionGraph,
  operator: string,
  left: Node,
  right: Node,
  yes: Node,
  no: Node,
): Node | null {
  const isLess = operator === '<' || operator === '<=';
  if (!isLess && operator !== '>' && operator !== '>=') return null;
  if (yes === left && no === right) return graph.call(isLess ? 'min' : 'max', left, right);
  if (yes === right && no === left) return graph.call(isLess ? 'max' : 'min', left, right);
  return null;
}
