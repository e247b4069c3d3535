import type { BinaryOperator } from './expression.js';

/** How strongly binary operators bind; `^` binds to the right. */
export const BINDING: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '^': 8,
};
/** Binds less than every operator: `condition ? a : b`. */
export const CHOICE_BINDING = 0;
/** A sign, or `!`, binds less than `^`: -x^2 is -(x^2). */
export const SIGN_BINDING = 7;
