import { describe, expect, test } from 'vitest';
import { parseQuantity } from '../../../src/io/neuroml/lems_quantity.js';
import { describeDimension, dimensionOf } from '../../../src/language/units.js';

/**
 * The units that NeuroML defines (NeuroMLCoreDimensions.xml), by their dimension: how many of the SI unit one is. Beside each
 * dimension its unit in mechanisms, and how many of these the SI unit is.
 */
const UNITS: readonly (readonly [
  coherent: string,
  perSi: number,
  units: Readonly<Record<string, number>>,
])[] = [
  ['ms', 1e3, { s: 1, ms: 1e-3, min: 60, hour: 3600 }],
  ['1/ms', 1e-3, { per_s: 1, Hz: 1, per_ms: 1e3, per_min: 1 / 60, per_hour: 1 / 3600 }],
  ['cm', 1e2, { m: 1, cm: 1e-2, um: 1e-6 }],
  ['cm2', 1e4, { m2: 1, cm2: 1e-4, um2: 1e-12 }],
  ['cm3', 1e6, { m3: 1, cm3: 1e-6, litre: 1e-3, um3: 1e-18 }],
  ['mV', 1e3, { V: 1, mV: 1e-3 }],
  ['1/mV', 1e-3, { per_V: 1, per_mV: 1e3 }],
  ['mV/uA', 1e-3, { ohm: 1, kohm: 1e3, Mohm: 1e6 }],
  ['uA/mV', 1e3, { S: 1, mS: 1e-3, uS: 1e-6, nS: 1e-9, pS: 1e-12 }],
  ['mS/cm2', 0.1, { S_per_m2: 1, mS_per_cm2: 10, S_per_cm2: 1e4, uS_per_cm2: 1e-2 }],
  ['uF', 1e6, { F: 1, uF: 1e-6, nF: 1e-9, pF: 1e-12 }],
  ['uF/cm2', 1e2, { F_per_m2: 1, uF_per_cm2: 1e-2 }],
  ['mV/uA*cm', 0.1, { ohm_m: 1, kohm_cm: 10, ohm_cm: 1e-2 }],
  ['uA*ms', 1e9, { C: 1, e: 1.602176634e-19 }],
  ['uA*ms/umol', 1e3, { C_per_mol: 1, nA_ms_per_amol: 1e6, pC_per_umol: 1e-6 }],
  ['uA', 1e6, { A: 1, uA: 1e-6, nA: 1e-9, pA: 1e-12 }],
  ['uA/cm2', 1e2, { A_per_m2: 1, uA_per_cm2: 1e-2, mA_per_cm2: 10 }],
  ['mM', 1, { mol_per_m3: 1, mol_per_cm3: 1e6, M: 1e3, mM: 1 }],
  ['umol', 1e6, { mol: 1 }],
  ['cm/ms', 0.1, { m_per_s: 1, cm_per_s: 1e-2, um_per_ms: 1e-3, cm_per_ms: 10 }],
  ['mV*uA*ms/K/umol', 1e6, { J_per_K_per_mol: 1, fJ_per_K_per_umol: 1e-9 }],
  ['uA/mV/mV', 1, { S_per_V: 1, nS_per_mV: 1e-6 }],
  [
    'umol/cm/uA/ms',
    1e-5,
    { mol_per_m_per_A_per_s: 1, mol_per_cm_per_uA_per_ms: 1e11, umol_per_cm_per_nA_per_ms: 1e8 },
  ],
];

describe('quantities', () => {
  const cases = UNITS.flatMap(([coherent, perSi, units]) =>
    Object.entries(units).map(([unit, si]) => [unit, coherent, si * perSi] as const),
  );
  test.each(cases)('%s in %s', (unit, coherent, size) => {
    for (const text of [`-2.5${unit}`, `-2.5 ${unit}`, `-25e-1 ${unit}`]) {
      const quantity = parseQuantity(text);
      expect(quantity!.value / (-2.5 * size)).toBeCloseTo(1, 12);
      expect(describeDimension(quantity!.unit.dimension)).toBe(describeDimension(dimensionOf(coherent)));
    }
  });

  test('temperatures in degrees C become absolute', () => {
    expect(parseQuantity('6.3 degC')!.value).toBeCloseTo(279.45, 12);
    expect(parseQuantity('279.45K')!.value).toBe(279.45);
  });

  test.each([
    '',
    'mV',
    '5 mW',
    '1 per',
    'per_ms',
    '5 per_per_ms',
    '1..2 mV',
    '0x10',
    '1 mV 2',
    'Infinity mV',
    '1e999 mV',
  ])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeNull();
  });

  test('a number alone is a pure number', () => {
    expect(parseQuantity(' .5e1 ')!.value).toBe(5);
  });
});
