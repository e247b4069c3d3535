import {
  type ConditionNode,
  childrenOf,
  type Node,
  type NodeFunction,
  type Power,
} from '../../language/node.js';
import { each, element, leaf } from './xml.js';

/** A quantity that formulas of mechanisms read, as LEMS gives it. */
export interface Quantity {
  /** In LEMS, over its unit. */
  readonly value: string;
  readonly unit: string;
  /** What has to be required of the surroundings, with its dimension, where the base type does not. */
  readonly requires?: { readonly name: string; readonly dimension: string };
}

const UNITS: Readonly<Record<string, readonly [dimension: string, value: string]>> = {
  MV: ['voltage', '1mV'],
  MS: ['time', '1ms'],
  MM: ['concentration', '1mM'],
  KELVIN: ['temperature', '1K'],
  DENSITY: ['currentDensity', '1uA_per_cm2'],
};

/** The units of a ComponentType, as its constants. */
export const constants = (units: Iterable<string>): Iterable<string> =>
  each(new Set(units), (unit) =>
    leaf('Constant', { name: unit, dimension: UNITS[unit][0], value: UNITS[unit][1] }),
  );

/** LEMS knows no others. */
const FUNCTIONS: Partial<Record<NodeFunction, string>> = {
  exp: 'exp',
  log: 'ln',
  abs: 'abs',
  sin: 'sin',
  cos: 'cos',
  sinh: 'sinh',
  cosh: 'cosh',
  tanh: 'tanh',
};
const OPERATORS: Readonly<Record<ConditionNode['operator'], string>> = {
  '<': '.lt.',
  '<=': '.leq.',
  '>': '.gt.',
  '>=': '.geq.',
  '==': '.eq.',
  '!=': '.neq.',
  '&&': '.and.',
  '||': '.or.',
};

const OPPOSITES: Readonly<Record<ConditionNode['operator'], ConditionNode['operator']>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '==': '!=',
  '!=': '==',
  '&&': '||',
  '||': '&&',
};

interface Case {
  readonly condition: string;
  readonly value: string;
}

/**
 * Nodes as formulas of LEMS over pure numbers. Parts that several others need, and what LEMS has no expression for
 * (choices, minima, x / (exp(x) - 1)), become variables of their own.
 */
export class LemsText {
  private readonly done = new Map<Node, string>();
  private readonly values: { readonly name: string; readonly value: string }[] = [];
  private readonly choices: { readonly name: string; readonly cases: readonly Case[] }[] = [];
  private readonly reading = new Set<string>();
  private uses = new Map<Node, number>();

  constructor(private readonly quantities: Readonly<Record<string, Quantity>>) {}

  /** The formula of a node. */
  of(root: Node): string {
    this.uses = new Map();
    const count = (node: Node) => {
      const uses = this.uses.get(node) ?? 0;
      this.uses.set(node, uses + 1);
      if (uses === 0) childrenOf(node).forEach(count);
    };
    count(root);
    return bare(this.text(root));
  }

  /** The quantities of the mechanism that formulas read. */
  get read(): string[] {
    return [...this.reading];
  }

  get units(): string[] {
    return this.read.map((variable) => this.quantities[variable].unit);
  }

  *derived(): Iterable<string> {
    const reading = this.read.map((name) => ({ name, value: this.quantities[name].value }));
    for (const { name, value } of [...reading, ...this.values])
      yield* leaf('DerivedVariable', { name, dimension: 'none', value });
  }

  *conditional(): Iterable<string> {
    for (const { name, cases } of this.choices)
      yield* element(
        'ConditionalDerivedVariable',
        { name, dimension: 'none' },
        each(cases, (one) => leaf('Case', { condition: one.condition, value: one.value })),
      );
  }

  private text(node: Node): string {
    const known = this.done.get(node);
    if (known !== undefined) return known;
    const plain = this.plain(node);
    const isShared = (this.uses.get(node) ?? 0) > 1 && node.kind !== 'number' && !/^\w+$/.test(plain);
    const text = isShared ? this.variable(plain) : plain;
    this.done.set(node, text);
    return text;
  }

  private variable(value: string): string {
    const name = `u${this.values.length + 1}`;
    this.values.push({ name, value: bare(value) });
    return name;
  }

  /** Every case has its condition: not all readers of LEMS know one without. */
  private choice(...cases: readonly (readonly [condition: string, value: string])[]): string {
    const name = `c${this.choices.length + 1}`;
    this.choices.push({
      name,
      cases: cases.map(([condition, value]) => ({ condition, value: bare(value) })),
    });
    return name;
  }

  private either(condition: Node, yes: string, no: string): string {
    return this.choice([this.truth(condition), yes], [this.truth(condition, true), no]);
  }

  private plain(node: Node): string {
    switch (node.kind) {
      case 'number':
        return lemsNumber(node.value);
      case 'variable':
        if (Object.hasOwn(this.quantities, node.name)) this.reading.add(node.name);
        return node.name;
      case 'sum': {
        const parts = node.terms.map(({ node: term, factor }) => ({
          isMinus: factor < 0,
          text:
            Math.abs(factor) === 1 ? this.text(term) : `${lemsNumber(Math.abs(factor))} * ${this.text(term)}`,
        }));
        const constant = bare(lemsNumber(node.constant));
        const first = node.constant !== 0 ? constant : parts[0].isMinus ? '0' : '';
        const sum = parts.reduce(
          (text, part) => (text === '' ? part.text : `${text} ${part.isMinus ? '-' : '+'} ${part.text}`),
          first,
        );
        return `(${sum})`;
      }
      case 'product':
        return this.product(node.factor, node.powers);
      case 'call':
        return this.call(node.name, node.args);
      case 'choice':
        return this.either(node.condition, this.text(node.yes), this.text(node.no));
      case 'condition':
        return this.either(node, '1', '0');
      default:
        return node satisfies never;
    }
  }

  /** A node as a condition, which in LEMS is no number; or that it does not hold. */
  private truth(node: Node, isNegated = false): string {
    if (node.kind !== 'condition') return `${this.text(node)} ${isNegated ? '.eq.' : '.neq.'} 0`;
    const { left, right } = node;
    const operator = isNegated ? OPPOSITES[node.operator] : node.operator;
    const isConnective = operator === '&&' || operator === '||';
    const [a, b] = [left, right].map((side) =>
      isConnective ? `(${this.truth(side, isNegated)})` : this.text(side),
    );
    return `${a} ${OPERATORS[operator]} ${b}`;
  }

  private product(factor: number, powers: readonly Power[]): string {
    const part = ({ node, power }: Power) => {
      const text = this.text(node);
      return power === 1 ? text : power === 0.5 ? `sqrt(${text})` : `${text}^${lemsNumber(power)}`;
    };
    const above = powers.filter(({ power }) => power > 0).map(part);
    const below = powers.filter(({ power }) => power < 0).map((p) => part({ ...p, power: -p.power }));
    const start = factor !== 1 || above.length === 0 ? [lemsNumber(factor)] : [];
    const text = [...start, ...above].join(' * ');
    return `(${[text, ...below].join(' / ')})`;
  }

  private call(name: NodeFunction, args: readonly Node[]): string {
    const [a, b] = args.map((arg) => this.text(arg));
    const known = FUNCTIONS[name];
    if (known !== undefined) return `${known}(${bare(a)})`;
    switch (name) {
      case 'min':
        return this.choice([`${a} .lt. ${b}`, a], [`${a} .geq. ${b}`, b]);
      case 'max':
        return this.choice([`${a} .gt. ${b}`, a], [`${a} .leq. ${b}`, b]);
      case 'sign':
        return this.choice([`${a} .gt. 0`, '1'], [`${a} .lt. 0`, '0 - 1'], [`${a} .eq. 0`, '0']);
      case 'linoid': {
        const x = /^\w+$/.test(a) ? a : this.variable(a);
        return this.choice([`${x} .neq. 0`, `${x} / (exp(${x}) - 1)`], [`${x} .eq. 0`, '1']);
      }
      default:
        throw new Error(`${name} has no form in LEMS`);
    }
  }
}

/** A number without the noise of its last digit. LEMS has no sign before a number, only the operator. */
function lemsNumber(value: number): string {
  const size = Number(Math.abs(value).toPrecision(15));
  const text = (size < 1e9 ? String(size) : size.toExponential()).replace('e+', 'e');
  return value < 0 ? `(0 - ${text})` : text;
}

/** A formula without the parentheses around it. */
function bare(text: string): string {
  if (!text.startsWith('(')) return text;
  let level = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') level++;
    if (text[i] === ')') level--;
    if (level === 0) return i === text.length - 1 ? text.slice(1, -1) : text;
  }
  return text;
}
