import { type Expression, sourceOf } from './expression.js';
import { textOfUnit } from './units.js';

/** How strongly what an expression begins with binds; a power binds most of all operators. */
const BINDING: Readonly<Record<string, number>> = {
  '||': 2,
  '&&': 3,
  '==': 4,
  '!=': 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '^': 9,
};
const CHOICE = 1;
const SIGN = 8;
const ATOM = 10;

const isPadded = (operator: string): boolean => !['*', '/', '^'].includes(operator);

/**
 * The text of an expression with as few parentheses as keep its meaning, which parseExpression reads back as the same
 * expression. Numbers are written as in the text that they come from.
 */
export function printExpression(expression: Expression): string {
  return print(expression, 0);
}

function print(expression: Expression, within: number): string {
  const [text, binding] = printed(expression);
  return binding < within ? `(${text})` : text;
}

function printed(expression: Expression): readonly [text: string, binding: number] {
  switch (expression.kind) {
    case 'number':
      return printedNumber(expression);
    case 'name':
      return [expression.name, ATOM];
    case 'negative':
      return [
        `-${expression.of.kind === 'number' ? printed(expression.of)[0] : print(expression.of, SIGN)}`,
        SIGN,
      ];
    case 'not':
      return [`!${print(expression.of, SIGN)}`, SIGN];
    case 'call':
      return [`${expression.name}(${expression.args.map((arg) => print(arg, 0)).join(', ')})`, ATOM];
    case 'choice': {
      const { condition, yes, no } = expression;
      return [`${print(condition, CHOICE + 1)} ? ${print(yes, 0)} : ${print(no, 0)}`, CHOICE];
    }
    case 'binary':
      break;
    default:
      return expression satisfies never;
  }
  const { operator, left, right } = expression;
  const binding = BINDING[operator];
  // a - (b - c) and a / (b * c) keep their parentheses, a + (b + c) too: the order of sums is that of the text.
  const [before, after] = [print(left, operator === '^' ? binding + 1 : binding), print(right, binding + 1)];
  return [isPadded(operator) ? `${before} ${operator} ${after}` : `${before}${operator}${after}`, binding];
}

function printedNumber(number: Expression & { kind: 'number' }): readonly [text: string, binding: number] {
  const { unit } = number;
  const value = unit ? number.value / unit.scale : number.value;
  const source = sourceOf(number);
  const digits = source !== '' && Number(source) === value ? source : String(Number(value.toPrecision(15)));
  const text = unit && textOfUnit(unit);
  if (text === null) return [digits, value < 0 ? SIGN : ATOM];
  // A number with its unit is read as one, but a following * or / could take a name for one more unit.
  return [text.startsWith('1/') ? `${digits}${text.slice(1)}` : `${digits} ${text}`, BINDING['*']];
}
