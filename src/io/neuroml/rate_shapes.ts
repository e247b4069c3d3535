import type { ExpressionGraph } from '../../language/canonical.js';
import { linearIn } from '../../language/linear.js';
import type { Node } from '../../language/node.js';

/**
 * The forms that NeuroML has names for, with x = (V - midpoint) / scale: rate exp(x), rate / (1 + exp(-x)) and
 * rate x / (1 - exp(-x)).
 */
export interface RateShape {
  readonly form: 'HHExp' | 'HHSigmoid' | 'HHExpLinear';
  readonly rate: number;
  /** mV */
  readonly midpoint: number;
  readonly scale: number;
}

/** The form of a function of V, or null where it has none of them. */
export function shapeOf(graph: ExpressionGraph, node: Node): RateShape | null {
  const [rate, powers] = graph.powersOf(node);
  if (powers.length !== 1) return null;
  const [{ node: base, power }] = powers;
  if (base.kind === 'call' && power === 1) {
    const x = affine(graph, base.args[0], 'V');
    if (!x) return null;
    if (base.name === 'exp') return { form: 'HHExp', rate, midpoint: -x.rest / x.slope, scale: 1 / x.slope };
    // linoid(x) = x / (exp(x) - 1) = -x / (1 - exp(x))
    if (base.name === 'linoid')
      return { form: 'HHExpLinear', rate, midpoint: -x.rest / x.slope, scale: -1 / x.slope };
    return null;
  }
  if (base.kind !== 'sum' || power !== -1 || base.terms.length !== 1 || !(base.constant > 0)) return null;
  const [{ node: term, factor }] = base.terms;
  if (term.kind !== 'call' || term.name !== 'exp' || !(factor > 0)) return null;
  const x = affine(graph, term.args[0], 'V');
  if (!x) return null;
  // 1 / (c + f exp(x)) = 1/c / (1 + exp(x + log(f/c)))
  const rest = x.rest + Math.log(factor / base.constant);
  return { form: 'HHSigmoid', rate: rate / base.constant, midpoint: -rest / x.slope, scale: -1 / x.slope };
}

/** slope variable + rest, both numbers and the slope not 0; null for any other node. */
function affine(
  graph: ExpressionGraph,
  node: Node,
  variable: string,
): { readonly slope: number; readonly rest: number } | null {
  const linear = linearIn(graph, node, variable);
  if (linear?.slope.kind !== 'number' || linear.rest.kind !== 'number' || linear.slope.value === 0)
    return null;
  return { slope: linear.slope.value, rest: linear.rest.value };
}

/** q10^((celsius - experimental) / 10). */
export interface TemperatureFactor {
  readonly q10: number;
  readonly experimental_C: number;
}

/** A node as another times a factor of the temperature; the factor is null where it has none. */
export function withoutTemperature(
  graph: ExpressionGraph,
  node: Node,
): { readonly rest: Node; readonly factor: TemperatureFactor | null } {
  const [number, powers] = graph.powersOf(node);
  for (const one of powers) {
    if (one.power !== 1 || one.node.kind !== 'call' || one.node.name !== 'exp') continue;
    const x = affine(graph, one.node.args[0], 'celsius');
    if (!x) continue;
    const rest = graph.product(
      number,
      powers.filter((power) => power !== one),
    );
    return { rest, factor: { q10: Math.exp(10 * x.slope), experimental_C: -x.rest / x.slope } };
  }
  return { rest: node, factor: null };
}

/** Whether two factors are one up to rounding. */
export const isSameFactor = (a: TemperatureFactor | null, b: TemperatureFactor | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    Math.abs(a.q10 / b.q10 - 1) < 1e-9 &&
    Math.abs(a.experimental_C - b.experimental_C) < 1e-6);
