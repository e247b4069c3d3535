import { type Expression, type Place, partsOf } from '../../language/expression.js';
import { constantValue, withParts } from './formula_tools.js';

/** So near to a singularity a formula may have a value of its own. */
const NEAR = 0.01;

/**
 * The formula without the values of its own that old files give it beside a removable singularity: `fabs(x) < 1e-6 ? limit :
 * quotient` is the quotient, whose limit is found. `onDropped` gets the places of the conditions.
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
  const distance = constantValue(right);
  const isNear = operator === '<' || operator === '<=';
  const isFar = operator === '>' || operator === '>=';
  const isDistance = left.kind === 'call' && left.name === 'abs' && distance !== null && distance <= NEAR;
  if ((isNear && isDistance) || operator === '==') return hasQuotient(no) && !hasQuotient(yes) ? no : null;
  if ((isFar && isDistance) || operator === '!=') return hasQuotient(yes) && !hasQuotient(no) ? yes : null;
  return null;
}

/** Whether a formula divides by something with an exponential, which may be 0. */
function hasQuotient(formula: Expression): boolean {
  const isOne = formula.kind === 'binary' && formula.operator === '/' && hasExponential(formula.right);
  return isOne || partsOf(formula).some(hasQuotient);
}

const hasExponential = (formula: Expression): boolean =>
  (formula.kind === 'call' && ['exp', 'tanh', 'sinh'].includes(formula.name)) ||
  partsOf(formula).some(hasExponential);
