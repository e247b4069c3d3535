import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import type { SpikeTrains } from '../../../src/analysis/data.js';
import { binsOf } from '../../../src/analysis/spiketrain/binning.js';
import { binnedCounts, covariance } from '../../../src/analysis/spiketrain/correlation.js';
import { populationState } from '../../../src/analysis/spiketrain/population_state.js';
import { countSynchrony, golombChi } from '../../../src/analysis/spiketrain/synchrony.js';
import { allNeurons, spikesOf, spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';
import { gammaTrains } from './processes.js';

const window = { startMs: 0, stopMs: 10_000 };

/** Poisson trains whose common rate is meanHz (1 + depth sin(2 pi 40 t)). */
function modulatedTrains(seed: string, neurons: number, meanHz: number, depth: number): SpikeTrains {
  const random = seedrandom(seed);
  return spikeTrainsFromLists(
    Array.from({ length: neurons }, () => {
      const times: number[] = [];
      const peakHz = meanHz * (1 + depth);
      let t = 0;
      for (;;) {
        t += -Math.log(1 - random()) * (1000 / peakHz);
        if (t >= window.stopMs) return times;
        const rateHz = meanHz * (1 + depth * Math.sin((2 * Math.PI * 40 * t) / 1000));
        if (random() * peakHz < rateHz) times.push(t);
      }
    }),
  );
}

describe("Golomb's chi", () => {
  it('is 1 for identical signals and 1/sqrt(N) for orthogonal ones', () => {
    const sine = (cycles: number) =>
      Float64Array.from({ length: 1000 }, (_, k) => Math.sin((2 * Math.PI * cycles * k) / 1000));
    expect(golombChi([sine(3), sine(3), sine(3)]).value).toBeCloseTo(1, 12);
    // Sines of different whole cycles are orthogonal, so that variances add: chi^2 = (N s^2/N^2)/s^2.
    expect(golombChi([1, 2, 3, 4].map(sine)).value).toBeCloseTo(0.5, 12);
  });

  it('is undefined for constant signals and refuses NaN and unequal lengths', () => {
    expect(golombChi([new Float64Array(5), new Float64Array(5)]).value).toBeNull();
    expect(() => golombChi([Float64Array.of(1, Number.NaN)])).toThrow(/not finite/);
    expect(() => golombChi([new Float64Array(5), new Float64Array(4)])).toThrow(/signal 1 has 4/);
    expect(() => golombChi([])).toThrow(/at least 1/);
  });
});

describe('countSynchrony', () => {
  it('is what the counts of all pairs give', () => {
    const trains = modulatedTrains('pairs', 12, 40, 0.8);
    const found = countSynchrony(trains, allNeurons(trains), window, 5).value!;
    const bins = binsOf(window, 5);
    const counts = Array.from({ length: 12 }, (_, i) => binnedCounts(spikesOf(trains, i, window), bins));
    let variances = 0;
    let covariances = 0;
    for (let i = 0; i < 12; i++) {
      variances += covariance(counts[i], counts[i]) / 12;
      for (let j = 0; j < i; j++) covariances += covariance(counts[i], counts[j]) / 66;
    }
    expect(found.correlation).toBeCloseTo(covariances / variances, 12);
    expect(found.chi).toBeCloseTo(golombChi(counts).value!, 12);
  });

  it('is 1/sqrt(N) for independent Poisson trains, within its standard error', () => {
    const trains = gammaTrains('chi', 400, 20, 10_000);
    const { chi, correlation } = countSynchrony(trains, allNeurons(trains), window, 5).value!;
    // The variance of the sum over 2000 bins has relative sd sqrt(2/2000); chi its half.
    expect(Math.abs(chi * 20 - 1)).toBeLessThan(3 * 0.5 * Math.sqrt(2 / 2000));
    expect(Math.abs(correlation)).toBeLessThan((3 * Math.sqrt(2 / 2000)) / 399);
  });

  it('finds the modulation of a common rate, whatever the number of neurons', () => {
    // A bin of 5 ms smooths 40 Hz by sinc(40 Hz 5 ms).
    const x = Math.PI * 40 * 0.005;
    const expected = (0.6 / Math.SQRT2) * (Math.sin(x) / x);
    for (const neurons of [100, 400]) {
      const trains = modulatedTrains(`modulated ${neurons}`, neurons, 20, 0.6);
      const { rateModulation } = countSynchrony(trains, allNeurons(trains), window, 5).value!;
      // A bin holds 0.1 N spikes, so that its relative variance is 10/N; its mean over 2000 bins is known to sqrt(2/2000).
      const error = ((10 / neurons + expected ** 2) * Math.sqrt(2 / 2000)) / (2 * expected);
      expect(Math.abs(rateModulation - expected)).toBeLessThan(3 * error);
    }
  });

  it('is undefined without spikes or pairs', () => {
    const silent = spikeTrainsFromLists([[], []]);
    expect(countSynchrony(silent, allNeurons(silent), window, 5)).toMatchObject({ value: null });
    expect(countSynchrony(silent, Uint32Array.of(0), window, 5)).toMatchObject({ value: null });
    expect(() => countSynchrony(silent, Uint32Array.of(5, 6), window, 5)).toThrow(/neuron 5/);
    expect(() => countSynchrony(silent, allNeurons(silent), window, 6000)).toThrow(/binMs is 6000/);
  });
});

describe('populationState', () => {
  const labelOf = (trains: SpikeTrains) => populationState(trains, allNeurons(trains), window).value!.label;
  const clocks = (phase: (i: number) => number) =>
    spikeTrainsFromLists(
      Array.from({ length: 100 }, (_, i) => Array.from({ length: 200 }, (_, k) => 50 * k + phase(i))),
    );

  it('tells the four states of Brunel 2000 apart', () => {
    expect(labelOf(gammaTrains('AI', 100, 20, 10_000))).toBe('asynchronous irregular');
    expect(labelOf(modulatedTrains('SI', 100, 20, 1))).toBe('synchronous irregular');
    expect(labelOf(clocks((i) => i / 2))).toBe('asynchronous regular');
    expect(labelOf(clocks(() => 1))).toBe('synchronous regular');
  });

  it.each([
    [0.65, 'synchronous irregular'],
    [0.35, 'asynchronous irregular'],
  ])('draws the line at a rate that swings by half its mean: %f', (depth, label) => {
    const trains = modulatedTrains('half', 200, 20, depth);
    const { synchrony, label: found } = populationState(trains, allNeurons(trains), window).value!;
    // Bins of 5 ms average a fifth of a cycle: sin(pi/5)/(pi/5) of the swing is left.
    const expected = (depth / Math.SQRT2) * (Math.sin(Math.PI / 5) / (Math.PI / 5));
    expect(Math.abs(synchrony.rateModulation - expected)).toBeLessThan(0.03);
    expect(found).toBe(label);
  });

  it('gives the numbers and thresholds, and moves with them', () => {
    const trains = gammaTrains('AI', 100, 20, 10_000);
    const state = populationState(trains, allNeurons(trains), window).value!;
    expect(state).toMatchObject({
      cvNeurons: 100,
      thresholds: { irregularCv: 0.5 },
      synchrony: { binMs: 5 },
    });
    const strict = { irregularCv: 1.5, synchronousModulation: 0.3 };
    expect(populationState(trains, allNeurons(trains), window, 5, strict).value!.label).toBe(
      'asynchronous regular',
    );
  });

  it('is undefined where no neuron has 10 spikes', () => {
    const sparse = spikeTrainsFromLists([[1, 500], [700]]);
    expect(populationState(sparse, allNeurons(sparse), window)).toMatchObject({
      value: null,
      reason: expect.stringContaining('10 spikes'),
    });
  });
});
