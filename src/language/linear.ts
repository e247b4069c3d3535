import type { ExpressionGraph } from './canonical.js';
import type { Node } from './node.js';

/** slope x + rest. */
export interface LinearForm {
  readonly slope: Node;
  readonly rest: Node;
}

/** An expression as slope * variable + rest, found by its structure; null where it is not linear in the variable. */
export function linearIn(graph: ExpressionGraph, node: Node, variable: string): LinearForm | null {
  const zero = graph.number(0);
  if (!node.variables.has(variable)) return { slope: zero, rest: node };
  switch (node.kind) {
    case 'variable':
      return { slope: graph.number(1), rest: zero };
    case 'sum': {
      let slope = zero;
      let rest = graph.number(node.constant);
      for (const term of node.terms) {
        const part = linearIn(graph, term.node, variable);
        if (!part) return null;
        slope = graph.add(slope, part.slope, term.factor);
        rest = graph.add(rest, part.rest, term.factor);
      }
      return { slope, rest };
    }
    case 'product': {
      const dependent = node.powers.filter((power) => power.node.variables.has(variable));
      if (dependent.length !== 1 || dependent[0].power !== 1) return null;
      const part = linearIn(graph, dependent[0].node, variable);
      if (!part) return null;
      const others = graph.product(
        node.factor,
        node.powers.filter((power) => power !== dependent[0]),
      );
      return { slope: graph.multiply(others, part.slope), rest: graph.multiply(others, part.rest) };
    }
    default:
      return null;
  }
}
