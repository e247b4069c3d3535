import { describe, expect, it } from 'vitest';
import { binsOf } from '../../../src/analysis/spiketrain/binning.js';
import { fanoCurve, fanoFactors, fanoOfCounts, logSpacedMs } from '../../../src/analysis/spiketrain/fano.js';
import { spikeHistogram } from '../../../src/analysis/spiketrain/rates.js';
import { allNeurons, spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';
import goldens from '../goldens/spiketrain.json' with { type: 'json' };
import { gammaTrains, meanAndError } from './processes.js';

const window = { startMs: 0, stopMs: 20_000 };

describe('Fano factor', () => {
  it('agrees with Elephant (golden fano.pair)', () => {
    const { inputs, expected, tol } = goldens['fano.pair'];
    expect(Math.abs(fanoOfCounts(inputs.counts) - expected.ff)).toBeLessThan(tol.abs);
  });

  it('of a train is that of its binned counts', () => {
    const trains = gammaTrains('fano', 20, 30, 20_000, 2);
    const fano = fanoFactors(trains, window, 100);
    for (let i = 0; i < 20; i++) {
      const counts = spikeHistogram(trains, Uint32Array.of(i), binsOf(window, 100));
      expect(fano[i]).toBeCloseTo(fanoOfCounts(counts), 12);
    }
  });

  it('is 1 for Poisson in every window, within its standard error', () => {
    const trains = gammaTrains('fano poisson', 400, 40, 20_000);
    const { mean, error } = meanAndError(fanoFactors(trains, window, 100));
    // ddof 0 makes the expectation 1 - 1/windows.
    expect(Math.abs(mean - (1 - 1 / 200))).toBeLessThan(3 * error);
    const curve = fanoCurve(trains, allNeurons(trains), window, logSpacedMs(5, 500, 5));
    for (let w = 0; w < 5; w++) {
      const windows = Math.floor(20_000 / curve.countingMs[w] + 1e-8);
      // Variance of a sample variance over mean is about 2/windows per neuron, at least 1/(spikes).
      const sd = Math.sqrt((2 / windows + 1 / 800) / 400);
      expect(Math.abs(curve.fano[w] - (1 - 1 / windows))).toBeLessThan(4 * sd);
    }
  });

  it('tends to CV^2 for a gamma process in long windows', () => {
    const trains = gammaTrains('fano gamma', 400, 40, 20_000, 4);
    const { mean, error } = meanAndError(fanoFactors(trains, window, 1000));
    // Cox and Lewis 1966: F(T) -> CV^2 + (1 - CV^4)/(6 mean count), here 40 spikes; times 1 - 1/windows.
    const limit = (1 / 4 + (1 - 1 / 16) / (6 * 40)) * (1 - 1 / 20);
    expect(Math.abs(mean - limit)).toBeLessThan(3 * error);
  });

  it('is NaN for a silent neuron, which the curve omits', () => {
    const trains = spikeTrainsFromLists([[], [10, 20, 500]]);
    expect(fanoFactors(trains, { startMs: 0, stopMs: 1000 })[0]).toBeNaN();
    const curve = fanoCurve(trains, allNeurons(trains), { startMs: 0, stopMs: 1000 }, Float64Array.of(100));
    expect([...curve.neurons]).toEqual([1]);
    expect(curve.fano[0]).toBeGreaterThan(0);
  });

  it('refuses counting windows of which two do not fit, and bad counts', () => {
    expect(() => fanoFactors(spikeTrainsFromLists([[1]]), { startMs: 0, stopMs: 150 })).toThrow(/at least 2/);
    expect(() => fanoFactors(spikeTrainsFromLists([[1]]), window, Number.NaN)).toThrow(/binMs is NaN/);
    expect(() => fanoOfCounts([1, -1])).toThrow(/counts\[1\]/);
  });

  it('log-spaced windows have equal ratios', () => {
    const lengths = logSpacedMs(1, 100, 3);
    expect(lengths[1]).toBeCloseTo(10, 12);
    expect(() => logSpacedMs(10, 10, 3)).toThrow(/toMs/);
    expect(() => logSpacedMs(0, 10, 3)).toThrow(/fromMs/);
  });
});
