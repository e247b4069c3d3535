import type { Node } from '../language/node.js';
import { shareExponentials } from '../language/share_exponentials.js';
import { float32Literal, WgslEmitter } from '../language/wgsl.js';
import { type CellModel, type CellScheme, type CellState, stateKeys } from './cell_model.js';
import { CellNodes } from './cell_nodes.js';
import { type Arithmetic, schemeStep } from './scheme_step.js';
import { middleOf, nextOf, type StateStepNodes, stepNodes } from './step_nodes.js';
import { LARGEST_GROWTH } from './step_tape.js';

export interface StepWgslOptions {
  /** What the names of the struct and the function begin with; a WGSL identifier. */
  readonly name: string;
  readonly dtMs: number;
  /** Constants of the cell that are fields of `cell`, such as `na.g`; the others become numbers in the text. */
  readonly fields: ReadonlySet<string>;
  /** States whose steps are summed with compensation; see {@link slowStates}. */
  readonly compensated: ReadonlySet<string>;
}

/** The step of a cell as WGSL. */
export interface StepWgsl {
  /**
   * `struct NAME_State` with V and the states, `fn NAME_step(s, cell: NAME_Cell, G, drive, I) -> NAME_State`: one step of
   * staggered exponential Euler with the synaptic input G V - drive (mS/cm2, uA/cm2) and the stimulus I (uA/cm2). Uses
   * `relaxation` and `linoid` of shaders/common, {@link STEP_FUNCTIONS_WGSL}, the constant DT and the struct NAME_Cell with
   * `cellFields`, which are the caller's.
   */
  readonly text: string;
  /** The fields of the state in order: V, the states by key, and `KEY left` for what compensated states have still to move. */
  readonly stateFields: readonly string[];
  /** The fields of `cell` that are used, by constant. */
  readonly cellFields: ReadonlyMap<string, string>;
}

/** What the text of a step needs beside the functions of shaders/common. */
export const STEP_FUNCTIONS_WGSL = `// Derivative of linoid(x) = x / (exp(x) - 1); its series where the quotient would lose digits.
fn linoid_slope(x: f32) -> f32 {
  let y = min(x, 40.0);
  let y2 = y * y;
  let series = -0.5 + y * (1.0 / 6.0 - y2 * (1.0 / 180.0 - y2 * (1.0 / 5040.0 - y2 * (1.0 / 151200.0))));
  let near_zero = abs(y) < 1.0;
  let e = select(exp(y) - 1.0, 1.0, near_zero);
  return select((e - y * (e + 1.0)) / (e * e), series, near_zero);
}

// The distance from x to the next float32.
fn last_place(x: f32) -> f32 {
  return bitcast<f32>(max(bitcast<u32>(x) & 0x7f800000u, 0x10000000u) - 0x0b800000u);
}
`;

/** The step of `exponential-euler` from the optimised form of a cell's formulas; its float64 twin is stepTape. */
export function stepWgsl(model: CellModel, options: StepWgslOptions): StepWgsl {
  return new StepWriter(model, options).write();
}

class StepWriter {
  private readonly nodes: CellNodes;
  private readonly identifiers: ReadonlyMap<string, string>;
  private readonly lines: string[] = [];
  /** Variables that any formula reads. */
  private read: ReadonlySet<string> = new Set();

  constructor(
    private readonly model: CellModel,
    private readonly options: StepWgslOptions,
  ) {
    this.nodes = new CellNodes(model, options.fields);
    this.identifiers = identifiersOf([...stateKeys(model), ...options.fields]);
  }

  write(): StepWgsl {
    const { model, options, nodes } = this;
    const { groups, current, conductance, roots } = stepNodes(model, nodes);
    this.read = new Set(roots.flatMap((root) => [...root.variables]));
    const values = new Map([...options.fields].map((name) => [name, model.constants.get(name) ?? 0]));
    const shared = shareExponentials(nodes.graph, roots, values);
    const emitter = new WgslEmitter(nodes.graph, { names: this.names(), shared, prefix: 't' }, roots);
    const textOf = (node: Node): string => {
      const text = emitter.textOf(node);
      this.lines.push(...emitter.lines.splice(0));
      return text;
    };
    groups.forEach((entry) => {
      if ('step' in entry) this.writeState(entry.group, entry.step, textOf);
      else this.writeScheme(entry.group, entry.rates, textOf);
    });
    this.writePotential(textOf(current), textOf(conductance));
    return { text: this.text(), stateFields: this.stateFields(), cellFields: this.cellFields() };
  }

  private names(): Map<string, string> {
    const names = new Map([['V', 'V']]);
    for (const name of this.options.fields) names.set(name, `cell.${this.identifiers.get(name)}`);
    for (const key of stateKeys(this.model)) {
      const identifier = this.identifiers.get(key);
      names.set(key, `s.${identifier}`);
      names.set(middleOf(key), `middle_${identifier}`);
      names.set(nextOf(key), `next_${identifier}`);
    }
    return names;
  }

  private writeState({ key }: CellState, step: StateStepNodes, textOf: (node: Node) => string): void {
    const x = `s.${this.identifiers.get(key)}`;
    if (step.kind === 'relaxing') {
      const share = this.shareOf(step.rate, textOf);
      this.advance(key, `${share} * (${textOf(step.inf)} - ${x})`);
    } else if (step.kind === 'linear') {
      const source = textOf(step.source);
      const rate = this.named(`rate_${this.identifiers.get(key)}`, textOf(step.rate));
      this.advance(key, `DT * relaxation(DT * ${rate}) * (${source} - ${rate} * ${x})`);
    } else {
      const decay = `max(-DT * ${textOf(step.slope)}, -${float32Literal(LARGEST_GROWTH)})`;
      this.advance(key, `DT * relaxation(${decay}) * ${textOf(step.derivative)}`);
    }
    this.writeMiddle(key);
  }

  /** 1 - exp(-dt rate): computed here in float64 where the rate is a number. */
  private shareOf(rate: Node, textOf: (node: Node) => string): string {
    if (rate.kind === 'number') return float32Literal(-Math.expm1(-this.options.dtMs * rate.value));
    const decay = this.named(`decay_${this.lines.length}`, `DT * ${textOf(rate)}`);
    return `${decay} * relaxation(${decay})`;
  }

  private named(name: string, text: string): string {
    this.lines.push(`let ${name} = ${text};`);
    return name;
  }

  /**
   * The next value of a state. A compensated one moves by whole units of its last place and keeps what is left for the
   * next steps. Kahan's sum would do it with three subtractions, but shader compilers simplify (a + b) - a to b.
   */
  private advance(key: string, way: string): void {
    const id = this.identifiers.get(key);
    if (!this.options.compensated.has(key)) {
      this.lines.push(`let next_${id} = s.${id} + ${way};`);
      return;
    }
    this.lines.push(
      `let way_${id} = ${way} + s.left_${id};`,
      `let unit_${id} = last_place(s.${id});`,
      `let moved_${id} = round(way_${id} / unit_${id}) * unit_${id};`,
      `let next_${id} = s.${id} + moved_${id};`,
      `let left_${id} = way_${id} - moved_${id};`,
    );
  }

  private writeMiddle(key: string): void {
    if (!this.read.has(middleOf(key))) return;
    const id = this.identifiers.get(key);
    this.lines.push(`let middle_${id} = 0.5 * (s.${id} + next_${id});`);
  }

  private writeScheme(
    { keys }: CellScheme,
    rates: readonly (readonly (Node | null)[])[],
    textOf: (node: Node) => string,
  ): void {
    const texts = rates.map((row) =>
      row.map((node) => node && this.named(`k${this.lines.length}`, textOf(node))),
    );
    const states = keys.map((key) => `s.${this.identifiers.get(key)}`);
    const next = schemeStep(this.arithmetic(), texts, states, 'DT');
    keys.forEach((key, i) => {
      this.lines.push(`let next_${this.identifiers.get(key)} = ${next[i]};`);
      this.writeMiddle(key);
    });
  }

  private arithmetic(): Arithmetic<string> {
    const operation = (sign: string) => (a: string, b: string) =>
      this.named(`x${this.lines.length}`, `${a} ${sign} ${b}`);
    return {
      constant: float32Literal,
      add: operation('+'),
      subtract: operation('-'),
      multiply: operation('*'),
      divide: operation('/'),
    };
  }

  private writePotential(current: string, conductance: string): void {
    const dtOverC = float32Literal(this.options.dtMs / this.model.C_uF_cm2);
    this.lines.push(
      `let outward = ${current} + (G * V - drive) - I;`,
      `let decay = max(${dtOverC} * (${conductance} + G), -${float32Literal(LARGEST_GROWTH)});`,
      `let next_V = V - ${dtOverC} * relaxation(decay) * outward;`,
    );
  }

  private stateFields(): string[] {
    const keys = stateKeys(this.model);
    const left = keys.filter((key) => this.options.compensated.has(key)).map((key) => `${key} left`);
    return ['V', ...keys, ...left];
  }

  private cellFields(): Map<string, string> {
    return new Map([...this.options.fields].map((name) => [name, this.identifiers.get(name) ?? name]));
  }

  private text(): string {
    const { name } = this.options;
    const keys = stateKeys(this.model);
    const ids = keys.map((key) => this.identifiers.get(key));
    const left = keys
      .filter((key) => this.options.compensated.has(key))
      .map((key) => `left_${this.identifiers.get(key)}`);
    const fields = ['V', ...ids, ...left].map((field) => `  ${field}: f32,\n`).join('');
    const results = ['next_V', ...ids.map((id) => `next_${id}`), ...left].join(', ');
    return [
      `struct ${name}_State {\n${fields}}\n\n`,
      `fn ${name}_step(s: ${name}_State, cell: ${name}_Cell, G: f32, drive: f32, I: f32) -> ${name}_State {\n`,
      '  let V = s.V;\n',
      ...this.lines.map((line) => `  ${line}\n`),
      `  return ${name}_State(${results});\n}\n`,
    ].join('');
  }
}

/** `na.m` as `na_m`, numbered where two names would be the same. */
function identifiersOf(names: readonly string[]): Map<string, string> {
  const identifiers = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of names) {
    const plain = name.replace(/[^A-Za-z0-9_]/g, '_');
    let identifier = plain;
    for (let i = 2; taken.has(identifier); i++) identifier = `${plain}_${i}`;
    taken.add(identifier);
    identifiers.set(name, identifier);
  }
  return identifiers;
}
