import { evaluate } from '../language/evaluate.js';
import type { Node } from '../language/node.js';
import { shareExponentials } from '../language/share_exponentials.js';
import { float32Literal, WgslEmitter } from '../language/wgsl.js';
import { CAPACITANCE, type CellModel, constantOf, stateKeys } from './cell_model.js';
import { CellNodes } from './cell_nodes.js';
import { Hoisting } from './hoist.js';
import type { Arithmetic } from './scheme_step.js';

/** What the text of a cell's step and that of its readings have in common. */
export interface CellTextOptions {
  /** What the names of structs and functions begin with; a WGSL identifier. */
  readonly name: string;
  /**
   * WGSL of the constants that are no numbers in the text, by constant, as `cell.constant_3` for `na.g`. Those that have one
   * expression are one to the optimiser. An expression that reads `vary` differs between neurons.
   */
  readonly fields: ReadonlyMap<string, string>;
  /** WGSL of the capacitance in uF/cm2 where it is no number. */
  readonly C: string | null;
  /** How many values differ between neurons: members value_0, ... of the parameter `vary` of every function. */
  readonly vary: number;
}

/** A value that depends on constants only, computed before a run and read by the text from a field. */
export interface HoistedValue {
  /** Its WGSL. */
  readonly field: string;
  /** From values of the constants that are fields, {@link CAPACITANCE} among them. */
  value(constants: ReadonlyMap<string, number>): number;
}

/** WGSL of a variable of formulas, and a local name for it. */
interface VariableSource {
  readonly name: string;
  readonly text: string;
}

/** One cell and how its text names it. */
export class CellText {
  readonly nodes: CellNodes;
  readonly hoisting: Hoisting;
  readonly keys: readonly string[];
  readonly hoistedValues: HoistedValue[] = [];
  /** Names of states in structs. */
  private readonly members: ReadonlyMap<string, string>;
  /** Where the variables that are constants come from. */
  private readonly sources = new Map<string, VariableSource>();
  private readonly values = new Map<string, number>();

  constructor(
    readonly model: CellModel,
    readonly options: CellTextOptions,
    /** WGSL of the n-th hoisted value; null: nothing is hoisted. */
    private readonly hoistedField: ((index: number) => string) | null,
  ) {
    this.keys = stateKeys(model);
    this.members = identifiersOf(this.keys);
    const expressions = new Map(options.fields);
    if (options.C !== null) expressions.set(CAPACITANCE, options.C);
    const byExpression = new Map<string, string>();
    const variables = new Map<string, string>();
    for (const [constant, expression] of expressions) {
      const variable = byExpression.get(expression) ?? constant;
      byExpression.set(expression, variable);
      variables.set(constant, variable);
      this.sources.set(variable, { name: plain(variable), text: expression });
      this.values.set(variable, constantOf(model, variable));
    }
    this.nodes = new CellNodes(model, variables);
    const isShared = (variable: string) => !/\bvary\b/.test(this.sources.get(variable)?.text ?? '');
    const constants = hoistedField ? [...this.sources.keys()].filter(isShared) : [];
    this.hoisting = new Hoisting(this.nodes.graph, new Set(constants));
  }

  member(key: string): string {
    return this.members.get(key) ?? key;
  }

  /** A function's parameters and what comes after them at a call: `cell` and, where neurons differ, `vary`. */
  parameters(before: string, after = ''): string {
    const { name, vary } = this.options;
    return `${before}, cell: Cell${after}${vary > 0 ? `, vary: ${name}_Vary` : ''}`;
  }

  get lastArgument(): string {
    return this.options.vary > 0 ? ', vary' : '';
  }

  /** Where a variable comes from that is a constant; undefined for V and the states. */
  sourceOf(variable: string): VariableSource | undefined {
    const known = this.sources.get(variable);
    const meaning = this.hoisting.meaningOf(variable);
    if (known || !meaning || !this.hoistedField) return known;
    const field = this.hoistedField(this.hoistedValues.length);
    this.hoistedValues.push({ field, value: (constants) => evaluate(meaning, constants) });
    this.values.set(variable, evaluate(meaning, this.values));
    const source = { name: `of_${[...meaning.variables].map(plain).join('_')}`, text: field };
    this.sources.set(variable, source);
    return source;
  }

  /** Usual values of the variables that are constants. */
  get usualValues(): ReadonlyMap<string, number> {
    return this.values;
  }
}

/** Names that functions of a cell take their arguments by. */
const PARAMETERS = ['s', 'cell', 'start', 'half', 'full', 'input', 'I', 'vary'];

/** The lines of one function, with formulas over the variables of `names` and the constants of the cell. */
export class FunctionBody {
  readonly lines: string[] = [];
  private readonly taken = new Set(PARAMETERS);
  private readonly emitter: WgslEmitter;
  private readonly hoisted: (node: Node) => Node;

  /**
   * `roots` are all formulas that {@link FunctionBody.textOf} is asked for, `names` the text of V and the states in them;
   * `reserved` are names that {@link FunctionBody.define} is given.
   */
  constructor(
    cell: CellText,
    roots: readonly Node[],
    names: ReadonlyMap<string, string>,
    reserved: readonly string[] = [],
  ) {
    this.hoisted = (node) => cell.hoisting.hoisted(node);
    for (const text of [...names.values(), ...reserved]) this.taken.add(text);
    if (names.has('V')) this.define('V', 's.V');
    const formulas = roots.map(this.hoisted);
    const all = new Map(names);
    for (const variable of new Set(formulas.flatMap((root) => [...root.variables]))) {
      const source = cell.sourceOf(variable);
      if (source) all.set(variable, this.named(source.name, source.text));
    }
    const { graph } = cell.nodes;
    const shared = shareExponentials(graph, formulas, cell.usualValues);
    this.emitter = new WgslEmitter(graph, { names: all, shared, prefix: 't' }, formulas);
  }

  textOf(node: Node): string {
    const text = this.emitter.textOf(this.hoisted(node));
    this.lines.push(...this.emitter.lines.splice(0));
    return text;
  }

  /** A line for one of the names of V and the states. */
  define(name: string, text: string): void {
    this.lines.push(`let ${name} = ${text};`);
  }

  /** A line `let name = text`; returns the name, numbered where it is taken. */
  named(name: string, text: string): string {
    let identifier = name;
    for (let i = 2; this.taken.has(identifier); i++) identifier = `${name}_${i}`;
    this.taken.add(identifier);
    this.define(identifier, text);
    return identifier;
  }

  /** For steps of schemes: one line for each operation. */
  arithmetic(): Arithmetic<string> {
    const operation = (sign: string) => (a: string, b: string) => this.named('x', `${a} ${sign} ${b}`);
    return {
      constant: float32Literal,
      add: operation('+'),
      subtract: operation('-'),
      multiply: operation('*'),
      divide: operation('/'),
    };
  }

  text(): string {
    return this.lines.map((line) => `  ${line}\n`).join('');
  }
}

const plain = (name: string): string => name.replace(/[^A-Za-z0-9_]/g, '_');

/** `na.m` as `na_m`, numbered where two names would be the same. */
function identifiersOf(names: readonly string[]): Map<string, string> {
  const identifiers = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of names) {
    let identifier = plain(name);
    for (let i = 2; taken.has(identifier); i++) identifier = `${plain(name)}_${i}`;
    taken.add(identifier);
    identifiers.set(name, identifier);
  }
  return identifiers;
}
