import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Expression } from '../../src/language/expression.js';
import { parseExpression } from '../../src/language/parse.js';
import { parseUnit } from '../../src/language/units.js';
import { writeExpression } from '../../src/language/write.js';

const NAMES = ['V', 'm', 'Ca_in'];
const parse = (text: string): Expression => parseExpression(text, (name) => NAMES.includes(name));

/** An expression without the places that it was read from. */
const bare = (expression: Expression): unknown =>
  JSON.parse(JSON.stringify(expression, (key, value) => (key === 'place' ? undefined : value)));

const place = { text: '', start: 0, end: 0 };
const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.constantFrom(...NAMES).map((name) => ({ kind: 'name' as const, name, place })),
  fc.constantFrom(0, 1, 2.5, 1e-7, 96485332.12).map((value) => ({
    kind: 'number' as const,
    value,
    unit: null,
    place,
  })),
  fc.constantFrom('mV', '1/ms', 'uA/cm2', 'mM', 'uA*ms/umol', '1/mV/ms', 'cm2').map((unit) => ({
    kind: 'number' as const,
    value: 3,
    unit: { ...parseUnit(unit)!, scale: 1 },
    place,
  })),
);
const { anyExpression } = fc.letrec<{ anyExpression: Expression }>((tie) => ({
  anyExpression: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom('+', '-', '*', '/', '^', '<', '>=', '==', '&&', '||'),
      left: tie('anyExpression'),
      right: tie('anyExpression'),
      place: fc.constant(place),
    }) as fc.Arbitrary<Expression>,
    fc.record({
      kind: fc.constantFrom('negative' as const, 'not' as const),
      of: tie('anyExpression'),
      place: fc.constant(place),
    }),
    fc.record({
      kind: fc.constant('choice' as const),
      condition: tie('anyExpression'),
      yes: tie('anyExpression'),
      no: tie('anyExpression'),
      place: fc.constant(place),
    }),
    fc.record({
      kind: fc.constant('call' as const),
      name: fc.constant('exp'),
      args: fc.tuple(tie('anyExpression')),
      place: fc.constant(place),
    }),
  ),
}));

/** The scale of a unit plays no part once it is in the value. */
const withoutScale = (expression: Expression): unknown =>
  JSON.parse(JSON.stringify(bare(expression), (key, value) => (key === 'scale' ? undefined : value)));

describe('formulas as text', () => {
  test('are read back as they were', () => {
    fc.assert(
      fc.property(anyExpression, (expression) => {
        expect(withoutScale(parse(writeExpression(expression)))).toEqual(withoutScale(expression));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['1/(1+exp(-(V+35)/10))', '1/(1 + exp(-(V + 35)/10))'],
    ['a-(b-c)*-d', 'a - (b - c)*(-d)'],
    ['V/(1 mV)', 'V/(1 mV)'],
    ['0.1/s', '0.1/s'],
    ['2^-1', '2^(-1)'],
    ['V<0?1:V<5?2:3', 'V < 0 ? 1 : V < 5 ? 2 : 3'],
    ['96485.33212 C/mol', '96485.33212 C/mol'],
    ['-3 mV*2', '-3 mV*2'],
    ['1.000e-4*V', '1.000e-4*V'],
    ['3 mV*K*umol', '3 mV*umol*K'],
  ])('%s', (text, expected) => {
    expect(writeExpression(parse(text))).toBe(expected);
  });
});
