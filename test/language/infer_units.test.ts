import { describe, expect, test } from 'vitest';
import { sourceOf } from '../../src/language/expression.js';
import { UnitInference } from '../../src/language/infer_units.js';
import { parseExpression } from '../../src/language/parse.js';
import { dimensionOf } from '../../src/language/units.js';

const NAMES = {
  V: 'mV',
  tau: 'ms',
  m: '1',
  Ca_in: 'mM',
  I_Ca: 'uA/cm2',
  F: 'C/mol',
  R: 'J/mol/K',
  T: 'K',
  celsius: 'K',
  phi: '1',
};

/** The units that the numbers of a formula are taken for, or the error. */
function check(text: string, unit: string): string {
  const units = new UnitInference();
  for (const [name, of] of Object.entries(NAMES)) units.declare(name, dimensionOf(of));
  try {
    units.require(
      parseExpression(text, (name) => Object.hasOwn(NAMES, name)),
      dimensionOf(unit),
      'this',
    );
    return units
      .close()
      .map(({ value, unit: taken }) => `${value}: ${taken}`)
      .join(', ');
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a bare number takes the unit of its place', () => {
  test.each([
    ['0.1*(V+40)/(1-exp(-(V+40)/10))', '1/ms', '0.1: mV^-1 ms^-1, 40: mV, 1: a pure number, 40: mV, 10: mV'],
    ['30.8 + 211/(1+exp((V+84)/3.2))', 'ms', '30.8: ms, 211: ms, 1: a pure number, 84: mV, 3.2: mV'],
    ['3^((celsius-36)/10)', '1', '3: a pure number, 36: K, 10: K'],
    ['0.0004*(Ca_in/0.002)^4', '1/ms', '0.0004: 1/ms, 0.002: mM'],
    ['2*F*V/(R*T)', '1', '2: a pure number'],
    ['sqrt(V^2) + 0', 'mV', ''],
    ['V > -50 ? 1/ms : 2', '1/ms', '50: mV, 2: 1/ms'],
    ['max(V, -80)*0.1', '1/ms', '80: mV, 0.1: mV^-1 ms^-1'],
  ])('%s in %s', (text, unit, taken) => {
    expect(check(text, unit)).toBe(taken);
  });
});

describe('units that disagree are marked', () => {
  test.each([
    [
      '1/(1+exp(-(V+tau)/10))',
      '1',
      '"V" is in mV, but "tau" is in ms\n  1/(1+exp(-(V+tau)/10))\n            ^^^^^^^',
    ],
    ['0.01*(v+55)', '1/ms', 'nothing is called "v"; did you mean "V"?\n  0.01*(v+55)\n        ^'],
    [
      '-I_Ca/(2*F) - Ca_in/tau',
      'mM/ms',
      '"2" would have to be in cm for the units to agree; write its unit or correct the formula\n  -I_Ca/(2*F) - Ca_in/tau\n         ^',
    ],
    [
      'phi/(1+exp(-(V+28)/10))',
      '1/ms',
      'this is in 1/ms; this formula is in a pure number; if it is meant so, write 1/ms * (...)\n  phi/(1+exp(-(V+28)/10))\n  ^^^^^^^^^^^^^^^^^^^^^^^',
    ],
    ['exp(V)', '1', 'exp takes a pure number; "V" is in mV\n  exp(V)\n      ^'],
    ['V + 5 ms', 'mV', '"V" is in mV, but "5 ms" is in ms\n  V + 5 ms\n  ^^^^^^^^'],
    [
      'V^0.37',
      '1',
      'a power whose exponent is no simple fraction takes a pure number; "V" is in mV\n  V^0.37\n  ^',
    ],
    ['2^V', '1', 'an exponent takes a pure number; "V" is in mV\n  2^V\n    ^'],
    [
      'vtrap(V, 10)',
      '1',
      'no function is called "vtrap"; allowed: exp, log, log10, sqrt, abs, min, max, sin, cos, sinh, cosh, tanh, exprel\n  vtrap(V, 10)\n  ^^^^^^^^^^^^',
    ],
    ['exp(m, m)', '1', 'exp takes 1 value; got 2\n  exp(m, m)\n  ^^^^^^^^^'],
  ])('%s', (text, unit, message) => {
    expect(check(text, unit)).toBe(message);
  });

  test('powers of units are bounded', () => {
    const tower = `${'('.repeat(30)}V${')^12'.repeat(30)}`;
    expect(check(tower, '1')).toContain('the powers of units are too large');
  });
});

test('a formula of other formulas has their unit', () => {
  const units = new UnitInference();
  units.declare('V', dimensionOf('mV'));
  const parse = (text: string) => parseExpression(text, (name) => ['V', 'u', 'k'].includes(name));
  units.define('u', parse('V + 2'));
  units.define('k', parse('5'));
  units.require(parse('exp(u/k)'), dimensionOf('1'), 'this');
  expect(
    units.close().map(({ place, unit }) => `${place.text.slice(place.start, place.end)} ${unit}`),
  ).toEqual(['2 mV', '5 mV']);
  expect(sourceOf(parse('(V + 2)'))).toBe('(V + 2)');
});
