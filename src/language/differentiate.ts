import type { ExpressionGraph } from './canonical.js';
import type { CallNode, Node } from './node.js';

/** The derivative of an expression; a choice is differentiated on each side, its condition is held. */
export function differentiate(
  graph: ExpressionGraph,
  node: Node,
  variable: string,
  done: Map<Node, Node> = new Map(),
): Node {
  if (!node.variables.has(variable)) return graph.number(0);
  const known = done.get(node);
  if (known) return known;
  const slope = slopeOf(graph, node, (part) => differentiate(graph, part, variable, done));
  done.set(node, slope);
  return slope;
}

function slopeOf(graph: ExpressionGraph, node: Node, inner: (node: Node) => Node): Node {
  const zero = graph.number(0);
  switch (node.kind) {
    case 'variable':
      return graph.number(1);
    case 'sum':
      return node.terms.reduce((total, term) => graph.add(total, inner(term.node), term.factor), zero);
    case 'product':
      return node.powers.reduce((total, { node: base, power }) => {
        const others = graph.product(
          node.factor * power,
          node.powers.map((p) => (p.node === base ? { node: base, power: power - 1 } : p)),
        );
        return graph.add(total, graph.multiply(others, inner(base)));
      }, zero);
    case 'choice':
      return graph.choice(node.condition, inner(node.yes), inner(node.no));
    case 'call':
      return slopeOfCall(graph, node, inner);
    default:
      return zero;
  }
}

function slopeOfCall(graph: ExpressionGraph, node: CallNode, inner: (node: Node) => Node): Node {
  const [x, y] = node.args;
  const chain = (outer: Node) => graph.multiply(outer, inner(x));
  switch (node.name) {
    case 'exp':
      return chain(node);
    case 'log':
      return chain(graph.power(x, -1));
    case 'abs':
      return chain(graph.call('sign', x));
    case 'sin':
      return chain(graph.call('cos', x));
    case 'cos':
      return chain(graph.negate(graph.call('sin', x)));
    case 'sinh':
      return chain(graph.call('cosh', x));
    case 'cosh':
      return chain(graph.call('sinh', x));
    case 'tanh':
      return chain(graph.add(graph.number(1), graph.power(node, 2), -1));
    case 'linoid':
      return chain(graph.call('linoidSlope', x));
    case 'min':
      return graph.choice(graph.condition('<', x, y), inner(x), inner(y));
    case 'max':
      return graph.choice(graph.condition('>', x, y), inner(x), inner(y));
    case 'sign':
      return graph.number(0);
    case 'linoidSlope':
      throw new Error('second derivatives of linoid are not needed');
    default:
      return node.name satisfies never;
  }
}
