import type { Instruction, Register, TapeBuilder } from './tape_builder.js';

/**
 * The derivative of one register of a tape with respect to another, by forward differentiation of its instructions: exact,
 * and independent of the symbolic derivatives of the canonical form, which it checks. `held` registers count as constants.
 * Null where it does not depend on it.
 */
export function recordTangent(
  tape: TapeBuilder,
  of: Register,
  by: Register,
  held: ReadonlySet<Register> = new Set(),
): Register | null {
  const tangents = new Map<Register, Register | null>([[by, tape.constant(1)]]);
  // Operands come before their result, so a pass upwards over what `of` needs finds them done.
  for (const register of needed(tape, of, held)) {
    const instruction = tape.instructions[register];
    if (instruction && register !== by)
      tangents.set(register, tangentOf(tape, instruction, register, tangents));
  }
  return tangents.get(of) ?? null;
}

/** The registers that one is computed from and it itself, ascending. */
function needed(tape: TapeBuilder, of: Register, held: ReadonlySet<Register>): Register[] {
  const found = new Set<Register>();
  const open = [of];
  for (let register = open.pop(); register !== undefined; register = open.pop()) {
    if (found.has(register) || held.has(register)) continue;
    found.add(register);
    const instruction = tape.instructions[register];
    if (instruction) open.push(instruction.a, instruction.b, instruction.c);
  }
  return [...found].sort((a, b) => a - b);
}

function tangentOf(
  tape: TapeBuilder,
  { operation, a, b, c }: Instruction,
  result: Register,
  tangents: ReadonlyMap<Register, Register | null>,
): Register | null {
  const da = tangents.get(a) ?? null;
  const db = tangents.get(b) ?? null;
  if (da === null && db === null) return null;
  const zero = () => tape.constant(0);
  const times = (x: Register | null, y: () => Register) =>
    x === null ? null : tape.operation('multiply', x, y());
  const plus = (x: Register | null, y: Register | null) =>
    x === null ? y : y === null ? x : tape.operation('add', x, y);
  const minus = (x: Register | null) => (x === null ? null : tape.operation('negate', x));
  switch (operation) {
    case 'add':
      return plus(da, db);
    case 'subtract':
      return plus(da, minus(db));
    case 'multiply':
      return plus(
        times(da, () => b),
        times(db, () => a),
      );
    case 'divide':
      // (da - db a/b) / b
      return tape.operation('divide', plus(da, minus(times(db, () => result))) ?? zero(), b);
    case 'power': {
      const outer = times(da, () =>
        tape.operation(
          'multiply',
          b,
          tape.operation('power', a, tape.operation('subtract', b, tape.constant(1))),
        ),
      );
      const exponent = times(db, () => tape.operation('multiply', result, tape.operation('log', a)));
      return plus(outer, exponent);
    }
    case 'negate':
      return minus(da);
    case 'exp':
      return times(da, () => result);
    case 'expm1':
      return times(da, () => tape.operation('exp', a));
    case 'log':
      return da === null ? null : tape.operation('divide', da, a);
    case 'sqrt':
      return da === null
        ? null
        : tape.operation('divide', tape.operation('divide', da, tape.constant(2)), result);
    case 'abs':
      return times(da, () => tape.operation('sign', a));
    case 'min':
    case 'max': {
      const isFirst = operation === 'min' ? tape.operation('less', a, b) : tape.operation('less', b, a);
      return tape.operation('select', da ?? zero(), db ?? zero(), isFirst);
    }
    case 'sin':
      return times(da, () => tape.operation('cos', a));
    case 'cos':
      return minus(times(da, () => tape.operation('sin', a)));
    case 'sinh':
      return times(da, () => tape.operation('cosh', a));
    case 'cosh':
      return times(da, () => tape.operation('sinh', a));
    case 'tanh':
      return times(da, () =>
        tape.operation('subtract', tape.constant(1), tape.operation('multiply', result, result)),
      );
    case 'exprel':
      // (exp(a) - exprel(a)) / a
      return times(da, () =>
        tape.operation('divide', tape.operation('subtract', tape.operation('exp', a), result), a),
      );
    case 'select':
      return tape.operation('select', da ?? zero(), db ?? zero(), c);
    case 'sign':
    case 'less':
    case 'lessOrEqual':
    case 'equal':
    case 'and':
    case 'or':
      return null;
    case 'relaxation':
      throw new Error('steps are not differentiated');
    default:
      return operation satisfies never;
  }
}
