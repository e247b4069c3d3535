import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differentiate } from '../../src/language/differentiate.js';
import { evaluate, evaluateFloat32 } from '../../src/language/evaluate.js';
import { linearIn } from '../../src/language/linear.js';
import { childrenOf, type Node } from '../../src/language/node.js';
import { recordFormula } from '../../src/language/record_formula.js';
import { recordTangent } from '../../src/language/tangent.js';
import { Tape } from '../../src/language/tape.js';
import { TapeBuilder } from '../../src/language/tape_builder.js';
import { asWritten, optimised, parse, type Values, whenOptimised } from './support.js';

/** Nodes of a kind or calls of a name within an expression. */
function count(node: Node, of: string): number {
  const seen = new Set<Node>();
  const visit = (part: Node): void => {
    if (seen.has(part)) return;
    seen.add(part);
    childrenOf(part).forEach(visit);
  };
  visit(node);
  return [...seen].filter((part) => part.kind === of || (part.kind === 'call' && part.name === of)).length;
}

const closeTo = (a: number, b: number, tolerance = 1e-9): boolean =>
  Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));

const PUBLISHED = [
  '0.1*(V+40)/(1-exp(-(V+40)/10))',
  '0.32*(13-V+VT)/(exp((13-V+VT)/4)-1)',
  'tauMax/(3.3*exp((V+35)/20)+exp(-(V+35)/20))',
  '(0.0761*exp(0.0314*(V+94.22))/(1+exp(0.0346*(V+1.17))))^0.333333',
  '(1/(1+exp(0.0688*(V+53.3))))^4',
  '30.8 + (211.4 + exp((V+113.2)/5))/(3.7*(1+exp((V+84)/3.2)))',
  '1/(1+(half/Ca)^4)',
  '10000/cosh((V+48)/12) + tanh(V/30)',
  'P*4*F^2*V/(R*T)*(Ca - out*exp(-2*F*V/(R*T)))/(1-exp(-2*F*V/(R*T)))',
  'V < -40 ? 0.5*exp(V/10) : 0.3*log(2 + abs(V))',
  'max(-V/20, 0) - min(V, 3)',
];
const VALUES = { VT: -63, tauMax: 600, half: 5e-4, Ca: 1e-4, P: 2e-4, F: 96485, R: 8314, T: 309, out: 2 };

describe('the optimised form gives the values of the formula as written', () => {
  test.each(PUBLISHED)('%s', (text) => {
    for (let V = -119.3; V < 60; V += 3.7) {
      const values = { ...VALUES, V };
      expect(closeTo(whenOptimised(text, values), asWritten(text, values))).toBe(true);
    }
  });

  test('for formulas drawn at random', () => {
    const leaf = fc.oneof(
      fc.constantFrom('a', 'b', 'c'),
      fc.integer({ min: 1, max: 40 }).map((n) => String(n / 8)),
    );
    const { formula } = fc.letrec<{ formula: string }>((tie) => ({
      formula: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc
          .tuple(tie('formula'), fc.constantFrom('+', '-', '*', '/'), tie('formula'))
          .map((p) => `(${p.join(' ')})`),
        fc.tuple(tie('formula'), fc.constantFrom('2', '3', '-1', '0.5')).map(([x, n]) => `((${x})^(${n}))`),
        tie('formula').map((x) => `exp(-abs(${x}))`),
        tie('formula').map((x) => `(-(${x}))`),
        fc
          .tuple(tie('formula'), tie('formula'), tie('formula'))
          .map(([x, y, z]) => `(${x} < ${y} ? ${z} : 1)`),
      ),
    }));
    const amount = fc.double({ min: 0.1, max: 3, noNaN: true });
    fc.assert(
      fc.property(formula, amount, amount, amount, (text, a, b, c) => {
        const values: Values = { a, b, c };
        const expected = asWritten(text, values);
        // Where digits cancel, both forms are rounding errors of their own.
        const shifted = asWritten(text, { a: a * (1 + 1e-9), b, c: c * (1 - 1e-9) });
        if (!Number.isFinite(expected) || !closeTo(expected, shifted, 1e-6)) return true;
        const got = whenOptimised(text, values);
        return closeTo(got, expected, 1e-6);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});

describe('removable singularities', () => {
  test.each([
    ['0.1*(V+40)/(1-exp(-(V+40)/10))', -40, 1],
    ['(4+0.1*V)/(1-exp(-0.1*V-4))', -40, 1],
    ['0.32*(13-V)/(exp((13-V)/4)-1)', 13, 1.28],
    ['a*(V-h)/(1-exp((h-V)/k))', 5, 10],
    ['(V-h)/(a-a*exp((h-V)/k))', 5, 2.5],
    ['(V-5)/(exp(V/5)-exp(1))', 5, 5 / Math.E],
    ['V/(exp(V/5)-exp(-V/5))', 0, 2.5],
    ['(V-5)/tanh((V-5)/4)', 5, 4],
    ['(V-5)/sinh((V-5)/4)', 5, 4],
    ['V*(Ca - out*exp(-V/12))/(1-exp(-V/12))', 0, 12 * (1e-4 - 2)],
    ['(0.5*V+1)*(V+2)/(exp((V+2)/3)-1)', -2, 0],
    ['1/exprel((V+40)/10)', -40, 1],
  ])('%s at %d', (text, V, limit) => {
    const values = { V, h: 5, k: 5, a: 2, Ca: 1e-4, out: 2 };
    expect(whenOptimised(text, values)).toBeCloseTo(limit, 9);
    for (const beside of [V - 0.7, V + 0.7]) {
      const there = { ...values, V: beside };
      expect(closeTo(whenOptimised(text, there), asWritten(text, there))).toBe(true);
    }
  });

  test.each(['1/(1-exp((V+84)/3.2))', '(V+40)/(1-2*exp(-(V+40)/10))', '(V+41)/(1-exp(-(V+40)/10))'])(
    '%s has none',
    (text) => {
      expect(count(optimised(text).node, 'linoid')).toBe(0);
    },
  );
});

test('exponentials that float32 does not hold do not make infinity over infinity', () => {
  for (const text of ['exp(V/2)/(1+exp(V/2))', '3*a*exp(V)/(2*exp(V)+b+exp(V/3))', 'exp(V/2)/(exp(V/2)-b)']) {
    for (const V of [-170, -20, -3, 3, 20, 170]) {
      const values = { V, a: 2, b: 5 };
      const { node } = optimised(text);
      const expected = asWritten(text, values);
      expect(
        closeTo(evaluateFloat32(node, new Map(Object.entries(values))), expected, 1e-5),
        `${text} at ${V}`,
      ).toBe(true);
    }
  }
});

describe('guards of old code go by proof', () => {
  const quotient = '(V+40)/(1-exp(-(V+40)/10))';
  test.each([
    `abs(V+40) < 0.001 ? 10 : ${quotient}`,
    `abs((V+40)/10) > 1e-6 ? ${quotient} : 10*(1+(V+40)/20)`,
    `V == -40 ? 10 : ${quotient}`,
    'V == -27 ? exp((V+0.0001)/10) : exp(V/10)',
    '(V == -27 ? V + 0.0001 : V)/10',
    'V/10 < -50 ? 0 : exp(V/10)',
    'V < 5 ? 5 : V',
    'V > 5 ? 5 : V',
  ])('%s', (text) => {
    // A nudge inside a function is no nudge of the value.
    expect(count(optimised(text).node, 'choice')).toBe(text.includes('exp((V+0.0001)') ? 1 : 0);
    for (const V of [-61, -33, 4, 7])
      expect(closeTo(whenOptimised(text, { V }), asWritten(text, { V }), 1e-4)).toBe(true);
  });

  test.each([
    `abs(V+40) < 0.001 ? 12 : ${quotient}`,
    `V < -60 ? 10 : ${quotient}`,
    `V > 30 ? V + 40 : ${quotient}`,
    'V < 5 ? 0 : exp(V)',
  ])('%s stays', (text) => {
    expect(count(optimised(text).node, 'choice')).toBe(1);
  });
});

test('linearity is found by structure', () => {
  const parts = (text: string) => {
    const { graph, node } = optimised(text);
    const linear = linearIn(graph, node, 'x');
    if (!linear) return null;
    const at = new Map(Object.entries({ a: 2, b: 3, V: 5 }));
    return [evaluate(linear.slope, at), evaluate(linear.rest, at)];
  };
  expect(parts('a*(1-x) - b*x')).toEqual([-5, 2]);
  expect(parts('(a - x)/b + V')).toEqual([-1 / 3, 2 / 3 + 5]);
  expect(parts('a*(b - x)*(V + 1)')).toEqual([-12, 36]);
  expect(parts('a*x^2 - x')).toBeNull();
  expect(parts('exp(x)')).toBeNull();
  expect(parts('x*(1-x)')).toBeNull();
});

test('derivatives by structure are those of differentiating the formula as written', () => {
  const formulas = [
    ...PUBLISHED,
    'sin(V/9)*cos(V/7)',
    'sqrt(2+sinh(V/40)^2)',
    '2^(V/20)',
    '(V/30)^3/exprel(V/9)',
  ];
  for (const text of formulas) {
    const builder = new TapeBuilder();
    const result = recordFormula(builder, parse(text), (name) => builder.input(name));
    const slope = recordTangent(builder, result, builder.input('V'));
    if (slope === null) continue;
    const tape = new Tape(builder);
    const { graph, node } = optimised(text);
    const derivative = differentiate(graph, node, 'V');
    for (let V = -99.3; V < 50; V += 7.7) {
      const values = { ...VALUES, V };
      for (const [name, value] of Object.entries(values)) tape.input(name)?.fill(value);
      tape.run();
      const [expected] = tape.values(slope);
      const got = evaluate(derivative, new Map(Object.entries(values)));
      expect(closeTo(got, expected, 1e-8), `${text} at ${V}: ${got}, ${expected}`).toBe(true);
    }
  }
});
