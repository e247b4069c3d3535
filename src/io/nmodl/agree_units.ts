import type { Expression, Place } from '../../language/expression.js';
import { namesIn } from '../../language/expression.js';
import { UnitInference } from '../../language/infer_units.js';
import { LanguageError } from '../../language/language_error.js';
import { parseExpression } from '../../language/parse.js';
import { NO_UNIT, type Quantity } from '../../language/units.js';
import { writeExpression } from '../../language/write.js';
import { times } from '../../mechanism/formulas.js';
import { coherent, isPure, oneOf, unitFree } from './coherent.js';

/** A formula of a mechanism in the numbers of NMODL. */
export interface RawFormula {
  readonly formula: Expression;
  readonly place: Place;
  /** Of a named part: its name, which later formulas may use. */
  readonly name: string | null;
  /** The unit that its place asks for; null for named parts. */
  readonly unit: Quantity | null;
}

export interface AgreedFormula {
  readonly text: string;
  /** Why its names are divided by their units; null where the units of the file agree. */
  readonly disagreement: string | null;
}

/** How the units of a formula are brought in order, one after the other until they agree. */
type Mode =
  /** As written: bare numbers take the units that their places ask for. */
  | 'typed'
  /** A pure number, which gets the unit of its place. */
  | 'wrapped'
  /** Every name divided by its unit, as NEURON computes. */
  | 'unit-free';

/**
 * The texts of formulas for a mechanism file. Old files have units that do not agree (UNITSOFF); a formula whose units
 * disagree is written without: its names are divided by their units, and the whole gets the unit of its place.
 */
export function agreedFormulas(
  formulas: readonly RawFormula[],
  leaves: ReadonlyMap<string, Quantity>,
): AgreedFormula[] {
  const modes: Mode[] = formulas.map(() => 'typed');
  const reasons: (string | null)[] = formulas.map(() => null);
  for (;;) {
    const written = write(formulas, leaves, modes);
    const wrong = firstWrong(formulas, leaves, written, modes);
    if (!wrong)
      return written.map((text, i) => ({ text, disagreement: modes[i] === 'unit-free' ? reasons[i] : null }));
    const { index, problem } = wrong;
    reasons[index] ??= problem;
    if (modes[index] === 'unit-free')
      throw new LanguageError(problem, written[index], 0, written[index].length);
    const { unit } = formulas[index];
    modes[index] = modes[index] === 'typed' && unit && !isPure(unit) ? 'wrapped' : 'unit-free';
    if (modes[index] === 'unit-free') freeParts(formulas, leaves, modes, reasons, index);
  }
}

/** What a unit-free formula is made of has to be unit-free too. */
function freeParts(
  formulas: readonly RawFormula[],
  leaves: ReadonlyMap<string, Quantity>,
  modes: Mode[],
  reasons: (string | null)[],
  index: number,
): void {
  const names = namesIn(formulas[index].formula);
  for (const [i, { name }] of formulas.entries()) {
    if (name === null || !names.has(name) || modes[i] === 'unit-free') continue;
    modes[i] = 'unit-free';
    reasons[i] ??= `it is part of a formula whose units disagree`;
    freeParts(formulas, leaves, modes, reasons, i);
  }
}

function write(
  formulas: readonly RawFormula[],
  leaves: ReadonlyMap<string, Quantity>,
  modes: readonly Mode[],
): string[] {
  const units = new Map(leaves);
  const typedUnit = (name: string) => units.get(name) ?? NO_UNIT;
  const unitOf = (name: string) => {
    const unit = leaves.get(name);
    return unit && !isPure(unit) ? unit : null;
  };
  return formulas.map(({ formula, name, unit }, i) => {
    if (modes[i] === 'unit-free') {
      const free = unitFree(formula, unitOf);
      return writeExpression(unit && !isPure(unit) ? times(oneOf(unit), free) : free);
    }
    const wanted = unit && modes[i] === 'typed' ? unit.scale : unit ? 1 : null;
    const typed = coherent(formula, typedUnit, wanted);
    if (name !== null) units.set(name, typed.unit);
    return writeExpression(
      unit && modes[i] === 'wrapped' ? times(oneOf(unit), typed.formula) : typed.formula,
    );
  });
}

function firstWrong(
  formulas: readonly RawFormula[],
  leaves: ReadonlyMap<string, Quantity>,
  texts: readonly string[],
  modes: readonly Mode[],
): { readonly index: number; readonly problem: string } | null {
  const units = new UnitInference();
  const declared = new Set([...leaves.keys(), ...formulas.flatMap(({ name }) => name ?? [])]);
  for (const [name, { dimension }] of leaves) units.declare(name, dimension);
  for (const [index, { name, unit }] of formulas.entries()) {
    try {
      const formula = parseExpression(texts[index], (word) => declared.has(word));
      if (name !== null && modes[index] === 'unit-free') {
        units.require(formula, NO_UNIT.dimension, name);
        units.declare(name, NO_UNIT.dimension);
      } else if (name !== null) units.define(name, formula);
      else units.require(formula, (unit ?? NO_UNIT).dimension, 'it');
    } catch (error) {
      return { index, problem: problemOf(error) };
    }
  }
  try {
    units.close();
    return null;
  } catch (error) {
    const index = error instanceof LanguageError ? texts.indexOf(error.text) : -1;
    if (index < 0) throw error;
    return { index, problem: problemOf(error) };
  }
}

function problemOf(error: unknown): string {
  if (error instanceof LanguageError) return error.problem;
  if (error instanceof RangeError) return error.message;
  throw error;
}
