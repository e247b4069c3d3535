import type { Expression } from './expression.js';
import type { FunctionName } from './functions.js';
import { constantOf } from './infer_units.js';
import type { Operation, Register, TapeBuilder } from './tape_builder.js';

const COMPARISONS = {
  '<': ['less', false],
  '<=': ['lessOrEqual', false],
  '>': ['less', true],
  '>=': ['lessOrEqual', true],
} as const;

/**
 * Writes a formula on a tape as it is written; only exp(x) - 1 and 1 - exp(x) are computed by expm1, which keeps their digits
 * near 0. `resolve` gives the register of a name.
 */
export function recordFormula(
  tape: TapeBuilder,
  formula: Expression,
  resolve: (name: string) => Register,
): Register {
  const inner = (part: Expression) => recordFormula(tape, part, resolve);
  switch (formula.kind) {
    case 'number':
      return tape.constant(formula.value);
    case 'name':
      return resolve(formula.name);
    case 'negative':
      return tape.operation('negate', inner(formula.of));
    case 'not':
      return tape.operation('equal', inner(formula.of), tape.constant(0));
    case 'choice':
      return tape.operation('select', inner(formula.yes), inner(formula.no), inner(formula.condition));
    case 'call':
      return recordCall(tape, formula.name as FunctionName, formula.args.map(inner));
    case 'binary':
      break;
    default:
      return formula satisfies never;
  }
  const { operator, left, right } = formula;
  if (operator === '-') {
    if (isExponential(left) && constantOf(right) === 1) return tape.operation('expm1', inner(left.args[0]));
    if (isExponential(right) && constantOf(left) === 1)
      return tape.operation('negate', tape.operation('expm1', inner(right.args[0])));
  }
  const [a, b] = [inner(left), inner(right)];
  switch (operator) {
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [operation, isSwapped] = COMPARISONS[operator];
      return isSwapped ? tape.operation(operation, b, a) : tape.operation(operation, a, b);
    }
    case '!=':
      return tape.operation('equal', tape.operation('equal', a, b), tape.constant(0));
    default:
      return tape.operation(OPERATIONS[operator], a, b);
  }
}

const OPERATIONS = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '^': 'power',
  '==': 'equal',
  '&&': 'and',
  '||': 'or',
} as const satisfies Record<string, Operation>;

function isExponential(formula: Expression): formula is Expression & { kind: 'call' } {
  return formula.kind === 'call' && formula.name === 'exp';
}

function recordCall(tape: TapeBuilder, name: FunctionName, args: readonly Register[]): Register {
  if (name === 'log10')
    return tape.operation('multiply', tape.operation('log', args[0]), tape.constant(Math.LOG10E));
  return tape.operation(name, ...(args as [Register]));
}
