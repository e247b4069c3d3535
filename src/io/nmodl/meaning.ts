import { type Expression, namesIn, withParts } from '../../language/expression.js';
import { name, number } from '../../mechanism/formulas.js';
import { Execution } from './execute.js';
import { sizeOf } from './formula_tools.js';
import type { ModText } from './mod_text.js';
import { arrayOf, type Definition, type Pass } from './pass.js';
import type { ModFile } from './syntax.js';
import { type UnitConstants, unitConstants } from './unit_constants.js';

/** What a .mod file computes, with formulas in place of statements. */
export interface ModMeaning {
  readonly pass: Pass;
  readonly constants: UnitConstants;
  /** What INITIAL sets. */
  readonly initial: ReadonlyMap<string, Expression>;
  /** Every variable and state that the current or concentration of the mechanism depends on. */
  readonly needed: ReadonlySet<string>;
  readonly definitionOf: (key: string) => Definition | undefined;
}

export function meaningOf(file: ModFile, source: ModText): ModMeaning {
  const { breakpoint } = file;
  if (!breakpoint)
    return source.fail(file.suffix!.place, 'the file has no BREAKPOINT, so it has no current and no state');
  const constants = unitConstants(file, source);
  const initial = new Execution(file, source, constants.values, true).run(file.initial);
  const held = new Map([...constants.values, ...lasting(file, initial)]);
  const runWith = (values: ReadonlyMap<string, Expression>, definitions: readonly Definition[]) =>
    new Execution(file, source, values, false, definitions).run(breakpoint);
  let pass = runWith(held, initial.definitions);
  const outside = givenFromOutside(file);
  const stale = [...pass.stale].filter(([variable]) => pass.globals.has(variable) && !outside.has(variable));
  if (stale.length > 0) {
    const asked = stale.map(([variable]) => [variable, name(before(variable))] as const);
    const told = runWith(new Map([...held, ...asked]), pass.definitions);
    const needed = neededIn(told, file);
    const values = stale.map(([variable, place]) => {
      if (!needed.has(before(variable))) return [variable, number(0)] as const;
      const value = valueBefore(variable, told, held.get(variable) ?? number(0), file);
      if (!value)
        source.fail(place, `"${variable}" depends on its own value of the step before; make it a STATE`);
      return [variable, value!] as const;
    });
    pass = runWith(new Map([...held, ...values]), told.definitions);
  }
  const byKey = new Map(pass.definitions.map((definition) => [definition.key, definition]));
  return {
    pass,
    constants,
    initial: initial.globals,
    needed: neededIn(pass, file),
    definitionOf: (key) => byKey.get(key),
  };
}

/** Parts of a value that is written out where a variable is read before it is set. */
const MOST_PARTS = 1000;

const before = (variable: string): string => `${variable}?`;

/**
 * The value of a variable that is read before it is set. NEURON takes that of the step before, which is nearly what the
 * variable is set to; where a condition on parameters never sets it, it stays what it was in the beginning. Null where it
 * depends on its own past.
 */
function valueBefore(variable: string, told: Pass, initial: Expression, file: ModFile): Expression | null {
  const needs = namesThrough(told.definitions);
  const isFree = (formula: Expression) => ![...needs(formula)].some((key) => key.endsWith('?'));
  const isFixed = (formula: Expression) =>
    [...needs(formula)].every((key) => file.parameters.has(key) && key !== 'v');
  const byKey = new Map(told.definitions.map((definition) => [definition.key, definition.formula]));
  const settled = new Map<string, Expression | null>();
  const settle = (formula: Expression): Expression | null => {
    if (isFree(formula)) return formula;
    if (formula.kind === 'name') {
      if (formula.name === before(variable)) return initial;
      const known = settled.get(formula.name);
      if (known !== undefined) return known;
      const definition = byKey.get(formula.name);
      const value = definition ? settle(definition) : null;
      settled.set(formula.name, value);
      return value;
    }
    if (formula.kind !== 'choice' || !isFixed(formula.condition)) return null;
    const [yes, no] = [settle(formula.yes), settle(formula.no)];
    if (!yes || !no) return null;
    const value = { ...formula, yes, no };
    return sizeOf(value) <= MOST_PARTS ? value : null;
  };
  return settle(told.globals.get(variable)!);
}

/** Variables that NEURON gives anew in every step, whatever the file sets them to. */
function givenFromOutside(file: ModFile): Set<string> {
  const ofIons = file.ions.flatMap(({ reads }) => reads.map((read) => read.name));
  return new Set(['v', 't', 'dt', 'celsius', ...ofIons]);
}

/** What INITIAL computes from parameters only, which holds for good. */
function lasting(file: ModFile, { globals, definitions }: Pass): [string, Expression][] {
  const changing = givenFromOutside(file);
  const namesNeeded = namesThrough(definitions);
  const isLasting = (formula: Expression) =>
    [...namesNeeded(formula)].every(
      (key) => key === 'celsius' || (!changing.has(key) && !file.states.has(arrayOf(key))),
    );
  return [...globals].filter(
    ([key, formula]) => !changing.has(key) && !file.states.has(arrayOf(key)) && isLasting(formula),
  );
}

/** Everything that the written currents and concentrations depend on, through states too. */
function neededIn(pass: Pass, file: ModFile): Set<string> {
  const namesNeeded = namesThrough(pass.definitions);
  const needed = new Set<string>();
  const need = (formula: Expression): void => {
    for (const key of namesNeeded(formula)) if (!needed.has(key)) visit(key);
  };
  const visit = (key: string): void => {
    needed.add(key);
    const later = key.endsWith('?') ? pass.globals.get(key.slice(0, -1)) : undefined;
    if (later) need(later);
    for (const map of [pass.derivatives, pass.updates]) {
      const own = map.get(key);
      if (own) need(own.formula);
    }
    for (const { left, right, forward, backward } of pass.reactions) {
      const states = [...left, ...right].map(({ state }) => state);
      if (!states.includes(key)) continue;
      for (const state of states) if (!needed.has(state)) visit(state);
      need(forward);
      if (backward) need(backward);
    }
    for (const { state, flux } of pass.fluxes) if (state === key) need(flux);
    for (const { sum, total } of pass.conserved)
      if (namesIn(sum).has(key)) {
        need(sum);
        need(total);
      }
  };
  const outputs = [...file.ions.flatMap(({ writes }) => writes), ...file.nonspecific, ...file.electrode].map(
    (written) => written.name,
  );
  for (const output of outputs) {
    const value = pass.globals.get(output);
    if (value) need(value);
    if (!needed.has(output)) visit(output);
  }
  return needed;
}

/** Writes formulas out without definitions. */
export class Writer {
  private readonly byKey: ReadonlyMap<string, Definition>;
  private readonly done = new Map<string, Expression>();

  constructor(definitions: readonly Definition[]) {
    this.byKey = new Map(definitions.map((definition) => [definition.key, definition]));
  }

  /** The formula with the definitions that `isMeant` (default: all) written out. */
  inFull(formula: Expression, isMeant: (definition: Definition) => boolean = () => true): Expression {
    if (formula.kind !== 'name') return withParts(formula, (part) => this.inFull(part, isMeant));
    const definition = this.byKey.get(formula.name);
    if (!definition || !isMeant(definition)) return formula;
    const known = this.done.get(formula.name);
    if (known) return known;
    const full = this.inFull(definition.formula, isMeant);
    this.done.set(formula.name, full);
    return full;
  }
}

/** The variables that a formula needs, also through definitions. */
export function namesThrough(
  definitions: readonly Definition[],
): (formula: Expression) => ReadonlySet<string> {
  const needs = new Map<string, ReadonlySet<string>>();
  const namesOf = (formula: Expression): Set<string> => {
    const names = new Set<string>();
    for (const key of namesIn(formula)) for (const inner of needs.get(key) ?? [key]) names.add(inner);
    return names;
  };
  for (const { key, formula } of definitions) needs.set(key, namesOf(formula));
  return namesOf;
}
