import type { ExpressionGraph } from '../language/canonical.js';
import type { Node, ProductNode } from '../language/node.js';

/**
 * Takes what depends on constants alone out of formulas: whole expressions (a temperature factor, a steady state without
 * V) and the constant factors of products (1 / tauMax). Each becomes a variable, to be computed once before a run. Terms of
 * sums stay: V - VT - 13 and V - VT - 40 have to keep their common direction for shared exponentials.
 */
export class Hoisting {
  private readonly byVariable = new Map<string, Node>();
  private readonly done = new Map<Node, Node>();

  constructor(
    private readonly graph: ExpressionGraph,
    private readonly constants: ReadonlySet<string>,
  ) {}

  /** Whether a formula reads constants and nothing else. */
  isConstant(node: Node): boolean {
    if (node.variables.size === 0) return false;
    return [...node.variables].every((name) => this.constants.has(name) || this.byVariable.has(name));
  }

  /** What a variable of a hoisted formula stands for, over constants; undefined for other variables. */
  meaningOf(variable: string): Node | undefined {
    return this.byVariable.get(variable);
  }

  /** The formula over hoisted variables. */
  hoisted(node: Node): Node {
    if (this.constants.size === 0) return node;
    return this.graph.map(node, (part) => this.replaced(part), this.done);
  }

  private replaced(node: Node): Node {
    if (node.kind === 'number' || node.kind === 'variable') return node;
    if (this.isConstant(node)) return this.variableFor(node);
    return node.kind === 'product' ? this.product(node) : node;
  }

  private product(node: ProductNode): Node {
    const isOutside = (base: Node) => this.isConstant(base);
    const outside = node.powers.filter((power) => isOutside(power.node));
    const isPlain = outside.length === 1 && outside[0].power === 1;
    if (outside.length === 0 || isPlain) return node;
    const constant = this.variableFor(this.graph.product(1, outside));
    const others = node.powers.filter((power) => !isOutside(power.node));
    return this.graph.product(node.factor, [...others, { node: constant, power: 1 }]);
  }

  private variableFor(node: Node): Node {
    const meaning = this.graph.substitute(node, this.byVariable);
    const name = `hoisted ${meaning.id}`;
    this.byVariable.set(name, meaning);
    return this.graph.variable(name);
  }
}
