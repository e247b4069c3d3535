import type { ConditionOperator, Node, NodeFunction } from './node.js';

/** Comparisons and connectives; anything but 0 counts as true. */
export const CONDITIONS: Record<ConditionOperator, (a: number, b: number) => boolean> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '&&': (a, b) => a !== 0 && b !== 0,
  '||': (a, b) => a !== 0 || b !== 0,
};

/** x / (exp(x) - 1), continued by 1 at x = 0. */
export function linoid(x: number): number {
  return Math.abs(x) < 1e-12 ? 1 - x / 2 : x / Math.expm1(x);
}

/** Derivative of {@link linoid}; its series near 0, where the quotient loses digits. */
export function linoidSlope(x: number): number {
  if (Math.abs(x) < 0.02) return -0.5 + x / 6 - x ** 3 / 180 + x ** 5 / 5040;
  if (x > 40) return (1 - x) * Math.exp(-x);
  const e = Math.expm1(x);
  return (e - x * Math.exp(x)) / e ** 2;
}

/** The function nodes in float64. */
export const NODE_FUNCTIONS: Record<NodeFunction, (a: number, b: number) => number> = {
  exp: Math.exp,
  log: Math.log,
  abs: Math.abs,
  sign: Math.sign,
  min: Math.min,
  max: Math.max,
  sin: Math.sin,
  cos: Math.cos,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  linoid,
  linoidSlope,
};

/** The value of a node in float64 for values of its variables; every variable must have one. */
export function evaluate(root: Node, values: ReadonlyMap<string, number>): number {
  return evaluated(root, values, new Map(), (value) => value);
}

/** The value of a node with every part rounded to float32, as a shader computes it: what is too large is infinite. */
export function evaluateFloat32(root: Node, values: ReadonlyMap<string, number>): number {
  return evaluated(root, values, new Map(), Math.fround);
}

function evaluated(
  root: Node,
  values: ReadonlyMap<string, number>,
  done: Map<Node, number>,
  round: (value: number) => number,
): number {
  const known = done.get(root);
  if (known !== undefined) return known;
  const result = round(valueOfNode(root, values, (node) => evaluated(node, values, done, round)));
  done.set(root, result);
  return result;
}

function valueOfNode(node: Node, values: ReadonlyMap<string, number>, inner: (node: Node) => number): number {
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'variable': {
      const value = values.get(node.name);
      if (value === undefined) throw new Error(`"${node.name}" has no value`);
      return value;
    }
    case 'sum':
      return node.terms.reduce((total, term) => total + term.factor * inner(term.node), node.constant);
    case 'product':
      return node.powers.reduce((total, { node: base, power }) => total * inner(base) ** power, node.factor);
    case 'call':
      return NODE_FUNCTIONS[node.name](inner(node.args[0]), node.args[1] ? inner(node.args[1]) : Number.NaN);
    case 'choice':
      return inner(node.condition) !== 0 ? inner(node.yes) : inner(node.no);
    case 'condition':
      return CONDITIONS[node.operator](inner(node.left), inner(node.right)) ? 1 : 0;
    default:
      return node satisfies never;
  }
}
