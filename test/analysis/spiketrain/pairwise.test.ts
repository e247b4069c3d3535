import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binsOf } from '../../../src/analysis/spiketrain/binning.js';
import {
  binnedCounts,
  correlationMatrix,
  covariance,
  pearson,
} from '../../../src/analysis/spiketrain/correlation.js';
import { crossCorrelogram } from '../../../src/analysis/spiketrain/cross_correlogram.js';
import { pairMatrix, samplePairs, summarizePairs } from '../../../src/analysis/spiketrain/pairs.js';
import { spikeTimeTiling } from '../../../src/analysis/spiketrain/sttc.js';
import { allNeurons, spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';
import goldens from '../goldens/spiketrain.json' with { type: 'json' };
import { gammaTrains } from './processes.js';

describe('pair sampling', () => {
  const neurons = Uint32Array.from({ length: 20 }, (_, i) => 3 * i);

  it('takes every pair once where all fit', () => {
    const pairs = samplePairs(neurons, 1000, 'all');
    const keys = new Set([...pairs.first].map((a, k) => `${a}-${pairs.second[k]}`));
    expect(keys.size).toBe(190);
    expect(pairs.total).toBe(190);
    expect([...pairs.first].every((a, k) => a < pairs.second[k])).toBe(true);
  });

  it('draws different pairs, the same for the same seed, each equally often', () => {
    const pairs = samplePairs(neurons, 50, 'seed');
    expect(new Set([...pairs.first].map((a, k) => `${a}-${pairs.second[k]}`)).size).toBe(50);
    expect(samplePairs(neurons, 50, 'seed')).toEqual(pairs);
    expect(samplePairs(neurons, 50, 'other')).not.toEqual(pairs);
    const drawn = new Map<string, number>();
    for (let draw = 0; draw < 400; draw++) {
      const { first, second } = samplePairs(neurons, 19, `draw ${draw}`);
      first.forEach((a, k) => {
        const key = `${a}-${second[k]}`;
        drawn.set(key, (drawn.get(key) ?? 0) + 1);
      });
    }
    // 40 expected for each of 190 pairs, sd 6: a z of 5 happens in 1 of 10,000 such tests.
    expect(drawn.size).toBe(190);
    for (const times of drawn.values()) expect(Math.abs(times - 40)).toBeLessThan(5 * 6);
  });

  it('reaches the last pair of 100,000 neurons', () => {
    const many = Uint32Array.from({ length: 100_000 }, (_, i) => i);
    const { first, second, total } = samplePairs(many, 1000, 'many');
    expect(total).toBe(4_999_950_000);
    expect([...first].every((a, k) => a < second[k] && second[k] < 100_000)).toBe(true);
  });

  it('leaves undefined pairs out of the mean and says so', () => {
    const trains = spikeTrainsFromLists([[1], [2], []]);
    const window = { startMs: 0, stopMs: 10 };
    const all = samplePairs(allNeurons(trains), 10, '');
    const summary = summarizePairs(trains, all, window, (a, b) => spikeTimeTiling(a, b, window)).value!;
    expect(summary.pairs).toBe(1);
    expect([...summary.values].filter(Number.isNaN)).toHaveLength(2);
    const matrix = pairMatrix(trains, allNeurons(trains), window, (a, b) => spikeTimeTiling(a, b, window));
    expect([...matrix]).toEqual([1, 1, Number.NaN, 1, 1, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    const none = { first: Uint32Array.of(0), second: Uint32Array.of(2), total: 1 };
    expect(summarizePairs(trains, none, window, (a, b) => spikeTimeTiling(a, b, window)).value).toBeNull();
  });
});

describe('binned correlations (golden binned.cov_corr_cch)', () => {
  const { inputs, expected, tol } = goldens['binned.cov_corr_cch'];
  const bins = binsOf({ startMs: inputs.t[0], stopMs: inputs.t[1] }, inputs.bin_ms);
  const trains = spikeTrainsFromLists([inputs.a_ms, inputs.b_ms]);
  const counts = [inputs.a_ms, inputs.b_ms].map((times) => binnedCounts(Float64Array.from(times), bins));

  it('covariance and Pearson', () => {
    expect(Math.abs(covariance(counts[0], counts[1]) - expected.cov01)).toBeLessThan(tol.abs);
    expect(Math.abs(pearson(counts[0], counts[1]).value! - expected.corr01)).toBeLessThan(tol.abs);
    const matrix = correlationMatrix(trains, allNeurons(trains), bins);
    expect(Math.abs(matrix.covariance[1] - expected.cov01)).toBeLessThan(tol.abs);
    expect(Math.abs(matrix.pearson[2] - expected.corr01)).toBeLessThan(tol.abs);
    expect(matrix.pearson[0]).toBeCloseTo(1, 12);
    const clipped = correlationMatrix(trains, allNeurons(trains), bins, 'occupied');
    expect(Math.abs(clipped.pearson[1] - expected.corr01_clipped)).toBeLessThan(tol.abs);
  });

  it('cross-correlogram', () => {
    const {
      counts: cch,
      lagsMs,
      coefficients,
      borderCorrected,
    } = crossCorrelogram(counts[0], counts[1], 1, 49);
    expect([...cch]).toEqual(expected.cch_full);
    expect([lagsMs[0], lagsMs[98]]).toEqual([-49, 49]);
    expect(Math.abs(coefficients[49] - expected.corr01)).toBeLessThan(tol.abs);
    expect(borderCorrected[39]).toBeCloseTo((cch[39] * 50) / 40, 12);
  });

  it('a positive lag means that the second train follows', () => {
    const { counts: cch } = crossCorrelogram(Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0), 1, 2);
    expect([...cch]).toEqual([0, 0, 0, 1, 0]);
  });

  it('are undefined for a silent neuron and refuse unequal or broken series', () => {
    expect(pearson(new Float64Array(5), counts[0].slice(0, 5)).value).toBeNull();
    expect(
      crossCorrelogram(new Float64Array(5), Float64Array.of(1, 0, 0, 0, 0), 1, 1).coefficients[0],
    ).toBeNaN();
    expect(() => pearson(new Float64Array(5), new Float64Array(4))).toThrow(/5 and 4/);
    expect(() => covariance(Float64Array.of(1, Number.NaN), Float64Array.of(1, 2))).toThrow(/not finite/);
    expect(() => crossCorrelogram(counts[0], counts[1], 1, 50)).toThrow(/maxLagBins is 50/);
  });

  it('independent Poisson trains are uncorrelated within the standard error', () => {
    const poisson = gammaTrains('pearson', 60, 30, 10_000);
    const window = { startMs: 0, stopMs: 10_000 };
    const wide = binsOf(window, 10);
    const summary = summarizePairs(poisson, samplePairs(allNeurons(poisson), 1e6, ''), window, (a, b) =>
      pearson(binnedCounts(a, wide), binnedCounts(b, wide)),
    ).value!;
    // Pearson's r of n independent pairs of samples has sd 1/sqrt(n - 1); r of different pairs are uncorrelated.
    const sd = 1 / Math.sqrt(999);
    expect(Math.abs(summary.sd / sd - 1)).toBeLessThan(4 / Math.sqrt(2 * 1770));
    expect(Math.abs(summary.mean)).toBeLessThan((3 * sd) / Math.sqrt(1770));
  });
});

describe('spike time tiling', () => {
  const window = { startMs: 0, stopMs: 50 };
  const tiling = (a: number[], b: number[], within = window, dt = 5) =>
    spikeTimeTiling(Float64Array.from(a), Float64Array.from(b), within, dt);

  it('agrees with the pencil and paper value (golden sttc.pencil)', () => {
    const { inputs, expected, tol } = goldens['sttc.pencil'];
    const { value } = tiling(inputs.a_ms, inputs.b_ms, window, inputs.dt_ms);
    expect(Math.abs(value! - expected.sttc)).toBeLessThan(tol.abs);
  });

  it('is 1 for single spikes that are close, and for identical trains', () => {
    expect(tiling([1], [2]).value).toBe(1);
    expect(tiling([3, 9, 40], [3, 9, 40]).value).toBe(1);
  });

  it('counts the window once where tiles overlap or leave it', () => {
    // B's tiles [0, 7] and [43, 50] cover 14 of 50; A's spike at 25 covers 10 and has no partner.
    const value = ((0 - 14 / 50) / 1 + (0 - 10 / 50) / 1) / 2;
    expect(tiling([25], [2, 48]).value).toBeCloseTo(value, 12);
  });

  it('counts a spike exactly dt away as near, on both sides', () => {
    // Both spikes have their partner: P 1 and 1, T 10/50 each.
    expect(tiling([20], [25]).value).toBe(1);
    // A little further and neither has: (0 - 10/50)/1 for both.
    expect(tiling([20], [25 + 1e-9]).value).toBeCloseTo(-0.2, 9);
  });

  it('is symmetric and within -1 .. 1', () => {
    const train = fc.uniqueArray(fc.integer({ min: 0, max: 49 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(train, train, (x, y) => {
        const a = x.sort((s, t) => s - t);
        const b = y.sort((s, t) => s - t);
        const value = tiling(a, b).value!;
        expect(tiling(b, a).value).toBeCloseTo(value, 12);
        expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('is undefined for an empty train and refuses disorder', () => {
    expect(tiling([], [1]).value).toBeNull();
    expect(() => tiling([2, 1], [1])).toThrow(/a\[1\] is 1 ms after 2 ms/);
    expect(() => tiling([1], [1], window, 0)).toThrow(/dtMs/);
  });
});
