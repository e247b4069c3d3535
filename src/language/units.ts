import { asNumber, equals, product, type Rational, rational, sum, ZERO } from './rational.js';

/**
 * Units of measure over mV, ms, uA, cm, umol and K: a coherent system for membranes, in which uF/cm2 times mV/ms is
 * uA/cm2 and mM is umol/cm3, so that formulas need no conversion factors.
 */
export const BASE_UNITS = ['mV', 'ms', 'uA', 'cm', 'umol', 'K'] as const;

/** Exponents of {@link BASE_UNITS}. */
export type Dimension = readonly Rational[];

/** A unit: its dimension and its size in the coherent system. */
export interface Quantity {
  readonly dimension: Dimension;
  readonly scale: number;
}

export const PURE_NUMBER: Dimension = BASE_UNITS.map(() => ZERO);

export const timesDimension = (a: Dimension, b: Dimension): Dimension => a.map((x, i) => sum(x, b[i]));
export const powerOfDimension = (a: Dimension, power: Rational): Dimension => a.map((x) => product(x, power));
export const sameDimension = (a: Dimension, b: Dimension): boolean => a.every((x, i) => equals(x, b[i]));

/** SI units: how many of the coherent system one is, and its exponents of mV, ms, uA, cm, umol, K. */
const SI: Record<string, readonly [number, readonly number[]]> = {
  V: [1e3, [1, 0, 0, 0, 0, 0]],
  s: [1e3, [0, 1, 0, 0, 0, 0]],
  A: [1e6, [0, 0, 1, 0, 0, 0]],
  m: [1e2, [0, 0, 0, 1, 0, 0]],
  mol: [1e6, [0, 0, 0, 0, 1, 0]],
  K: [1, [0, 0, 0, 0, 0, 1]],
  degC: [1, [0, 0, 0, 0, 0, 1]],
  S: [1e3, [-1, 0, 1, 0, 0, 0]],
  F: [1e6, [-1, 1, 1, 0, 0, 0]],
  C: [1e9, [0, 1, 1, 0, 0, 0]],
  Hz: [1e-3, [0, -1, 0, 0, 0, 0]],
  ohm: [1e-3, [1, 0, -1, 0, 0, 0]],
  M: [1e3, [0, 0, 0, -3, 1, 0]],
  L: [1e3, [0, 0, 0, 3, 0, 0]],
  J: [1e12, [1, 1, 1, 0, 0, 0]],
};
const PREFIXES: Record<string, number> = {
  '': 1,
  c: 1e-2,
  m: 1e-3,
  u: 1e-6,
  µ: 1e-6,
  n: 1e-9,
  p: 1e-12,
  f: 1e-15,
  k: 1e3,
  M: 1e6,
  G: 1e9,
};

const ATOMS: ReadonlyMap<string, Quantity> = new Map(
  Object.entries(SI).flatMap(([symbol, [scale, exponents]]) =>
    Object.entries(PREFIXES).map(([prefix, factor]) => [
      prefix + symbol,
      // Rounded, so that 1e-3 * 1e3 is 1.
      {
        scale: Number((scale * factor).toPrecision(12)),
        dimension: exponents.map((exponent) => rational(exponent)),
      },
    ]),
  ),
);

/** One unit with an optional power: `mV`, `cm2`, `cm^2`, `mV-1`; null for what is none. */
export function parseAtom(text: string): Quantity | null {
  const match = /^([A-Za-zµ]+?)(?:\^?(-?[1-9]))?$/.exec(text);
  const atom = match && ATOMS.get(match[1]);
  if (!atom) return null;
  return powerOf(atom, Number(match[2] ?? 1));
}

export const powerOf = ({ scale, dimension }: Quantity, power: number): Quantity => ({
  scale: scale ** power,
  dimension: powerOfDimension(dimension, rational(power)),
});
export const times = (a: Quantity, b: Quantity): Quantity => ({
  scale: a.scale * b.scale,
  dimension: timesDimension(a.dimension, b.dimension),
});
export const NO_UNIT: Quantity = { scale: 1, dimension: PURE_NUMBER };

/** `uA/cm2`, `mM*cm2/uA`, `1/ms`; null for what is no unit. */
export function parseUnit(text: string): Quantity | null {
  let unit = NO_UNIT;
  for (const [, operator, atom] of text.matchAll(/(^|[*/])([^*/]*)/g)) {
    const quantity = atom === '1' ? NO_UNIT : parseAtom(atom);
    if (!quantity) return null;
    unit = times(unit, operator === '/' ? powerOf(quantity, -1) : quantity);
  }
  return unit;
}

/** The dimension of a unit that is known to exist. */
export function dimensionOf(unit: string): Dimension {
  const quantity = parseUnit(unit);
  if (!quantity) throw new Error(`no unit is called "${unit}"`);
  return quantity.dimension;
}

/** Units that are shown by their usual name rather than by powers of the base. */
const USUAL = [
  'mV',
  'ms',
  '1/ms',
  'uA/cm2',
  'mS/cm2',
  'uF/cm2',
  'mM',
  'mM/ms',
  'uA',
  'cm',
  'K',
  'cm/ms',
  'mV/ms',
  'uS',
  'uF',
  'cm2',
  '1/mV',
  'kohm*cm',
].map((name) => ({ name, dimension: dimensionOf(name) }));

/** `mV`, `1/ms`, `mV ms^-1 cm`; "a pure number" where there is none. */
export function describeDimension(dimension: Dimension): string {
  if (sameDimension(dimension, PURE_NUMBER)) return 'a pure number';
  const usual = USUAL.find((unit) => sameDimension(unit.dimension, dimension));
  if (usual) return usual.name;
  const powers = dimension.map(asNumber);
  const named = BASE_UNITS.map((unit, i) => [unit, powers[i]] as const);
  // mM is what people write for umol/cm3.
  const [, , , cm, umol] = powers;
  const shown =
    umol !== 0 && cm === -3 * umol
      ? [...named.filter(([unit]) => unit !== 'cm' && unit !== 'umol'), ['mM', umol] as const]
      : named;
  return shown
    .flatMap(([unit, power]) => (power === 0 ? [] : [power === 1 ? unit : `${unit}^${power}`]))
    .join(' ');
}

/** Units that mechanisms are written in. */
const NAMED_UNITS = [
  ...[
    'mV',
    'V',
    'uV',
    'ms',
    's',
    'us',
    '1/ms',
    '1/s',
    'mM',
    'uM',
    'nM',
    'M',
    'K',
    '1/mV',
    '1/V',
    '1/mM',
    '1/uM',
    '1/K',
  ],
  ...[
    'uA/cm2',
    'mA/cm2',
    'nA/cm2',
    'A/cm2',
    'mS/cm2',
    'S/cm2',
    'uS/cm2',
    'nS/cm2',
    'pS/um2',
    'pA/um2',
    'pS/cm2',
  ],
  ...[
    'uA',
    'mA',
    'nA',
    'pA',
    'A',
    'mS',
    'S',
    'uS',
    'nS',
    'pS',
    'um',
    'cm',
    'nm',
    'mm',
    'm',
    'um2',
    'cm2',
    'um3',
    'cm3',
  ],
  ...[
    'cm/s',
    'cm/ms',
    'um/ms',
    'um/s',
    'um2/ms',
    'cm2/s',
    'mM/ms',
    'mM/s',
    'uM/ms',
    'uM/s',
    'mV/ms',
    'ms/mV',
    'mV/K',
  ],
  ...[
    '1/mV/ms',
    '1/mV/s',
    '1/mM/ms',
    '1/uM/ms',
    '1/mM/s',
    '1/uM/s',
    '1/M/s',
    '1/mM2',
    '1/um',
    '1/cm',
    '1/um2',
    '1/cm2',
  ],
  ...[
    'uF/cm2',
    'uF',
    'C/mol',
    'C',
    'C/cm3',
    'J',
    'J/K',
    'J/mol/K',
    'mol',
    'mol/cm2',
    'mol/cm3',
    'ohm',
    'kohm',
    'Mohm',
  ],
  ...[
    '1/ms/mA',
    'mM/mA',
    'mM/nA',
    'mM/ms/mA',
    '1/K/ms',
    'L',
    'cm3/s',
    'um3/s',
    'mol/ms',
    'mol/cm2/s',
    'mol/cm2/ms',
  ],
].map((text) => ({ text, unit: parseUnit(text)! }));

/** The text of a unit that mechanisms are written in, such as `mA/cm2`; null for any other. */
export function textOfUnit({ dimension, scale }: Quantity): string | null {
  const named = NAMED_UNITS.find(
    ({ unit }) => sameDimension(unit.dimension, dimension) && Math.abs(unit.scale / scale - 1) < 1e-9,
  );
  return named?.text ?? null;
}
