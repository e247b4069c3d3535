import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { adaptivelySmoothedRate, optimalBandwidthMs } from '../../../src/analysis/spiketrain/bandwidth.js';
import { gaussianSmoothed } from '../../../src/analysis/spiketrain/smoothing.js';

/** Counts per ms of a Poisson process whose rate is a Gaussian bump of `widthMs` in the middle. */
function bump(seed: string, spikes: number, widthMs: number): Float64Array {
  const random = seedrandom(seed);
  const counts = new Float64Array(2000);
  for (let k = 0; k < spikes; k++) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    counts[Math.round(1000 + widthMs * normal)]++;
  }
  return counts;
}

describe('optimalBandwidthMs', () => {
  it('minimises the cost of Shimazaki and Shinomoto, summed over pairs of spikes', () => {
    const counts = bump('pairs', 60, 40);
    const times = [...counts].flatMap((count, k) => new Array(count).fill(k) as number[]);
    const normal = (x: number, sd: number) => Math.exp(-0.5 * (x / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));
    const cost = (sigma: number) => {
      let sum = 0;
      for (let i = 0; i < times.length; i++) {
        for (let j = 0; j < times.length; j++) {
          sum += normal(times[i] - times[j], Math.SQRT2 * sigma);
          if (i !== j) sum -= 2 * normal(times[i] - times[j], sigma);
        }
      }
      return sum;
    };
    const best = optimalBandwidthMs(counts, 1, 2, 400).value!;
    for (let sigma = 2; sigma <= 400; sigma *= 1.05) expect(cost(best)).toBeLessThanOrEqual(cost(sigma));
    expect(cost(best)).toBeLessThan(cost(best * 1.01));
    expect(cost(best)).toBeLessThan(cost(best / 1.01));
  });

  it('narrows as spikes grow, near the optimum for a Gaussian', () => {
    const few = optimalBandwidthMs(bump('few', 200, 60), 1, 1, 400).value!;
    const many = optimalBandwidthMs(bump('many', 20_000, 60), 1, 1, 400).value!;
    expect(many).toBeLessThan(few);
    // Silverman 1986, 3.28: 1.06 sd n^(-1/5) minimises the asymptotic error; cross-validation scatters around it.
    expect(many).toBeGreaterThan(0.5 * 1.06 * 60 * 20_000 ** -0.2);
    expect(many).toBeLessThan(2 * 1.06 * 60 * 20_000 ** -0.2);
  });

  it('says that there is no best bandwidth where the cost falls to the end', () => {
    const clock = Float64Array.from({ length: 1000 }, (_, k) => (k % 50 === 0 ? 1 : 0));
    expect(optimalBandwidthMs(clock, 1, 20, 200)).toEqual({
      value: null,
      reason: expect.stringContaining('end of the range'),
    });
    expect(optimalBandwidthMs(new Float64Array(100), 1, 2, 50).value).toBeNull();
  });

  it('refuses a range outside one bin and the signal', () => {
    expect(() => optimalBandwidthMs(new Float64Array(100), 1, 0.5, 50)).toThrow(/1 .. 100 ms/);
    expect(() => optimalBandwidthMs(new Float64Array(100), 1, 5, 101)).toThrow(/1 .. 100 ms/);
    expect(() => optimalBandwidthMs(Float64Array.of(1, Number.NaN, 3), 1, 1, 3)).toThrow(/counts\[1\]/);
  });
});

describe('adaptivelySmoothedRate', () => {
  it('keeps the integral, and errs less than its pilot on a narrow bump over a low background', () => {
    const rate = { sampleRateHz: 1000, startMs: 0, values: bump('adaptive', 2000, 15) };
    for (let k = 0; k < 2000; k += 40) rate.values[k] += 1;
    const smooth = adaptivelySmoothedRate(rate, 25).values;
    const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
    expect(total(smooth)).toBeCloseTo(total(rate.values), 8);
    const truth = (k: number) =>
      (2000 * Math.exp(-0.5 * ((k - 1000) / 15) ** 2)) / (15 * Math.sqrt(2 * Math.PI)) + 1 / 40;
    const squaredError = (values: Float64Array) =>
      values.reduce((sum, value, k) => sum + (value - truth(k)) ** 2, 0);
    expect(squaredError(smooth)).toBeLessThan(squaredError(gaussianSmoothed(rate, 25).values));
  });

  it('of silence is silence', () => {
    const silent = { sampleRateHz: 1000, startMs: 0, values: new Float64Array(10) };
    expect([...adaptivelySmoothedRate(silent, 3).values]).toEqual(new Array(10).fill(0));
  });
});
