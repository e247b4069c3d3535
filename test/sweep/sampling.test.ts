import { describe, expect, test } from 'vitest';
import { choiceCount, choicesOf } from '../../src/sweep/sampling.js';
import type { Sampling } from '../../src/sweep/sweep_schema.js';

const linear = (from: number, to: number) => ({ from, to, scale: 'linear' as const, integer: false });

describe('grid and list', () => {
  test('a grid has every combination, the last parameter fastest', () => {
    const sampling: Sampling = {
      kind: 'grid',
      parameters: {
        a: { path: 'a', values: [1, 2] },
        b: { path: 'b', values: ['x', 'y', 'z'] },
        c: { path: 'c', factors: { from: 0, to: 1, count: 4, scale: 'linear' } },
      },
    };
    const choices = choicesOf(sampling);
    expect(choices).toHaveLength(24);
    expect(choiceCount(sampling)).toBe(24);
    expect(new Set(choices.map((choice) => JSON.stringify(choice))).size).toBe(24);
    expect(choices[1]).toEqual([1, 'x', 0.333333333333]);
    expect(choices[4]).toEqual([1, 'y', 0]);
    expect(choices[23]).toEqual([2, 'z', 1]);
  });

  test('ranges hit both ends; a logarithmic one has equal ratios', () => {
    const parameters = {
      a: { path: 'a', values: { from: 0.25, to: 4, count: 5, scale: 'log' as const } },
    };
    expect(choicesOf({ kind: 'grid', parameters }).flat()).toEqual([0.25, 0.5, 1, 2, 4]);
  });

  test('a list takes values together, and refuses unequal lengths', () => {
    const list = (b: number[]): Sampling => ({
      kind: 'list',
      parameters: { a: { path: 'a', values: [1, 2, 3] }, b: { path: 'b', values: b } },
    });
    expect(choicesOf(list([4, 5, 6]))).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(choiceCount(list([4, 5, 6]))).toBe(3);
    expect(() => choicesOf(list([4]))).toThrow('a has 3, b 1');
  });
});

describe('random and Latin hypercube', () => {
  const drawn = (kind: 'random' | 'latin-hypercube', seed = 1, points = 100): Sampling => ({
    kind,
    points,
    seed,
    parameters: {
      a: { path: 'a', values: linear(-3, 5) },
      b: { path: 'b', values: { ...linear(1, 1000), scale: 'log' } },
      c: { path: 'c', values: ['x', 'y', 'z', 'w'] },
    },
  });

  test.each(['random', 'latin-hypercube'] as const)('%s: the seed decides, and nothing else', (kind) => {
    expect(choicesOf(drawn(kind))).toEqual(choicesOf(drawn(kind)));
    expect(choicesOf(drawn(kind, 2))).not.toEqual(choicesOf(drawn(kind)));
    for (const [a, b] of choicesOf(drawn(kind)) as [number, number, string][]) {
      expect(a).toBeGreaterThanOrEqual(-3);
      expect(a).toBeLessThan(5);
      expect(b).toBeGreaterThanOrEqual(1);
      expect(b).toBeLessThan(1000);
    }
  });

  test.each([1, 2, 7])(
    'a Latin hypercube has one point in each of n parts of every range (seed %i)',
    (seed) => {
      const points = 100;
      const choices = choicesOf(drawn('latin-hypercube', seed, points)) as [number, number, string][];
      const strata = (shares: number[]) => new Set(shares.map((share) => Math.floor(share * points + 1e-9)));
      const all = new Set(Array.from({ length: points }, (_, k) => k));
      expect(strata(choices.map(([a]) => (a + 3) / 8))).toEqual(all);
      expect(strata(choices.map(([, b]) => Math.log(b) / Math.log(1000)))).toEqual(all);
      const counts = ['x', 'y', 'z', 'w'].map((name) => choices.filter(([, , c]) => c === name).length);
      expect(counts).toEqual([25, 25, 25, 25]);
      const pairs = new Set(choices.map(([a, b]) => Math.floor(a) < 1 === Math.log10(b) < 1.5));
      expect(pairs.size, 'the parameters are independent').toBe(2);
    },
  );

  test('independent draws leave parts empty, as they should', () => {
    const choices = choicesOf(drawn('random')) as [number, number, string][];
    expect(new Set(choices.map(([a]) => Math.floor(((a + 3) / 8) * 100))).size).toBeLessThan(80);
  });

  test('whole numbers where asked', () => {
    const parameters = { n: { path: 'n', values: { ...linear(10, 50), integer: true } } };
    const values = choicesOf({ kind: 'latin-hypercube', points: 20, seed: 3, parameters }).flat();
    expect(values.every((value) => Number.isInteger(value))).toBe(true);
  });
});
