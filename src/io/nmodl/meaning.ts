import { type Expression, namesIn, type Place } from '../../language/expression.js';
import { arrayOf, type Definition, Execution, type Pass } from './execute.js';
import { isSame, sizeOf, withParts } from './formula_tools.js';
import type { ModText } from './mod_text.js';
import type { ModFile } from './syntax.js';
import { type UnitConstants, unitConstants } from './unit_constants.js';

/** What a .mod file computes, with formulas in place of statements. */
export interface ModMeaning {
  readonly pass: Pass;
  readonly constants: UnitConstants;
  /** What INITIAL sets. */
  readonly initial: ReadonlyMap<string, Expression>;
  readonly definitionOf: (key: string) => Definition | undefined;
}

export function meaningOf(file: ModFile, source: ModText): ModMeaning {
  const { breakpoint } = file;
  if (!breakpoint)
    return source.fail(file.suffix!.place, 'the file has no BREAKPOINT, so it has no current and no state');
  const constants = unitConstants(file, source);
  const initial = new Execution(file, source, constants.values, true).run(file.initial);
  const held = new Map([...constants.values, ...lasting(file, initial)]);
  const begin = (values: ReadonlyMap<string, Expression>, definitions: readonly Definition[]) =>
    new Execution(file, source, values, false, definitions).run(breakpoint);
  let pass = begin(held, initial.definitions);
  const stale = staleIn(pass);
  if (stale.size > 0) {
    // NEURON takes the value of the step before; here it is what the variable is set to later.
    const again = new Map([
      ...held,
      ...[...stale.keys()].map((key) => [key, pass.globals.get(key)!] as const),
    ]);
    const before = pass;
    pass = begin(again, pass.definitions);
    const written = new Writer(pass.definitions);
    for (const [variable, place] of staleIn(pass))
      if (!written.isSame(pass.globals.get(variable)!, before.globals.get(variable)!))
        source.fail(place, `"${variable}" depends on its own value of the step before; make it a STATE`);
  }
  const byKey = new Map(pass.definitions.map((definition) => [definition.key, definition]));
  return { pass, constants, initial: initial.globals, definitionOf: (key) => byKey.get(key) };
}

/** Variables that were read before they were set, and are set later in the pass. */
const staleIn = ({ stale, globals }: Pass): Map<string, Place> =>
  new Map([...stale].filter(([variable]) => globals.has(variable)));

/** What INITIAL computes from parameters only, which holds for good. */
function lasting(file: ModFile, { globals, definitions }: Pass): [string, Expression][] {
  const changing = new Set([
    'v',
    't',
    'dt',
    ...file.ions.flatMap(({ reads }) => reads.map((read) => read.name)),
  ]);
  const namesNeeded = namesThrough(definitions);
  const isLasting = (formula: Expression) =>
    [...namesNeeded(formula)].every((key) => !changing.has(key) && !file.states.has(arrayOf(key)));
  return [...globals].filter(([key, formula]) => !file.states.has(arrayOf(key)) && isLasting(formula));
}

/** Parts of a formula that is written out; larger ones are not compared. */
const MOST_COMPARED = 50_000;

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

  isSame(a: Expression, b: Expression): boolean {
    const [one, other] = [this.inFull(a), this.inFull(b)];
    return sizeOf(one) <= MOST_COMPARED && isSame(one, other);
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
