import type { ExpressionGraph } from './canonical.js';
import { evaluate } from './evaluate.js';
import { childrenOf, type Node } from './node.js';

/** exp(exponent) as factor * exp(base)^power. */
export interface SharedExponential {
  readonly base: Node;
  readonly power: number;
  readonly factor: number;
}

/** Largest power of a shared exponential: each doubles the rounding error of the one below. */
const MOST_POWER = 12;
/** Largest |exponent| within the range of V: float32 holds exp(88). */
const LARGEST_EXPONENT = 80;
/** Range of V in mV within which shared exponentials must be finite. */
const V_RANGE = [-150, 100] as const;

/**
 * Exponentials whose exponents point in one direction become whole powers of one of them: exp((10-u)/5) is the 8th power
 * of exp((10-u)/40). By exponent; exponents left out are computed alone. `values` are typical values of the variables
 * other than V, for which no power may overflow.
 */
export function shareExponentials(
  graph: ExpressionGraph,
  roots: readonly Node[],
  values: ReadonlyMap<string, number>,
): Map<Node, SharedExponential> {
  const plan = new Map<Node, SharedExponential>();
  for (const group of byDirection(graph, exponentsIn(roots)).values()) {
    let left = group.filter(({ node }) => largestMagnitude(node, values) < LARGEST_EXPONENT);
    while (left.length > 1) {
      const best = left
        .map((base) => ({ base, served: left.filter((other) => isWholeMultiple(other, base)) }))
        .reduce((a, b) => (rank(b) > rank(a) ? b : a));
      if (best.served.length < 2) break;
      const { base, served } = best;
      for (const { node, constant, factor } of served) {
        const power = Math.round(factor / base.factor);
        plan.set(node, { base: base.node, power, factor: Math.exp(constant - power * base.constant) });
      }
      left = left.filter((exponent) => !served.includes(exponent));
    }
  }
  return plan;
}

interface Exponent {
  readonly node: Node;
  readonly constant: number;
  /** Factor of the first term; the others follow from the direction. */
  readonly factor: number;
}

const rank = ({ base, served }: { base: Exponent; served: readonly Exponent[] }): number =>
  served.length + served.filter((other) => other.factor / base.factor > 0).length / 1000;

function isWholeMultiple(other: Exponent, base: Exponent): boolean {
  const ratio = other.factor / base.factor;
  const power = Math.round(ratio);
  return (
    power !== 0 &&
    Math.abs(power) <= MOST_POWER &&
    Math.abs(ratio - power) < 1e-6 &&
    Math.abs(other.constant - power * base.constant) < LARGEST_EXPONENT / 2
  );
}

function exponentsIn(roots: readonly Node[]): Set<Node> {
  const exponents = new Set<Node>();
  const seen = new Set<Node>();
  const collect = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    childrenOf(node).forEach(collect);
    if (node.kind === 'call' && (node.name === 'exp' || node.name === 'linoid')) exponents.add(node.args[0]);
  };
  roots.forEach(collect);
  return exponents;
}

function byDirection(graph: ExpressionGraph, exponents: Iterable<Node>): Map<string, Exponent[]> {
  const groups = new Map<string, Exponent[]>();
  for (const node of exponents) {
    const [constant, terms] = graph.termsOf(node);
    if (terms.length === 0) continue;
    const { factor } = terms[0];
    const direction = terms.map((term) => `${term.node.id}:${(term.factor / factor).toPrecision(9)}`).join();
    groups.set(direction, [...(groups.get(direction) ?? []), { node, constant, factor }]);
  }
  return groups;
}

/** Largest |exponent| at the ends of the range of V: exponents that are shared are nearly always linear in it. */
function largestMagnitude(exponent: Node, values: ReadonlyMap<string, number>): number {
  const known = [...exponent.variables].every((name) => name === 'V' || values.has(name));
  if (!known) return Number.POSITIVE_INFINITY;
  return Math.max(
    ...V_RANGE.map((V) => Math.abs(evaluate(exponent, new Map([...values, ['V', V] as const])))),
  );
}
