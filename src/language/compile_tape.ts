import type { Operation, Register, TapeBuilder } from './tape_builder.js';

/** What an operation is in JavaScript, over the names of its operands; see the interpreter of {@link Tape} for the same in a loop. */
const JAVASCRIPT: Record<Operation, (a: string, b: string, c: string) => string> = {
  add: (a, b) => `${a} + ${b}`,
  subtract: (a, b) => `${a} - ${b}`,
  multiply: (a, b) => `${a} * ${b}`,
  divide: (a, b) => `${a} / ${b}`,
  power: (a, b) => `${a} ** ${b}`,
  negate: (a) => `-${a}`,
  exp: (a) => `Math.exp(${a})`,
  expm1: (a) => `Math.expm1(${a})`,
  log: (a) => `Math.log(${a})`,
  sqrt: (a) => `Math.sqrt(${a})`,
  abs: (a) => `Math.abs(${a})`,
  sign: (a) => `Math.sign(${a})`,
  min: (a, b) => `Math.min(${a}, ${b})`,
  max: (a, b) => `Math.max(${a}, ${b})`,
  sin: (a) => `Math.sin(${a})`,
  cos: (a) => `Math.cos(${a})`,
  sinh: (a) => `Math.sinh(${a})`,
  cosh: (a) => `Math.cosh(${a})`,
  tanh: (a) => `Math.tanh(${a})`,
  exprel: (a) => `${a} === 0 ? 1 : Math.expm1(${a}) / ${a}`,
  relaxation: (a) => `${a} === 0 ? 1 : -Math.expm1(-${a}) / ${a}`,
  less: (a, b) => `${a} < ${b} ? 1 : 0`,
  lessOrEqual: (a, b) => `${a} <= ${b} ? 1 : 0`,
  equal: (a, b) => `${a} === ${b} ? 1 : 0`,
  and: (a, b) => `${a} !== 0 && ${b} !== 0 ? 1 : 0`,
  or: (a, b) => `${a} !== 0 || ${b} !== 0 ? 1 : 0`,
  select: (a, b, c) => `${c} !== 0 ? ${a} : ${b}`,
};

/** Programs beyond this are not compiled: engines do not optimise such functions. */
const MOST_OPERATIONS = 3000;

/**
 * A program as one function over the memory of its registers, which computes every lane from its inputs and stores the wanted
 * results: the same numbers to the bit as the interpreter, several times as fast. Its text is made of registers and operations
 * alone, nothing of it was written by anybody. Null where a page forbids making functions, or the program is long.
 */
export function compileTape(
  { instructions, constants }: TapeBuilder,
  lanes: number,
  wanted: readonly Register[],
): ((memory: Float64Array) => void) | null {
  if (instructions.length > MOST_OPERATIONS) return null;
  const needed = neededFor(instructions, wanted);
  const lines = instructions.flatMap((step, register) => {
    if (!needed.has(register)) return [];
    const value = constants.get(register);
    if (value !== undefined) return [`const r${register} = ${literal(value)};`];
    if (!step) return [`const r${register} = m[${register * lanes} + i];`];
    const [a, b, c] = [step.a, step.b, step.c].map((operand) => `r${operand}`);
    return [`const r${register} = ${JAVASCRIPT[step.operation](a, b, c)};`];
  });
  const stores = wanted.map((register) => `m[${register * lanes} + i] = r${register};`);
  const body = `for (let i = 0; i < ${lanes}; i++) {\n${[...lines, ...stores].join('\n')}\n}`;
  try {
    return new Function('m', body) as (memory: Float64Array) => void;
  } catch {
    return null;
  }
}

function neededFor(
  instructions: TapeBuilder['instructions'],
  wanted: readonly Register[],
): ReadonlySet<Register> {
  const needed = new Set(wanted);
  for (let register = instructions.length - 1; register >= 0; register--) {
    const step = instructions[register];
    if (step && needed.has(register)) for (const operand of [step.a, step.b, step.c]) needed.add(operand);
  }
  return needed;
}

function literal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return Object.is(value, -0) ? '-0' : String(value);
}
