import type { Expression, Place } from '../../language/expression.js';
import { name } from '../../mechanism/formulas.js';
import { constantValue, isSame, sizeOf } from './formula_tools.js';
import type { ModText } from './mod_text.js';
import type { Definition } from './pass.js';

const MOST_DEFINITIONS = 1000;
/** Parts of all formulas together, and of one. */
const MOST_PARTS = 50_000;

/** Gathers what variables are set to; equal values of one variable are one definition. */
export class Definitions {
  readonly all: Definition[] = [];
  private parts = 0;
  /** By their variable and size. */
  private readonly alike = new Map<string, Definition[]>();
  /** Values of those that need no variable. */
  private readonly values = new Map<string, number>();

  constructor(
    private readonly source: ModText,
    earlier: readonly Definition[],
  ) {
    for (const definition of earlier) this.add(definition);
  }

  /** A name for a formula that a variable is set to. */
  define(variable: string, formula: Expression, place: Place): Expression {
    const known = (this.alike.get(likeness(variable, formula)) ?? []).find((one) =>
      isSame(one.formula, formula),
    );
    if (known) return name(known.key);
    if (this.all.length >= MOST_DEFINITIONS)
      this.source.fail(place, `more than ${MOST_DEFINITIONS} values are computed`);
    const key = `@${this.all.length}`;
    this.add({ key, variable, formula, place });
    return name(key);
  }

  /** Counts the parts of formulas, so that a short file cannot make endless ones. */
  count(formula: Expression, place: Place): void {
    this.parts += sizeOf(formula);
    if (this.parts > MOST_PARTS) this.source.fail(place, `the formulas have over ${MOST_PARTS} parts`);
  }

  /** The value of a formula that needs no variable, or null. */
  valueOf(formula: Expression): number | null {
    return constantValue(formula, (key) => this.values.get(key) ?? null);
  }

  private add(definition: Definition): void {
    const { key, variable, formula } = definition;
    this.all.push(definition);
    const like = likeness(variable, formula);
    this.alike.set(like, [...(this.alike.get(like) ?? []), definition]);
    const value = this.valueOf(formula);
    if (value !== null) this.values.set(key, value);
  }
}

const likeness = (variable: string, formula: Expression): string => `${variable} ${sizeOf(formula)}`;
