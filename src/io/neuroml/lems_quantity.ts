import { NO_UNIT, parseAtom, powerOf, type Quantity, times } from '../../language/units.js';

/** A number and its unit as NeuroML writes them, in the coherent system (mV, ms, uA, cm, umol, K). */
export interface LemsQuantity {
  readonly value: number;
  /** Of scale 1. */
  readonly unit: Quantity;
}

const QUANTITY = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-z_][A-Za-z0-9_]*)?\s*$/;
/** 0 degrees C, K. */
const ICE_K = 273.15;

/** Units of LEMS that are not put together of units of this program's language. */
const OTHER_UNITS: Readonly<Record<string, readonly [size: number, of: string]>> = {
  litre: [1, 'L'],
  min: [60, 's'],
  hour: [3600, 's'],
  e: [1.602176634e-19, 'C'],
  amol: [1e-18, 'mol'],
};

/** `-65 mV`, `0.1per_ms`, `36 mS_per_cm2`; a temperature in degC is one in K. Null for what is no number with a unit. */
export function parseQuantity(text: string): LemsQuantity | null {
  const match = QUANTITY.exec(text);
  const number = match && Number(match[1]);
  const unit = match && lemsUnit(match[2] ?? '');
  if (number === null || !Number.isFinite(number) || !unit) return null;
  const value = match[2] === 'degC' ? number + ICE_K : tidy(number * unit.scale);
  return { value, unit: { dimension: unit.dimension, scale: 1 } };
}

/** `mS_per_cm2`, `per_ms`, `mol_per_m_per_A_per_s`, `ohm_cm`: `per` puts what follows it below the line. */
function lemsUnit(name: string): Quantity | null {
  if (name === '') return NO_UNIT;
  let unit = NO_UNIT;
  let power = 1;
  const parts = name.split('_');
  if (parts.at(-1) === 'per') return null;
  for (const part of parts) {
    if (part === 'per' && power === 1) {
      power = -1;
      continue;
    }
    const atom = lemsAtom(part);
    if (!atom) return null;
    unit = times(unit, powerOf(atom, power));
    power = 1;
  }
  return unit;
}

function lemsAtom(name: string): Quantity | null {
  const other = Object.hasOwn(OTHER_UNITS, name) ? OTHER_UNITS[name] : null;
  if (!other) return parseAtom(name);
  const atom = parseAtom(other[1])!;
  return { ...atom, scale: atom.scale * other[0] };
}

/** 0.07 * 1000 is 70, not 70 with noise in the last place. */
export const tidy = (value: number): number => Number(value.toPrecision(15));
