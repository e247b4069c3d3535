import { CONDITIONS, NODE_FUNCTIONS } from './evaluate.js';
import { ExpressionTooLarge } from './expression_too_large.js';
import {
  type ConditionOperator,
  childrenOf,
  isPositive,
  type Node,
  type NodeFunction,
  type Power,
  type Term,
} from './node.js';

type Fresh = Node extends infer N ? (N extends Node ? Omit<N, 'id' | 'variables'> : never) : never;

const MOST_NODES = 50_000;
const NO_VARIABLES: ReadonlySet<string> = new Set();

/**
 * Expressions as hash-consed sums with numeric factors and products with numeric powers. Constants fold, equal parts are
 * one node, 1/(a/b) turns over. Products of sums are never multiplied out: g V - g E would lose the digits of g (V - E).
 */
export class ExpressionGraph {
  private readonly nodes = new Map<string, Node>();

  number(value: number): Node {
    return this.intern(`#${Object.is(value, -0) ? 0 : value}`, () => ({ kind: 'number', value }));
  }

  variable(name: string): Node {
    return this.intern(`$${name}`, () => ({ kind: 'variable', name }));
  }

  private intern(key: string, make: () => Fresh): Node {
    const known = this.nodes.get(key);
    if (known) return known;
    if (this.nodes.size >= MOST_NODES)
      throw new ExpressionTooLarge(`the formulas have more than ${MOST_NODES} parts`);
    const fresh = make() as Node;
    const node = { ...fresh, id: this.nodes.size, variables: variablesOf(fresh) } as Node;
    this.nodes.set(key, node);
    return node;
  }

  /** constant + sum of factor node; terms of one node are put together. */
  sum(constant: number, terms: readonly Term[]): Node {
    const byNode = new Map<Node, number>();
    let total = constant;
    for (const { node, factor } of terms) {
      if (node.kind === 'number') total = withoutRounding(total, node.value * factor);
      else byNode.set(node, withoutRounding(byNode.get(node) ?? 0, factor));
    }
    const left = [...byNode]
      .filter(([, factor]) => factor !== 0)
      .map(([node, factor]) => ({ node, factor }))
      .sort((a, b) => a.node.id - b.node.id);
    if (left.length === 0) return this.number(total);
    if (left.length === 1 && total === 0) return this.scaled(left[0].node, left[0].factor);
    const key = `+${total}|${left.map(({ node, factor }) => `${node.id}*${factor}`)}`;
    return this.intern(key, () => ({ kind: 'sum', constant: total, terms: left }));
  }

  private scaled(node: Node, factor: number): Node {
    if (factor === 1) return node;
    if (node.kind === 'number') return this.number(node.value * factor);
    if (node.kind === 'sum')
      return this.sum(
        node.constant * factor,
        node.terms.map((term) => ({ node: term.node, factor: term.factor * factor })),
      );
    const [inner, powers] = node.kind === 'product' ? [node.factor, node.powers] : [1, [{ node, power: 1 }]];
    return this.internProduct(inner * factor, powers);
  }

  private internProduct(factor: number, powers: readonly Power[]): Node {
    const key = `*${factor}|${powers.map(({ node, power }) => `${node.id}^${power}`)}`;
    return this.intern(key, () => ({ kind: 'product', factor, powers }));
  }

  /** factor times node^power for each; powers of one node are put together. */
  product(factor: number, powers: readonly Power[]): Node {
    let total = factor;
    const byNode = new Map<Node, number>();
    const exponents: Term[] = [];
    const add = ({ node, power }: Power): void => {
      if (node.kind === 'number') total *= node.value ** power;
      else if (node.kind === 'product' && power % 1 === 0) {
        total *= node.factor ** power;
        for (const inner of node.powers) add({ node: inner.node, power: inner.power * power });
      } else byNode.set(node, withoutRounding(byNode.get(node) ?? 0, power));
    };
    powers.forEach(add);
    for (const [node, power] of byNode)
      if (node.kind === 'call' && node.name === 'exp' && power !== 1) {
        exponents.push({ node: node.args[0], factor: power });
        byNode.delete(node);
      }
    // exp(a)^2 is exp(2 a); products of different exponentials stay, since each may be shared.
    for (const { node, factor: power } of exponents) {
      const exponential = this.call('exp', this.scaled(node, power));
      if (power === 0) continue;
      if (exponential.kind === 'number') total *= exponential.value;
      else byNode.set(exponential, (byNode.get(exponential) ?? 0) + 1);
    }
    if (total === 0) return this.number(0);
    const left = [...byNode]
      .filter(([, power]) => power !== 0)
      .map(([node, power]) => ({ node, power }))
      .sort((a, b) => a.node.id - b.node.id);
    if (left.length === 0) return this.number(total);
    if (left.length === 1 && left[0].power === 1) return this.scaled(left[0].node, total);
    return this.internProduct(total, left);
  }

  /** The node as constant + terms. */
  termsOf(node: Node): readonly [constant: number, terms: readonly Term[]] {
    if (node.kind === 'number') return [node.value, []];
    if (node.kind === 'sum') return [node.constant, node.terms];
    if (node.kind === 'product') return [0, [{ node: this.product(1, node.powers), factor: node.factor }]];
    return [0, [{ node, factor: 1 }]];
  }

  /** The node as factor times powers; a sum is scaled so that its first term has the factor 1. */
  powersOf(node: Node): readonly [factor: number, powers: readonly Power[]] {
    if (node.kind === 'number') return [node.value, []];
    if (node.kind === 'product') return [node.factor, node.powers];
    if (node.kind !== 'sum') return [1, [{ node, power: 1 }]];
    const { factor } = node.terms[0];
    return [factor, [{ node: this.scaled(node, 1 / factor), power: 1 }]];
  }

  add(a: Node, b: Node, factor = 1): Node {
    const [constant, terms] = this.termsOf(a);
    const [other, more] = this.termsOf(b);
    return this.sum(withoutRounding(constant, factor * other), [
      ...terms,
      ...more.map((term) => ({ node: term.node, factor: term.factor * factor })),
    ]);
  }

  multiply(a: Node, b: Node): Node {
    if (a.kind === 'number') return this.scaledOrZero(b, a.value);
    if (b.kind === 'number') return this.scaledOrZero(a, b.value);
    const [factor, powers] = this.powersOf(a);
    const [other, more] = this.powersOf(b);
    return this.product(factor * other, [...powers, ...more]);
  }

  private scaledOrZero(node: Node, factor: number): Node {
    return factor === 0 ? this.number(0) : this.scaled(node, factor);
  }

  negate(node: Node): Node {
    return this.scaledOrZero(node, -1);
  }

  divide(a: Node, b: Node): Node {
    return this.multiply(a, this.power(b, -1));
  }

  power(base: Node, power: number): Node {
    if (power === 0) return this.number(1);
    if (power === 1) return base;
    if (base.kind === 'number') return this.number(base.value ** power);
    if (base.kind === 'call' && base.name === 'exp')
      return this.call('exp', this.multiply(this.number(power), base.args[0]));
    const [factor, powers] = this.powersOf(base);
    const isSplit =
      power % 1 === 0 || (factor > 0 && powers.every((p) => p.power % 1 !== 0 || isPositive(p.node)));
    if (!isSplit) return this.product(1, [{ node: base, power }]);
    return this.product(
      factor ** power,
      powers.map((p) => ({ node: p.node, power: p.power * power })),
    );
  }

  call(name: NodeFunction, ...args: readonly Node[]): Node {
    const values = args.map((arg) => (arg.kind === 'number' ? arg.value : Number.NaN));
    if (args.every((arg) => arg.kind === 'number'))
      return this.number(NODE_FUNCTIONS[name](values[0], values[1]));
    if (name === 'log' && args[0].kind === 'call' && args[0].name === 'exp') return args[0].args[0];
    return this.intern(`${name}(${args.map((arg) => arg.id)})`, () => ({ kind: 'call', name, args }));
  }

  choice(condition: Node, yes: Node, no: Node): Node {
    if (yes === no) return yes;
    if (condition.kind === 'number') return condition.value !== 0 ? yes : no;
    const key = `?(${condition.id},${yes.id},${no.id})`;
    return this.intern(key, () => ({ kind: 'choice', condition, yes, no }));
  }

  condition(operator: ConditionOperator, left: Node, right: Node): Node {
    if (left.kind === 'number' && right.kind === 'number')
      return this.number(CONDITIONS[operator](left.value, right.value) ? 1 : 0);
    const key = `${operator}(${left.id},${right.id})`;
    return this.intern(key, () => ({ kind: 'condition', operator, left, right }));
  }

  /** The node rebuilt from below, each part replaced by what `replace` makes of it. */
  map(root: Node, replace: (node: Node) => Node, done: Map<Node, Node> = new Map()): Node {
    const known = done.get(root);
    if (known) return known;
    const inner = (node: Node) => this.map(node, replace, done);
    const result = replace(this.rebuilt(root, inner));
    done.set(root, result);
    return result;
  }

  private rebuilt(node: Node, inner: (node: Node) => Node): Node {
    switch (node.kind) {
      case 'number':
      case 'variable':
        return node;
      case 'sum':
        return node.terms.reduce<Node>(
          (total, term) => this.add(total, inner(term.node), term.factor),
          this.number(node.constant),
        );
      case 'product':
        return node.powers.reduce<Node>(
          (total, { node: base, power }) => this.multiply(total, this.power(inner(base), power)),
          this.number(node.factor),
        );
      case 'call':
        return this.call(node.name, ...node.args.map(inner));
      case 'choice':
        return this.choice(inner(node.condition), inner(node.yes), inner(node.no));
      case 'condition':
        return this.condition(node.operator, inner(node.left), inner(node.right));
      default:
        return node satisfies never;
    }
  }

  /** The node with variables replaced. */
  substitute(root: Node, values: ReadonlyMap<string, Node>): Node {
    return this.map(root, (node) => (node.kind === 'variable' ? (values.get(node.name) ?? node) : node));
  }
}

/** a + b, or 0 where they differ by rounding only. */
function withoutRounding(a: number, b: number): number {
  const total = a + b;
  return Math.abs(total) <= 1e-13 * Math.abs(a) ? 0 : total;
}

function variablesOf(node: Node): ReadonlySet<string> {
  if (node.kind === 'variable') return new Set([node.name]);
  const children = childrenOf(node);
  const largest = children.reduce<ReadonlySet<string>>(
    (set, child) => (child.variables.size > set.size ? child.variables : set),
    NO_VARIABLES,
  );
  const isComplete = children.every((child) => [...child.variables].every((name) => largest.has(name)));
  return isComplete ? largest : new Set(children.flatMap((child) => [...child.variables]));
}
