import { type Expression, type Place, withParts } from '../../language/expression.js';
import { name, number } from '../../mechanism/formulas.js';
import { choose, withoutNudge, withoutShiftBack } from './conditions.js';
import { Definitions } from './definitions.js';
import { isLeaf, NOWHERE, sizeOf } from './formula_tools.js';
import { builtIn } from './functions.js';
import type { ModText } from './mod_text.js';
import { arrayOf, type Definition, elementName, emptyPass, fluxOf, type Pass, type Placed } from './pass.js';
import { isSetIn } from './set_variables.js';
import type { ModFile, Procedure, Statement, Target } from './syntax.js';

const WITHOUT_MEANING: readonly string[] = ['printf', 'fprintf', 'print'];
const MOST_STATEMENTS = 5000;
const MOST_CALLS = 20;
/** Parts of a formula from which it gets a name of its own, also within a condition. */
const LONG = 120;

/** Runs statements with formulas in place of numbers. */
export class Execution {
  private frame = new Map<string, Expression>();
  private statements = 0;
  private calls = 0;
  private conditions = 0;
  private readonly definitions: Definitions;
  readonly pass: Pass;

  constructor(
    private readonly file: ModFile,
    private readonly source: ModText,
    /** Values that hold from the start; definitions before this pass's own. */
    private readonly base: ReadonlyMap<string, Expression>,
    private readonly isInitial: boolean,
    definitions: readonly Definition[] = [],
  ) {
    this.definitions = new Definitions(source, definitions);
    this.pass = emptyPass(this.definitions.all);
  }

  run(body: readonly Statement[]): Pass {
    this.execute(body);
    return this.pass;
  }

  private execute(body: readonly Statement[]): void {
    for (const [i, statement] of body.entries()) {
      if (++this.statements > MOST_STATEMENTS)
        this.source.fail(statement.place, `more than ${MOST_STATEMENTS} statements are carried out`);
      if (statement.kind === 'return') {
        if (i < body.length - 1)
          this.source.fail(
            body[i + 1].place,
            'what follows a return is never reached; remove it or the return',
          );
      } else this.statement(statement);
    }
  }

  private statement(statement: Exclude<Statement, { kind: 'return' }>): void {
    const { place } = statement;
    switch (statement.kind) {
      case 'local':
        for (const local of statement.names) this.frame.set(local, number(0));
        return;
      case 'assign':
        this.assign(this.nameOf(statement.target), this.evaluate(statement.value), place);
        return;
      case 'derivative':
        this.pass.derivatives.set(this.nameOf(statement.target), {
          formula: this.evaluate(statement.value),
          place,
        });
        return;
      case 'call':
        this.callStatement(statement.call);
        return;
      case 'if':
        this.conditional(statement);
        return;
      case 'loop': {
        const [from, to] = [this.constant(statement.from), this.constant(statement.to)];
        const by = statement.by ? this.constant(statement.by) : 1;
        if (!(by > 0)) this.source.fail(place, 'the step of a loop must be above 0');
        for (let i = from; i <= to; i += by) {
          this.set(statement.variable, number(i));
          this.execute(statement.body);
        }
        return;
      }
      case 'solve':
        this.solve(statement.block, place);
        return;
      case 'reaction': {
        const sides = [statement.left, statement.right].map((side) =>
          side.map(({ count, target }) => ({ count, state: this.nameOf(target) })),
        );
        const forward = this.named(this.evaluate(statement.forward), 'kf', place);
        const backward = statement.backward && this.named(this.evaluate(statement.backward), 'kb', place);
        this.pass.reactions.push({ left: sides[0], right: sides[1], forward, backward, place });
        this.set('f_flux', fluxOf(forward, sides[0]));
        this.set('b_flux', backward ? fluxOf(backward, sides[1]) : number(0));
        return;
      }
      case 'flux':
        this.pass.fluxes.push({
          state: this.nameOf(statement.into),
          flux: this.named(this.evaluate(statement.flux), 'flux', place),
          place,
        });
        return;
      case 'conserve':
        this.pass.conserved.push({
          sum: this.evaluate(statement.sum),
          total: this.evaluate(statement.total),
          place,
        });
        return;
      case 'spatial':
        this.pass.spatial.push(statement);
        return;
      case 'refused':
        this.source.fail(place, statement.message);
        return;
      default:
        statement satisfies never;
    }
  }

  /** The name of a variable or, for an element of an array, of that element. */
  private nameOf({ name: variable, index }: Target): string {
    return index ? elementName(variable, this.constant(index)) : variable;
  }

  private constant(formula: Expression): number {
    const value = this.definitions.valueOf(this.evaluate(formula));
    return value ?? this.source.fail(formula.place, 'this number has to be known before the simulation');
  }

  private assign(variable: string, value: Expression, place: Place): void {
    if (!this.isInitial && this.file.states.has(arrayOf(variable))) {
      this.pass.updates.set(variable, { formula: value, place });
      return;
    }
    this.set(variable, variable === 'v' ? this.potential(value, place) : this.named(value, variable, place));
  }

  /** The shifted potential of a file is written where it is used, so that a shift back gives V again. */
  private potential(value: Expression, place: Place): Expression {
    const shifted = withoutShiftBack(value);
    return sizeOf(shifted) < LONG / 4 ? shifted : this.named(shifted, 'v', place);
  }

  private set(variable: string, value: Expression): void {
    const scope =
      this.frame.has(variable) || this.frame.has(arrayOf(variable)) ? this.frame : this.pass.globals;
    scope.set(variable, value);
  }

  /** The value by a name of its own, unless it is one already or is used in one branch of a condition only. */
  private named(formula: Expression, variable: string, place: Place): Expression {
    this.definitions.count(formula, place);
    if (isLeaf(formula) || (this.conditions > 0 && sizeOf(formula) < LONG)) return formula;
    return this.definitions.define(variable, formula, place);
  }

  private read(variable: string, place: Place): Expression {
    const known = this.frame.get(variable) ?? this.pass.globals.get(variable);
    if (known) return known;
    this.pass.stale.set(variable, place);
    const { constants } = this.file;
    const held = this.base.get(variable);
    if (held) return held;
    if (this.isInitial && isSetIn(this.file, variable)) return number(0);
    const constant = constants.get(variable);
    if (constant) return { kind: 'number', value: constant.value ?? 0, unit: null, place: NOWHERE };
    return { kind: 'name', name: variable, place };
  }

  private evaluate(formula: Expression): Expression {
    if (formula.kind === 'name') return this.read(formula.name, formula.place);
    if (formula.kind === 'call') return this.evaluateCall(formula);
    return withParts(formula, (part) => this.evaluate(part));
  }

  private evaluateCall(formula: Expression & { kind: 'call' }): Expression {
    const { name: called, place } = formula;
    if (called.endsWith('[]')) {
      const array = called.slice(0, -2);
      return this.read(elementName(array, this.constant(formula.args[0])), place);
    }
    const own = this.file.blocks.get(called);
    if (own?.kind === 'FUNCTION' || own?.kind === 'PROCEDURE') return this.invoke(own, formula);
    const args = formula.args.map((arg) => this.evaluate(arg));
    return (
      builtIn(formula, args) ??
      this.source.fail(place, `no function is called "${called}", or it has no counterpart here`)
    );
  }

  private callStatement(statement: Expression & { kind: 'call' }): void {
    const own = this.file.blocks.get(statement.name);
    if (own) this.invoke(own, statement);
    else if (WITHOUT_MEANING.includes(statement.name))
      this.source.note(statement.place, `${statement.name} is ignored`);
    else this.source.fail(statement.place, `no procedure of this file is called "${statement.name}"`);
  }

  /** Runs a FUNCTION or PROCEDURE; what it is set to is its value. */
  private invoke(procedure: Procedure, { args, place }: Expression & { kind: 'call' }): Expression {
    if (++this.calls > MOST_CALLS)
      this.source.fail(place, `"${procedure.name}" is called more than ${MOST_CALLS} levels deep`);
    const frame = new Map<string, Expression>();
    for (const [i, parameter] of procedure.parameters.entries()) {
      const value = args[i] ? this.evaluate(args[i]) : number(0);
      frame.set(parameter, sizeOf(value) > LONG / 10 ? this.named(value, parameter, place) : value);
    }
    frame.set(procedure.name, number(0));
    const outer = this.frame;
    this.frame = frame;
    this.execute(procedure.body);
    this.frame = outer;
    this.calls--;
    return frame.get(procedure.name)!;
  }

  private solve(block: string, place: Place): void {
    const solved = this.file.blocks.get(block);
    if (!solved) this.source.fail(place, `no block is called "${block}"`);
    if (this.isInitial) return;
    if (solved.kind === 'LINEAR' || solved.kind === 'NONLINEAR' || solved.kind === 'DISCRETE')
      this.source.fail(
        solved.place,
        `a ${solved.kind} block cannot be taken over; write it as a DERIVATIVE or KINETIC block`,
      );
    this.invoke(solved, { kind: 'call', name: block, args: [], place });
  }

  private conditional({ condition, yes, no, place }: Statement & { kind: 'if' }): void {
    const chosen = this.evaluate(condition);
    const value = this.definitions.valueOf(chosen);
    if (value !== null) {
      this.execute(value !== 0 ? yes : no);
      return;
    }
    const { pass } = this;
    const stores = (): Map<string, Expression | Placed>[] =>
      [this.frame, pass.globals, pass.derivatives, pass.updates] as Map<string, Expression | Placed>[];
    const before = stores().map((store) => new Map(store));
    this.conditions++;
    this.execute(yes);
    const afterYes = stores().map((store) => new Map(store));
    stores().forEach((store, i) => {
      store.clear();
      for (const [key, held] of before[i]) store.set(key, held);
    });
    this.execute(no);
    this.conditions--;
    stores().forEach((store, i) => {
      for (const key of new Set([...afterYes[i].keys(), ...store.keys()])) {
        const [a, b] = [afterYes[i].get(key), store.get(key)];
        if (a === b) continue;
        store.set(key, this.merged(chosen, a, b, key, place));
      }
    });
  }

  /** The value of a variable after a condition. */
  private merged(
    condition: Expression,
    a: Expression | Placed | undefined,
    b: Expression | Placed | undefined,
    variable: string,
    place: Place,
  ): Expression | Placed {
    if ((a && 'formula' in a) || (b && 'formula' in b)) {
      const [yes, no] = [a, b].map((side) => (side && 'formula' in side ? side.formula : name(variable)));
      const formula = choose(condition, yes, no);
      this.definitions.count(formula, place);
      return { formula, place };
    }
    const [yes, no] = [a, b].map((side) => (side as Expression | undefined) ?? this.read(variable, place));
    const nudged = withoutNudge(condition, yes, no);
    if (nudged) {
      this.source.note(
        place,
        `${variable} is not moved off a division by zero: quotients take their limit there`,
      );
      return nudged;
    }
    return variable === 'v'
      ? this.potential(choose(condition, yes, no), place)
      : this.named(choose(condition, yes, no), variable, place);
  }
}
