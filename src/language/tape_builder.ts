import { ExpressionTooLarge } from './expression_too_large.js';

/**
 * Float64 programs as lists of instructions on registers: the reference form of formulas, in their order and without any
 * simplification, so that it can check the optimised form. Plain data that a small loop runs, so it works where a page forbids
 * eval. Every register holds one value for each lane (neuron), which shares the cost of
 * interpretation.
 */

/** In the order of their codes in {@link Tape.interpret}. */
export const OPERATIONS = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'negate',
  'exp',
  'expm1',
  'log',
  'sqrt',
  'abs',
  'sign',
  'min',
  'max',
  'sin',
  'cos',
  'sinh',
  'cosh',
  'tanh',
  'exprel',
  /** (1 - exp(-x)) / x: the share of its way that a variable relaxing at rate x goes in unit time, over x. */
  'relaxation',
  'less',
  'lessOrEqual',
  'equal',
  'and',
  'or',
  /** a where c is not 0, else b. */
  'select',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Index of a register. */
export type Register = number;

export interface Instruction {
  readonly operation: Operation;
  readonly a: Register;
  readonly b: Register;
  readonly c: Register;
}

/**
 * A program in single-assignment form: inputs, constants and the result of each instruction have a register each; equal
 * instructions share theirs.
 */
export class TapeBuilder {
  /** By register; null for inputs and constants. */
  readonly instructions: (Instruction | null)[] = [];
  readonly constants = new Map<Register, number>();
  readonly inputs = new Map<string, Register>();
  private readonly byValue = new Map<number, Register>();
  private readonly byInstruction = new Map<string, Register>();

  constant(value: number): Register {
    const known = this.byValue.get(value);
    if (known !== undefined) return known;
    const register = this.add(null);
    this.constants.set(register, value);
    this.byValue.set(value, register);
    return register;
  }

  input(name: string): Register {
    const known = this.inputs.get(name);
    if (known !== undefined) return known;
    const register = this.add(null);
    this.inputs.set(name, register);
    return register;
  }

  operation(operation: Operation, a: Register, b: Register = a, c: Register = a): Register {
    const key = `${operation} ${a} ${b} ${c}`;
    const known = this.byInstruction.get(key);
    if (known !== undefined) return known;
    const register = this.add({ operation, a, b, c });
    this.byInstruction.set(key, register);
    return register;
  }

  /** Names of the inputs that registers are computed from. */
  inputsOf(registers: readonly Register[]): Set<string> {
    const seen = new Set<Register>();
    const open = [...registers];
    for (let register = open.pop(); register !== undefined; register = open.pop()) {
      if (seen.has(register)) continue;
      seen.add(register);
      const step = this.instructions[register];
      if (step) open.push(step.a, step.b, step.c);
    }
    return new Set([...this.inputs].flatMap(([name, register]) => (seen.has(register) ? [name] : [])));
  }

  private add(instruction: Instruction | null): Register {
    if (this.instructions.length >= MOST_REGISTERS)
      throw new ExpressionTooLarge(`the formulas have more than ${MOST_REGISTERS} operations`);
    return this.instructions.push(instruction) - 1;
  }
}

const MOST_REGISTERS = 100_000;
