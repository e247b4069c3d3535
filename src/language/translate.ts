import type { ExpressionGraph } from './canonical.js';
import type { Expression } from './expression.js';
import type { FunctionName } from './functions.js';
import type { Node } from './node.js';

/**
 * The canonical form of a formula whose units were checked. `resolve` says what a name means: a variable, a number or
 * another formula's node.
 */
export function translate(
  graph: ExpressionGraph,
  formula: Expression,
  resolve: (name: string) => Node,
): Node {
  const inner = (part: Expression) => translate(graph, part, resolve);
  switch (formula.kind) {
    case 'number':
      return graph.number(formula.value);
    case 'name':
      return resolve(formula.name);
    case 'negative':
      return graph.negate(inner(formula.of));
    case 'not':
      return graph.condition('==', inner(formula.of), graph.number(0));
    case 'choice':
      return graph.choice(inner(formula.condition), inner(formula.yes), inner(formula.no));
    case 'call':
      return translateCall(graph, formula.name as FunctionName, formula.args.map(inner));
    case 'binary':
      break;
    default:
      return formula satisfies never;
  }
  const [left, right] = [inner(formula.left), inner(formula.right)];
  switch (formula.operator) {
    case '+':
      return graph.add(left, right);
    case '-':
      return graph.add(left, right, -1);
    case '*':
      return graph.multiply(left, right);
    case '/':
      return graph.divide(left, right);
    case '^':
      if (right.kind === 'number') return graph.power(left, right.value);
      return graph.call('exp', graph.multiply(right, graph.call('log', left)));
    default:
      return graph.condition(formula.operator, left, right);
  }
}

function translateCall(graph: ExpressionGraph, name: FunctionName, args: readonly Node[]): Node {
  switch (name) {
    case 'sqrt':
      return graph.power(args[0], 0.5);
    case 'log10':
      return graph.multiply(graph.number(Math.LOG10E), graph.call('log', args[0]));
    case 'exprel':
      return graph.power(graph.call('linoid', args[0]), -1);
    default:
      return graph.call(name, ...args);
  }
}
