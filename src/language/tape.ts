import { compileTape } from './compile_tape.js';
import { OPERATIONS, type Register, type TapeBuilder } from './tape_builder.js';

/** Numbers of an instruction in the code: its operation and the registers of the result and the operands. */
const WORDS = 5;

/** A tape with the memory of its registers. */
export class Tape {
  private readonly memory: Float64Array;
  private readonly code: Int32Array;
  private readonly compiled: ((memory: Float64Array) => void) | null;

  /** With `wanted`, only these results are computed, by a function that is compiled where that is allowed. */
  constructor(
    private readonly builder: TapeBuilder,
    readonly lanes = 1,
    wanted: readonly Register[] | null = null,
  ) {
    this.compiled = wanted && compileTape(builder, lanes, wanted);
    this.memory = new Float64Array(builder.instructions.length * lanes);
    for (const [register, value] of builder.constants) this.values(register).fill(value);
    const words = builder.instructions.flatMap((step, result) =>
      step
        ? [OPERATIONS.indexOf(step.operation), ...[result, step.a, step.b, step.c].map((r) => r * lanes)]
        : [],
    );
    this.code = Int32Array.from(words);
  }

  /** The values of an input or a result, one for each lane; inputs may be written. */
  values(register: Register): Float64Array {
    return this.memory.subarray(register * this.lanes, (register + 1) * this.lanes);
  }

  /** The values of the input of that name, if the program has it. */
  input(name: string): Float64Array | undefined {
    const register = this.builder.inputs.get(name);
    return register === undefined ? undefined : this.values(register);
  }

  run(): void {
    if (this.compiled) this.compiled(this.memory);
    else this.interpret();
  }

  private interpret(): void {
    const { memory: m, code, lanes: n } = this;
    for (let at = 0; at < code.length; at += WORDS) {
      const r = code[at + 1];
      const a = code[at + 2];
      const b = code[at + 3];
      const c = code[at + 4];
      switch (code[at]) {
        case 0: // add
          for (let i = 0; i < n; i++) m[r + i] = m[a + i] + m[b + i];
          break;
        case 1: // subtract
          for (let i = 0; i < n; i++) m[r + i] = m[a + i] - m[b + i];
          break;
        case 2: // multiply
          for (let i = 0; i < n; i++) m[r + i] = m[a + i] * m[b + i];
          break;
        case 3: // divide
          for (let i = 0; i < n; i++) m[r + i] = m[a + i] / m[b + i];
          break;
        case 4: // power
          for (let i = 0; i < n; i++) m[r + i] = m[a + i] ** m[b + i];
          break;
        case 5: // negate
          for (let i = 0; i < n; i++) m[r + i] = -m[a + i];
          break;
        case 6: // exp
          for (let i = 0; i < n; i++) m[r + i] = Math.exp(m[a + i]);
          break;
        case 7: // expm1
          for (let i = 0; i < n; i++) m[r + i] = Math.expm1(m[a + i]);
          break;
        case 8: // log
          for (let i = 0; i < n; i++) m[r + i] = Math.log(m[a + i]);
          break;
        case 9: // sqrt
          for (let i = 0; i < n; i++) m[r + i] = Math.sqrt(m[a + i]);
          break;
        case 10: // abs
          for (let i = 0; i < n; i++) m[r + i] = Math.abs(m[a + i]);
          break;
        case 11: // sign
          for (let i = 0; i < n; i++) m[r + i] = Math.sign(m[a + i]);
          break;
        case 12: // min
          for (let i = 0; i < n; i++) m[r + i] = Math.min(m[a + i], m[b + i]);
          break;
        case 13: // max
          for (let i = 0; i < n; i++) m[r + i] = Math.max(m[a + i], m[b + i]);
          break;
        case 14: // sin
          for (let i = 0; i < n; i++) m[r + i] = Math.sin(m[a + i]);
          break;
        case 15: // cos
          for (let i = 0; i < n; i++) m[r + i] = Math.cos(m[a + i]);
          break;
        case 16: // sinh
          for (let i = 0; i < n; i++) m[r + i] = Math.sinh(m[a + i]);
          break;
        case 17: // cosh
          for (let i = 0; i < n; i++) m[r + i] = Math.cosh(m[a + i]);
          break;
        case 18: // tanh
          for (let i = 0; i < n; i++) m[r + i] = Math.tanh(m[a + i]);
          break;
        case 19: // exprel
          for (let i = 0; i < n; i++) m[r + i] = m[a + i] === 0 ? 1 : Math.expm1(m[a + i]) / m[a + i];
          break;
        case 20: // relaxation
          for (let i = 0; i < n; i++) m[r + i] = m[a + i] === 0 ? 1 : -Math.expm1(-m[a + i]) / m[a + i];
          break;
        case 21: // less
          for (let i = 0; i < n; i++) m[r + i] = m[a + i] < m[b + i] ? 1 : 0;
          break;
        case 22: // lessOrEqual
          for (let i = 0; i < n; i++) m[r + i] = m[a + i] <= m[b + i] ? 1 : 0;
          break;
        case 23: // equal
          for (let i = 0; i < n; i++) m[r + i] = m[a + i] === m[b + i] ? 1 : 0;
          break;
        case 24: // and
          for (let i = 0; i < n; i++) m[r + i] = m[a + i] !== 0 && m[b + i] !== 0 ? 1 : 0;
          break;
        case 25: // or
          for (let i = 0; i < n; i++) m[r + i] = m[a + i] !== 0 || m[b + i] !== 0 ? 1 : 0;
          break;
        case 26: // select
          for (let i = 0; i < n; i++) m[r + i] = m[c + i] !== 0 ? m[a + i] : m[b + i];
          break;
      }
    }
  }
}
