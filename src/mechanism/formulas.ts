import type { BinaryOperator, Expression, Place } from '../language/expression.js';
import { NO_UNIT } from '../language/units.js';

/** Formulas that the program writes itself; they have no text. */
const NOWHERE: Place = { text: '', start: 0, end: 0 };

export const name = (of: string): Expression => ({ kind: 'name', name: of, place: NOWHERE });
export const number = (value: number): Expression => ({ kind: 'number', value, unit: null, place: NOWHERE });
/** A number that is in no unit, where {@link number} takes that of its place. */
export const pure = (value: number): Expression => ({ kind: 'number', value, unit: NO_UNIT, place: NOWHERE });
export const call = (of: string, ...args: Expression[]): Expression => ({
  kind: 'call',
  name: of,
  args,
  place: NOWHERE,
});

const binary =
  (operator: BinaryOperator) =>
  (left: Expression, right: Expression): Expression => ({
    kind: 'binary',
    operator,
    left,
    right,
    place: NOWHERE,
  });
export const plus = binary('+');
export const minus = binary('-');
export const times = binary('*');
export const over = binary('/');
export const power = binary('^');
