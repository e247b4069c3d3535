import { describe, expect, test } from 'vitest';
import { detectBursts } from '../../../src/analysis/oscillation/bursts.js';
import { normalNoise, sampled, signal } from '../spectral/signals.js';

/** 10 s at 1 kHz from 1000 ms on: weak 40 Hz throughout, four times as strong from 3 to 3.5 s and 7 to 7.25 s. */
const bursting = {
  ...sampled(10_000, 1000, (n) => {
    const strong = (n >= 2000 && n < 2500) || (n >= 6000 && n < 6250);
    return (strong ? 4 : 1) * Math.sin((2 * Math.PI * 40 * n) / 1000);
  }),
  startMs: 1000,
};

test('two strong stretches of a 40 Hz oscillation are found where they are', () => {
  // The weak oscillation itself lies at the median; 1.5 separates the two levels.
  const { bursts, perSecond, occupancy, meanDurationMs, medianAmplitude } = detectBursts(bursting, 30, 50, {
    lowThreshold: 1.5,
  }).value!;
  // The band is 20 Hz wide, so its filter answers within about 1/20 s.
  const filterMs = 50;
  expect(bursts).toHaveLength(2);
  for (const [burst, start, stop] of [
    [bursts[0], 3000, 3500],
    [bursts[1], 7000, 7250],
  ] as const) {
    expect(Math.abs(burst.startMs - start)).toBeLessThan(filterMs);
    expect(Math.abs(burst.stopMs - stop)).toBeLessThan(filterMs);
    expect(burst.peakMs).toBeGreaterThan(start);
    expect(burst.peakMs).toBeLessThan(stop);
  }
  expect(perSecond).toBeCloseTo(0.2, 12);
  expect(Math.abs(occupancy - 0.075)).toBeLessThan((4 * filterMs) / 10_000);
  expect(meanDurationMs).toBeCloseTo((occupancy * 10_000) / 2, 9);
  expect(Math.abs(medianAmplitude - 1)).toBeLessThan(0.05);
});

test('a burst shorter than minCycles is none', () => {
  const { bursts } = detectBursts(bursting, 30, 50, { lowThreshold: 1.5, minCycles: 11 }).value!;
  expect(bursts).toHaveLength(1);
  expect(bursts[0].startMs).toBeLessThan(3500);
});

test('the amplitude of Gaussian noise exceeds its median half of the time', () => {
  const noise = signal(normalNoise(100_000, 8), 1000);
  const { occupancy } = detectBursts(noise, 30, 50, { highThreshold: 1, minCycles: 1e-3 }).value!;
  expect(occupancy).toBeCloseTo(0.5, 4);
});

describe('an amplitude that equals a threshold', () => {
  // The median of an odd number of amplitudes is one of them.
  const noise = signal(normalNoise(10_001, 9), 1000);

  test('the low one: still within the burst', () => {
    const { occupancy } = detectBursts(noise, 30, 50, { highThreshold: 1, minCycles: 1e-3 }).value!;
    expect(occupancy).toBeCloseTo(5001 / 10_001, 12);
  });

  test('the high one: reached', () => {
    const { bursts, medianAmplitude } = detectBursts(noise, 30, 50, { minCycles: 1e-3 }).value!;
    // Dividing and multiplying by the median gives the same number for most bursts, though not for all.
    const { peakAmplitude, peakMs } = bursts.find(
      (burst) => (burst.peakAmplitude / medianAmplitude) * medianAmplitude === burst.peakAmplitude,
    )!;
    const highThreshold = peakAmplitude / medianAmplitude;
    const reached = detectBursts(noise, 30, 50, { highThreshold, minCycles: 1e-3 }).value!.bursts;
    expect(reached.map((burst) => burst.peakMs)).toContain(peakMs);
    expect(Math.min(...reached.map((burst) => burst.peakAmplitude))).toBe(peakAmplitude);
  });
});

describe('bad input', () => {
  test('a constant signal has no bursts to speak of', () => {
    const flat = signal(new Float64Array(1000).fill(2), 1000);
    expect(detectBursts(flat, 30, 50)).toEqual({ value: null, reason: expect.stringContaining('constant') });
  });

  test('thresholds out of order and signals too short for the filter are refused', () => {
    expect(() => detectBursts(bursting, 30, 50, { lowThreshold: 3 })).toThrow(/lowThreshold is 3/);
    expect(() => detectBursts(bursting, 30, 50, { minCycles: 0 })).toThrow(/minCycles is 0/);
    expect(() => detectBursts(signal([1, 2, 3], 1000), 30, 50)).toThrow(/3 samples.*padding/);
  });
});
