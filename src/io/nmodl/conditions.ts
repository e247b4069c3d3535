import { type Expression, namesIn } from '../../language/expression.js';
import { constantValue, isSame } from './formula_tools.js';

/** Below this a voltage is moved only to miss a division by zero, mV. */
const NUDGE_mV = 0.01;

/** The value of a variable that is set in both branches of a condition. */
export function choose(condition: Expression, yes: Expression, no: Expression): Expression {
  if (no.kind === 'choice' && isSame(no.condition, condition)) return choose(condition, yes, no.no);
  if (yes.kind === 'choice' && isSame(yes.condition, condition)) return choose(condition, yes.yes, no);
  return isSame(yes, no) ? no : { kind: 'choice', condition, yes, no, place: condition.place };
}

/** `if (v == -35) { v = v + 0.0001 }`: the value for all other v. */
export function withoutNudge(condition: Expression, yes: Expression, no: Expression): Expression | null {
  if (condition.kind !== 'binary' || !['==', '<', '<='].includes(condition.operator)) return null;
  if (condition.operator !== '==' && !(condition.left.kind === 'call' && namesIn(no).has('v'))) return null;
  if (yes.kind !== 'binary' || (yes.operator !== '+' && yes.operator !== '-')) return null;
  const by = constantValue(yes.right);
  return isSame(yes.left, no) && by !== null && Math.abs(by) <= NUDGE_mV ? no : null;
}

/** (v + 10) - 10 is v again. */
export function withoutShiftBack(value: Expression): Expression {
  if (value.kind !== 'binary' || (value.operator !== '+' && value.operator !== '-')) return value;
  const { left } = value;
  if (left.kind !== 'binary' || (left.operator !== '+' && left.operator !== '-')) return value;
  const isBack = left.operator !== value.operator && isSame(left.right, value.right);
  return isBack ? left.left : value;
}
