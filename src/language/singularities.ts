import type { ExpressionGraph } from './canonical.js';
import { withoutGuard } from './guards.js';
import type { CallNode, Node, ProductNode, Term } from './node.js';

/**
 * Writes x / (exp(x) - 1) in any disguise as linoid(x), which is finite at x = 0: quotients whose numerator is
 * proportional to the exponent, also by parameters (a (V - V0) / (1 - exp((V0 - V)/k)), the GHK current), with a factor
 * within the denominator (a - a exp(x)) or two exponentials there. Conditions that guarded such a quotient are removed with it.
 * exp(x) / (1 + exp(x)), which is infinity over infinity in float32 from x = 88 on, becomes 1 / (1 + exp(-x)).
 */
export function removeSingularities(graph: ExpressionGraph, root: Node, done: Map<Node, Node>): Node {
  const remove = (node: Node): Node => {
    if (node.kind === 'choice') return withoutGuard(graph, node);
    if (node.kind !== 'product') return node;
    const product = withoutQuotient(graph, node);
    return product.kind === 'product' ? withoutOverflow(graph, product) : product;
  };
  return graph.map(root, remove, done);
}

/** A denominator as outside * (1 - exp(exponent)). */
interface ZeroOfExponential {
  readonly outside: Node;
  readonly exponent: Node;
}

function withoutQuotient(graph: ExpressionGraph, product: ProductNode): Node {
  for (const denominator of product.powers) {
    if (denominator.power >= 0) continue;
    const zero = zeroOfExponential(graph, denominator.node);
    if (!zero) continue;
    const [factor, parts] = graph.powersOf(zero.exponent);
    for (const numerator of product.powers) {
      if (numerator.power < 1 || numerator === denominator) continue;
      const part = parts.find(({ node, power }) => power === 1 && isSame(node, numerator.node));
      if (!part) continue;
      // The exponent is rest * numerator, so numerator / (1 - exp(exponent)) is -linoid(exponent) / rest.
      const rest = graph.product(
        factor,
        parts.filter((p) => p !== part),
      );
      const others = graph.product(product.factor, [
        ...product.powers.filter((p) => p !== numerator && p !== denominator),
        { node: numerator.node, power: numerator.power - 1 },
        { node: denominator.node, power: denominator.power + 1 },
      ]);
      const quotient = graph.divide(graph.negate(graph.call('linoid', zero.exponent)), rest);
      const result = graph.multiply(graph.divide(others, zero.outside), quotient);
      return result.kind === 'product' ? withoutQuotient(graph, result) : result;
    }
  }
  return product;
}

function zeroOfExponential(graph: ExpressionGraph, node: Node): ZeroOfExponential | null {
  // tanh(x) = -(1 - exp(2 x)) / (1 + exp(2 x)) and sinh(x) = -(1 - exp(2 x)) exp(-x) / 2.
  if (node.kind === 'call' && (node.name === 'tanh' || node.name === 'sinh')) {
    const exponent = graph.multiply(graph.number(2), node.args[0]);
    const outside =
      node.name === 'tanh'
        ? graph.power(graph.add(graph.number(1), graph.call('exp', exponent)), -1)
        : graph.multiply(graph.number(0.5), graph.call('exp', graph.negate(node.args[0])));
    return { outside: graph.negate(outside), exponent };
  }
  if (node.kind !== 'sum') return null;
  const parts = node.terms.map((term) => exponentialTerm(graph, term));
  if (node.constant !== 0)
    parts.push({ factor: node.constant, outside: graph.number(1), exponent: graph.number(0) });
  if (parts.length !== 2) return null;
  const [one, other] = parts[0].exponent.kind === 'number' ? [parts[1], parts[0]] : parts;
  const ratio = -one.factor / other.factor;
  if (!(ratio > 0) || !isSame(one.outside, other.outside) || one.exponent.kind === 'number') return null;
  return {
    outside: graph.product(other.factor, [
      { node: other.outside, power: 1 },
      { node: graph.call('exp', other.exponent), power: 1 },
    ]),
    exponent: graph.add(graph.add(one.exponent, other.exponent, -1), graph.number(Math.log(ratio))),
  };
}

/** A term as factor * outside * exp(exponent). */
function exponentialTerm(graph: ExpressionGraph, { node, factor }: Term) {
  const isExponential = (part: Node): part is CallNode => part.kind === 'call' && part.name === 'exp';
  if (isExponential(node)) return { factor, outside: graph.number(1), exponent: node.args[0] };
  const none = { factor, outside: node, exponent: graph.number(0) };
  if (node.kind !== 'product') return none;
  const exponential = node.powers.find((power) => power.power === 1 && isExponential(power.node))?.node;
  if (exponential?.kind !== 'call') return none;
  const others = node.powers.filter((power) => power.node !== exponential);
  return { factor, outside: graph.product(node.factor, others), exponent: exponential.args[0] };
}

function withoutOverflow(graph: ExpressionGraph, product: ProductNode): Node {
  for (const numerator of product.powers) {
    const { node: exponential, power } = numerator;
    if (power !== 1 || exponential.kind !== 'call' || exponential.name !== 'exp') continue;
    const denominator = product.powers.find(
      (other) =>
        other.power === -1 &&
        other.node.kind === 'sum' &&
        other.node.terms.some((term) => term.node === exponential),
    );
    if (denominator?.node.kind !== 'sum') continue;
    const inverse = graph.call('exp', graph.negate(exponential.args[0]));
    const { constant, terms } = denominator.node;
    const divided = terms.reduce<Node>(
      (total, term) =>
        graph.add(
          total,
          term.node === exponential ? graph.number(1) : graph.multiply(term.node, inverse),
          term.factor,
        ),
      graph.multiply(graph.number(constant), inverse),
    );
    const others = product.powers.filter((p) => p !== numerator && p !== denominator);
    return graph.divide(graph.product(product.factor, others), divided);
  }
  return product;
}

/** Whether two nodes are equal up to rounding of their numbers. */
function isSame(a: Node, b: Node): boolean {
  if (a === b) return true;
  if (a.kind !== 'sum' || b.kind !== 'sum' || a.terms.length !== b.terms.length) return false;
  return (
    Math.abs(a.constant - b.constant) <= 1e-9 * (1 + Math.abs(a.constant)) &&
    a.terms.every(
      ({ node, factor }, i) =>
        node === b.terms[i].node && Math.abs(factor - b.terms[i].factor) <= 1e-9 * Math.abs(factor),
    )
  );
}
