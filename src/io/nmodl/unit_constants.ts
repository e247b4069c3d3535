import type { Expression } from '../../language/expression.js';
import { dimensionOf, type Quantity, sameDimension } from '../../language/units.js';
import { name, number } from '../../mechanism/formulas.js';
import type { ModText } from './mod_text.js';
import type { ModFile, UnitConstant } from './syntax.js';
import { parseModUnit } from './units.js';

/** Names that stand for the constants of nature at hand, with the unit in which the file has them. */
export interface NaturalConstant {
  readonly of: 'F' | 'R';
  readonly unit: Quantity;
}

export interface UnitConstants {
  /** What each constant of the UNITS blocks stands for. */
  readonly values: ReadonlyMap<string, Expression>;
  readonly natural: ReadonlyMap<string, NaturalConstant>;
}

/** umol in a mole: files say coulomb and joule/degC, and mean them per mole. */
const UMOL = 1e6;

/** Values of other quantities that UNITS blocks name (CODATA 2018), in SI units. */
const QUANTITIES: Readonly<Record<string, { readonly value: number; readonly unit: string }>> = {
  pi: { value: Math.PI, unit: '1' },
  e: { value: 1.602176634e-19, unit: 'C' },
  k: { value: 1.380649e-23, unit: 'J/K' },
};

/** The constants that UNITS blocks define, such as `R = (k-mole) (joule/degC)`. Refuses those that are not known. */
export function unitConstants(file: ModFile, source: ModText): UnitConstants {
  const values = new Map<string, Expression>();
  const natural = new Map<string, NaturalConstant>();
  for (const [key, constant] of file.unitConstants) {
    if (typeof constant.of === 'number') values.set(key, number(constant.of));
    else {
      const meaning = naturalConstant(constant, file) ?? quantity(constant, file);
      if (meaning === null)
        source.fail(
          constant.place,
          `the value of "${key} = (${constant.of}) (${constant.unit ?? '1'})" is not known; write it as a number`,
        );
      else if (typeof meaning === 'number') values.set(key, number(meaning));
      else {
        natural.set(`#${key}`, meaning);
        values.set(key, name(`#${key}`));
      }
    }
  }
  return { values, natural };
}

const words = (text: string): string =>
  text
    .trim()
    .split(/[\s-]+/)
    .sort()
    .join(' ');

function naturalConstant({ of, unit }: UnitConstant, file: ModFile): NaturalConstant | null {
  const what = words(String(of));
  const asked = unit === null ? null : parseModUnit(unit, file.units);
  if (!asked) return null;
  if (what === 'faraday') return perMole('F', asked, 'C', 'C/mol');
  if (what === 'k mole') return perMole('R', asked, 'J/K', 'J/mol/K');
  return null;
}

function perMole(of: 'F' | 'R', asked: Quantity, without: string, withMole: string): NaturalConstant | null {
  if (sameDimension(asked.dimension, dimensionOf(withMole))) return { of, unit: asked };
  if (!sameDimension(asked.dimension, dimensionOf(without))) return null;
  return { of, unit: { scale: asked.scale / UMOL, dimension: dimensionOf(withMole) } };
}

function quantity({ of, unit }: UnitConstant, file: ModFile): number | null {
  const key = words(String(of));
  if (!Object.hasOwn(QUANTITIES, key)) return null;
  const known = QUANTITIES[key];
  const asked = parseModUnit(unit ?? '1', file.units);
  const own = parseModUnit(known.unit, new Map());
  if (!asked || !own || !sameDimension(asked.dimension, own.dimension)) return null;
  return (known.value * own.scale) / asked.scale;
}
