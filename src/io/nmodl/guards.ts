import { type Expression, type Place, partsOf, withParts } from '../../language/expression.js';
import { constantValue, isSame } from './formula_tools.js';

/** So near to a singularity a formula may have a value of its own. */
const NEAR = 0.01;
/** An exponential of less is nothing. */
const NOTHING = -20;

/**
 * The formula without the values of its own that old files give it beside a removable singularity: `fabs(x) < 1e-6 ? limit :
 * quotient` is the quotient, whose limit is found, and `x < -100 ? 0 : exp(x)` is exp(x). `onDropped` gets the places of the conditions.
 */
export function withoutGuards(formula: Expression, onDropped: (place: Place) => void): Expression {
  const inner = withParts(formula, (part) => withoutGuards(part, onDropped));
  if (inner.kind !== 'choice') return inner;
  const general = generalSide(inner);
  if (!general) return inner;
  onDropped(inner.condition.place);
  return general;
}

function generalSide({ condition, yes, no }: Expression & { kind: 'choice' }): Expression | null {
  if (condition.kind !== 'binary') return null;
  const { operator, left, right } = condition;
  if (isCutOff(condition, yes, no)) return no;
  const distance = constantValue(right);
  const isNear = operator === '<' || operator === '<=';
  const isFar = operator === '>' || operator === '>=';
  const isDistance = left.kind === 'call' && left.name === 'abs' && distance !== null && distance <= NEAR;
  if ((isNear && isDistance) || operator === '==') return hasQuotient(no) && !hasQuotient(yes) ? no : null;
  if ((isFar && isDistance) || operator === '!=') return hasQuotient(yes) && !hasQuotient(no) ? yes : null;
  return null;
}

/** `x < -100 ? 0 : exp(x)` */
function isCutOff(
  { operator, left, right }: Expression & { kind: 'binary' },
  yes: Expression,
  no: Expression,
): boolean {
  const isBelow = operator === '<' || operator === '<=';
  const bound = constantValue(right);
  const isNothing = bound !== null && bound <= NOTHING && constantValue(yes) === 0;
  return isBelow && isNothing && no.kind === 'call' && no.name === 'exp' && isSame(no.args[0], left);
}

/** Whether a formula divides by something with an exponential, which may be 0. */
function hasQuotient(formula: Expression): boolean {
  const isOne = formula.kind === 'binary' && formula.operator === '/' && hasExponential(formula.right);
  return isOne || partsOf(formula).some(hasQuotient);
}

const hasExponential = (formula: Expression): boolean =>
  (formula.kind === 'call' && ['exp', 'tanh', 'sinh'].includes(formula.name)) ||
  partsOf(formula).some(hasExponential);
