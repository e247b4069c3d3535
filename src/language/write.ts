import { BINDING, CHOICE_BINDING, SIGN_BINDING } from './binding.js';
import { type Expression, sourceOf } from './expression.js';
import { asNumber } from './rational.js';
import {
  BASE_UNITS,
  type Dimension,
  dimensionOf,
  PURE_NUMBER,
  type Quantity,
  sameDimension,
  textOfUnit,
} from './units.js';

/** Names, numbers and calls bind more than any operator: they need no parentheses. */
const OPERAND_BINDING = 9;

/**
 * The text of an expression: {@link parseExpression} makes the same expression of it. Numbers are written as in the text that
 * they come from, others with 12 digits.
 */
export function writeExpression(expression: Expression): string {
  return written(expression, CHOICE_BINDING);
}

function bindingOf(expression: Expression): number {
  switch (expression.kind) {
    case 'number':
      if (expression.value < 0 || Object.is(expression.value, -0)) return SIGN_BINDING;
      // `V / 1 mV` is read as meant, but not by people.
      return isPure(expression) ? OPERAND_BINDING : BINDING['*'];
    case 'binary':
      return BINDING[expression.operator];
    case 'negative':
    case 'not':
      return SIGN_BINDING;
    case 'choice':
      return CHOICE_BINDING;
    default:
      return OPERAND_BINDING;
  }
}

function written(expression: Expression, above: number): string {
  const text = withoutParentheses(expression);
  return bindingOf(expression) < above ? `(${text})` : text;
}

function withoutParentheses(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return quantityText(expression);
    case 'name':
      return expression.name;
    case 'negative':
      return expression.of.kind === 'number' && expression.of.value >= 0
        ? `-${quantityText(expression.of)}`
        : `-${written(expression.of, SIGN_BINDING + 1)}`;
    case 'not':
      return `!${written(expression.of, SIGN_BINDING + 1)}`;
    case 'choice': {
      const { condition, yes, no } = expression;
      return `${written(condition, BINDING['||'])} ? ${written(yes, BINDING['||'])} : ${written(no, CHOICE_BINDING)}`;
    }
    case 'call':
      return `${expression.name}(${expression.args.map((arg) => written(arg, CHOICE_BINDING)).join(', ')})`;
    case 'binary': {
      const { operator, left, right } = expression;
      const binding = BINDING[operator];
      // `^` binds to the right, all others to the left; a sign after an operator is put in parentheses.
      const [onLeft, onRight] = operator === '^' ? [binding + 1, binding] : [binding, binding + 1];
      const spaced = binding < BINDING['*'] ? ` ${operator} ` : operator;
      return written(left, onLeft) + spaced + written(right, Math.max(onRight, signBinding(right)));
    }
    default:
      return expression satisfies never;
  }
}

const signBinding = (right: Expression): number => (bindingOf(right) === SIGN_BINDING ? OPERAND_BINDING : 0);

const isPure = ({ unit }: Expression & { kind: 'number' }): boolean =>
  unit === null || sameDimension(unit.dimension, PURE_NUMBER);

/** A number in the unit that it was written in, if mechanisms are written in that unit, else in coherent ones. */
function quantityText(number: Expression & { kind: 'number' }): string {
  const unit = number.unit ?? COHERENT;
  const named = isPure(number) ? '' : textOfUnit(unit);
  const value = named === null ? number.value : number.value / unit.scale;
  const source = sourceOf(number);
  const digits =
    source !== '' && Number(source) === Number(value.toPrecision(15)) ? source : numberText(value);
  if (named === null) return digits + unitText(unit.dimension);
  return digits + (named.startsWith('1/') ? named.slice(1) : named && ` ${named}`);
}
const COHERENT: Quantity = { dimension: PURE_NUMBER, scale: 1 };

/** A number with at most 12 digits. */
export const numberText = (value: number): string => String(Number(value.toPrecision(12)));

const CONCENTRATION = dimensionOf('mM');

/** A dimension as units after a number: ` mV`, `/ms`, ` uA/cm^2`; nothing for a pure number. */
function unitText(dimension: Dimension): string {
  if (sameDimension(dimension, CONCENTRATION)) return ' mM';
  const powers = BASE_UNITS.map((unit, i) => ({ unit, power: asNumber(dimension[i]) }));
  const part = ({ unit, power }: { unit: string; power: number }): string =>
    Math.abs(power) === 1 ? unit : `${unit}^${Math.abs(power)}`;
  const above = powers.filter(({ power }) => power > 0).map(part);
  const below = powers.filter(({ power }) => power < 0).map((entry) => `/${part(entry)}`);
  return (above.length > 0 ? ` ${above.join('*')}` : '') + below.join('');
}
