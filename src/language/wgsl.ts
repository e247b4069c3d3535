import type { ExpressionGraph } from './canonical.js';
import { type CallNode, childrenOf, type Node, type Power, type ProductNode, type SumNode } from './node.js';
import type { SharedExponential } from './share_exponentials.js';

export interface WgslOptions {
  /** The text of a variable; its own name where there is none. */
  readonly names: ReadonlyMap<string, string>;
  readonly shared: ReadonlyMap<Node, SharedExponential>;
  /** What the names of temporary values begin with. */
  readonly prefix: string;
}

/** A float32 literal: nine digits tell every float32 from its neighbours. */
export function float32Literal(value: number): string {
  const text = String(Number(value.toPrecision(9)));
  if (text.includes('.')) return text;
  return text.includes('e') ? text.replace('e', '.0e') : `${text}.0`;
}

const isAtom = (text: string): boolean => /^[\w.]+$/.test(text);

/**
 * WGSL of expressions: `lines` compute shared parts once, {@link WgslEmitter.textOf} is an expression over them. The text
 * uses the functions `linoid(x, exp_x)` of shaders/common and, where a derivative needs it, `linoid_slope(x, linoid_x)`.
 */
export class WgslEmitter {
  readonly lines: string[] = [];
  private readonly texts = new Map<Node, string>();
  private readonly uses = new Map<Node, number>();
  /** How many products each part divides. */
  private readonly divided = new Map<Node, number>();
  private readonly powers = new Map<string, string>();
  private readonly exponentials = new Map<Node, string>();
  private temporaries = 0;

  constructor(
    private readonly graph: ExpressionGraph,
    private readonly options: WgslOptions,
    roots: readonly Node[],
  ) {
    for (const root of roots) this.countUses(root);
  }

  private countUses(node: Node): void {
    const uses = (this.uses.get(node) ?? 0) + 1;
    this.uses.set(node, uses);
    if (uses > 1) return;
    for (const child of childrenOf(node)) this.countUses(child);
    if (node.kind === 'call' && node.name === 'linoidSlope') this.countUses(this.linoidOf(node));
    if (node.kind !== 'product') return;
    for (const { node: base, power } of node.powers)
      if (power < 0) this.divided.set(base, (this.divided.get(base) ?? 0) + 1);
  }

  private linoidOf(slope: CallNode): Node {
    return this.graph.call('linoid', slope.args[0]);
  }

  private temporary(text: string): string {
    const name = `${this.options.prefix}${this.temporaries++}`;
    this.lines.push(`let ${name} = ${text};`);
    return name;
  }

  /** The text of a node; what several expressions need becomes a line of its own. */
  textOf(node: Node): string {
    const known = this.texts.get(node);
    if (known !== undefined) return known;
    let text = this.make(node);
    if ((this.uses.get(node) ?? 0) > 1 && !isAtom(text)) text = this.temporary(text);
    this.texts.set(node, text);
    return text;
  }

  private make(node: Node): string {
    switch (node.kind) {
      case 'number':
        return node.value < 0 ? `(${float32Literal(node.value)})` : float32Literal(node.value);
      case 'variable':
        return this.options.names.get(node.name) ?? node.name;
      case 'sum':
        return this.sum(node);
      case 'product':
        return this.product(node);
      case 'choice':
        return `select(${this.textOf(node.no)}, ${this.textOf(node.yes)}, ${this.condition(node.condition)})`;
      case 'call':
        return this.call(node);
      case 'condition':
        return `select(0.0, 1.0, ${this.condition(node)})`;
      default:
        return node satisfies never;
    }
  }

  private condition(node: Node): string {
    if (node.kind !== 'condition') return `(${this.textOf(node)} != 0.0)`;
    if (node.operator === '&&' || node.operator === '||')
      return `(${this.condition(node.left)} ${node.operator} ${this.condition(node.right)})`;
    return `(${this.textOf(node.left)} ${node.operator} ${this.textOf(node.right)})`;
  }

  private sum(node: SumNode): string {
    const { constant, terms } = node;
    const [first] = terms;
    // (V + 40) * 0.1 keeps the digits near V = -40 that 0.1 * V + 4 loses.
    if (Math.abs(first.factor) !== 1 && terms.every((term) => term.node.kind === 'variable')) {
      const inner = this.graph.multiply(this.graph.number(1 / first.factor), node);
      return `(${this.make(inner)} * ${float32Literal(first.factor)})`;
    }
    let text = '';
    terms.forEach(({ node: part, factor }, i) => {
      const size = Math.abs(factor);
      const body = size === 1 ? this.textOf(part) : `${float32Literal(size)} * ${this.textOf(part)}`;
      if (i === 0) text = factor < 0 ? `-${body}` : body;
      else text += factor < 0 ? ` - ${body}` : ` + ${body}`;
    });
    if (constant !== 0)
      text += constant < 0 ? ` - ${float32Literal(-constant)}` : ` + ${float32Literal(constant)}`;
    return `(${text})`;
  }

  private product({ factor, powers }: ProductNode): string {
    // What divides several products is turned over once, since divisions are slow.
    const isBelow = ({ node, power }: Power) =>
      power < 0 && !(Number.isInteger(power) && (this.divided.get(node) ?? 0) > 1);
    const above = powers.filter((p) => !isBelow(p)).map(({ node, power }) => this.power(node, power));
    const below = powers.filter(isBelow).map(({ node, power }) => this.power(node, -power));
    const size = Math.abs(factor);
    const top = [...(size !== 1 || above.length === 0 ? [float32Literal(size)] : []), ...above].join(' * ');
    const sign = factor < 0 ? '-' : '';
    if (below.length === 0) return `(${sign}${top})`;
    return `(${sign}${top} / ${below.length > 1 ? `(${below.join(' * ')})` : below[0]})`;
  }

  private power(base: Node, power: number): string {
    const text = this.textOf(base);
    if (power === 1) return text;
    if (power === 0.5) return `sqrt(${text})`;
    if (Number.isInteger(power) && power <= 12) return this.wholePower(this.atom(text), power);
    return `pow(${text}, ${float32Literal(power)})`;
  }

  private atom(text: string): string {
    return isAtom(text) ? text : this.temporary(text);
  }

  /** base^power by products, each computed once; negative powers by one reciprocal. */
  private wholePower(base: string, power: number): string {
    if (power === 1) return base;
    const key = `${base}^${power}`;
    const known = this.powers.get(key);
    if (known) return known;
    let text: string;
    if (power === -1) text = `1.0 / ${base}`;
    else if (power < 0) return this.wholePower(this.wholePower(base, -1), -power);
    else {
      const largest = 2 ** Math.floor(Math.log2(power));
      const [a, b] = largest === power ? [power / 2, power / 2] : [largest, power - largest];
      text = `${this.wholePower(base, a)} * ${this.wholePower(base, b)}`;
    }
    const name = this.temporary(text);
    this.powers.set(key, name);
    return name;
  }

  private call(node: CallNode): string {
    const [x] = node.args;
    switch (node.name) {
      case 'exp':
        return this.exponential(x);
      case 'linoid':
        return this.linoid(x);
      case 'linoidSlope':
        return `linoid_slope(${this.textOf(x)}, ${this.textOf(this.linoidOf(node))})`;
      default:
        return `${node.name}(${node.args.map((arg) => this.textOf(arg)).join(', ')})`;
    }
  }

  private linoid(x: Node): string {
    const shared = this.options.shared.get(x);
    // linoid(x) = linoid(-x) - x spares the reciprocal of the shared exponential.
    if (shared && shared.power < 0) {
      const opposite = this.atom(this.textOf(this.graph.negate(x)));
      const power = this.wholePower(this.baseOf(shared), -shared.power);
      return `(linoid(${opposite}, ${scaledBy(1 / shared.factor, power)}) + ${opposite})`;
    }
    const text = this.atom(this.textOf(x));
    return `linoid(${text}, ${this.exponential(x)})`;
  }

  private baseOf({ base }: SharedExponential): string {
    const known = this.exponentials.get(base);
    if (known) return known;
    const name = this.temporary(`exp(${this.textOf(base)})`);
    this.exponentials.set(base, name);
    return name;
  }

  private exponential(exponent: Node): string {
    const shared = this.options.shared.get(exponent);
    if (shared) return scaledBy(shared.factor, this.wholePower(this.baseOf(shared), shared.power));
    const known = this.exponentials.get(exponent);
    if (known) return known;
    const name = this.temporary(`exp(${this.textOf(exponent)})`);
    this.exponentials.set(exponent, name);
    return name;
  }
}

const scaledBy = (factor: number, text: string): string =>
  Math.abs(factor - 1) < 1e-12 ? text : `(${float32Literal(factor)} * ${text})`;
