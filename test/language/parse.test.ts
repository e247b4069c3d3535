import { describe, expect, test } from 'vitest';
import { LanguageError } from '../../src/language/language_error.js';
import { asWritten, parse } from './support.js';

describe('formulas', () => {
  test.each([
    ['1 + 2*3', 7],
    ['2^3^2', 512],
    ['-2^2', -4],
    ['(-2)^2', 4],
    ['2^-1', 0.5],
    ['8/4/2', 1],
    ['1 - 2 - 3', -4],
    ['1 < 2 ? 3 : 4', 3],
    ['1 > 2 ? 3 : 2 > 1 ? 5 : 6', 5],
    ['!(1 == 1) || 2 >= 2 && 1 != 1', 0],
    ['min(3, max(1, 2)) + abs(-1.5e0)', 3.5],
    ['sqrt(16) + log10(1000) + log(exp(2))', 9],
    ['exprel(0) + exprel(1e-9)', 2.0000000005],
    ['.5 + 1. + 1e-1', 1.6],
  ])('%s is %d', (text, value) => {
    expect(asWritten(text, {})).toBeCloseTo(value, 12);
  });

  test('a unit after a number belongs to it and scales it to mV, ms, uA, cm, umol, K', () => {
    expect(asWritten('2 um', {})).toBeCloseTo(2e-4, 15);
    expect(asWritten('3 uA/cm2', {})).toBe(3);
    expect(asWritten('0.5/ms', {})).toBe(0.5);
    expect(asWritten('5*mV', {})).toBe(5);
    expect(asWritten('2 mM*cm2/uA/ms', {})).toBe(2);
    expect(asWritten('4 um^2', {})).toBeCloseTo(4e-8, 20);
  });

  test('a declared name is a variable, also where it is a unit', () => {
    expect(asWritten('6/m', { m: 3 })).toBe(2);
    expect(asWritten('2*m', { m: 3 })).toBe(6);
  });
});

describe('mistakes are marked', () => {
  const errorOf = (text: string): string => {
    try {
      parse(text);
    } catch (error) {
      if (error instanceof LanguageError) return error.message;
    }
    throw new Error(`${text} was read`);
  };

  test.each([
    ['1 + ', 'the formula ends too early\n  1 + \n      ^'],
    ['(1 + 2', 'expected ")"\n  (1 + 2\n        ^'],
    ['exp(1 2)', 'expected ")"\n  exp(1 2)\n        ^'],
    ['1 2', 'expected an operator\n  1 2\n    ^'],
    ['1 # 2', 'unexpected character "#"\n  1 # 2\n    ^'],
    ['a * / b', 'unexpected "/"\n  a * / b\n      ^'],
    ['1e999', '1e999 is larger than numbers can be\n  1e999\n  ^^^^^'],
    ['1 +\n2 + )', 'unexpected ")"\n  2 + )\n      ^'],
  ])('%j', (text, message) => {
    expect(errorOf(text)).toBe(message);
  });

  test('formulas that are too deep or too long', () => {
    expect(errorOf('('.repeat(1500))).toContain('nested more than 200 levels deep');
    expect(errorOf('-'.repeat(1500))).toContain('nested more than 200 levels deep');
    expect(errorOf(`1${'+1'.repeat(1500)}`)).toContain('over 2000 numbers, names and symbols');
    expect(errorOf('1'.repeat(20000))).toContain('over 10000 characters');
  });
});
