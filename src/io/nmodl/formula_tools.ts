import { type Expression, type Place, partsOf } from '../../language/expression.js';
import { FUNCTIONS, isFunction, type LanguageFunction } from '../../language/functions.js';

export const NOWHERE: Place = { text: '', start: 0, end: 0 };

const sizes = new WeakMap<Expression, number>();

/** Parts of a formula. */
export function sizeOf(formula: Expression): number {
  const known = sizes.get(formula);
  if (known !== undefined) return known;
  const size = partsOf(formula).reduce((total, part) => total + sizeOf(part), 1);
  sizes.set(formula, size);
  return size;
}

export const isLeaf = (formula: Expression): boolean =>
  formula.kind === 'number' ||
  formula.kind === 'name' ||
  (formula.kind === 'negative' && formula.of.kind === 'number');

/** Whether two formulas are written alike. */
export function isSame(a: Expression, b: Expression): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || sizeOf(a) !== sizeOf(b)) return false;
  if (a.kind === 'number' && b.kind === 'number') return a.value === b.value;
  if ((a.kind === 'name' || a.kind === 'call') && a.name !== (b as typeof a).name) return false;
  if (a.kind === 'binary' && a.operator !== (b as typeof a).operator) return false;
  const [left, right] = [partsOf(a), partsOf(b)];
  return left.length === right.length && left.every((part, i) => isSame(part, right[i]));
}

/** The value of a formula of numbers, in the numbers of NMODL; null where it needs a name. */
export function constantValue(
  formula: Expression,
  valueOfName: (name: string) => number | null = () => null,
): number | null {
  const parts = partsOf(formula).map((part) => constantValue(part, valueOfName));
  if (formula.kind === 'name') return valueOfName(formula.name);
  if (formula.kind === 'choice') {
    const [condition, yes, no] = parts;
    return condition === null ? null : condition !== 0 ? yes : no;
  }
  if (parts.includes(null)) return null;
  const [a, b] = parts as number[];
  switch (formula.kind) {
    case 'number':
      return formula.value;
    case 'negative':
      return -a;
    case 'not':
      return a === 0 ? 1 : 0;
    case 'call':
      if (!isFunction(formula.name)) return null;
      return (FUNCTIONS[formula.name] as LanguageFunction).evaluate(a, b);
    default:
      return OPERATORS[formula.operator](a, b);
  }
}

const OPERATORS: Readonly<
  Record<(Expression & { kind: 'binary' })['operator'], (a: number, b: number) => number>
> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
};
