import { expect } from 'vitest';
import type { SampledSignal } from '../../../src/analysis/data.js';

export function signal(values: ArrayLike<number>, sampleRateHz: number, startMs = 0): SampledSignal {
  return { values: Float64Array.from(values), sampleRateHz, startMs };
}

export function sampled(n: number, sampleRateHz: number, f: (n: number) => number): SampledSignal {
  return signal(
    Float64Array.from({ length: n }, (_, i) => f(i)),
    sampleRateHz,
  );
}

/** The closed-form pair of the `scipy.closedform` cases. */
export const closedFormX = sampled(
  4096,
  1000,
  (n) =>
    Math.sin(2 * Math.PI * 0.02 * n) +
    0.7 * Math.cos(2 * Math.PI * 0.11 * n + 0.3) +
    0.25 * Math.sin(1e-3 * n * n),
);
export const closedFormY = sampled(
  4096,
  1000,
  (n) => 0.8 * Math.sin(2 * Math.PI * 0.02 * n - 0.9) + 0.6 * Math.sin(1.7e-3 * n * n),
);

/** The signal of the `irasa.closedform` case. */
export const irasaSignal = (samples: number, sampleRateHz: number): SampledSignal =>
  sampled(samples, sampleRateHz, (n) => {
    let sum = 0.8 * Math.sin((2 * Math.PI * 20 * n) / 500);
    for (let i = 0; 0.5 + 0.37 * i < 240; i++) {
      const f = 0.5 + 0.37 * i;
      sum += Math.sin((2 * Math.PI * f * n) / 500 + 1.7 * i * i) / f ** 0.6;
    }
    return sum;
  });

/** Each value within |difference| <= abs + rel |expected|. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: { readonly abs?: number; readonly rel?: number },
): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const allowed = (tolerance.abs ?? 0) + (tolerance.rel ?? 0) * Math.abs(expected[i]);
    expect(Math.abs(actual[i] - expected[i]), `[${i}] ${actual[i]} vs ${expected[i]}`).toBeLessThanOrEqual(
      allowed,
    );
  }
}

/** Standard normal numbers from a 32-bit generator (mulberry32) and Box-Muller: the same on every machine. */
export function normalNoise(n: number, seed: number): Float64Array {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return Float64Array.from({ length: n }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  });
}
