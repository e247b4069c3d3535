import { describe, expect, it } from 'vitest';
import { intervalHistogram, irregularity, meanOverActive } from '../../../src/analysis/spiketrain/isi.js';
import { allNeurons, spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';
import goldens from '../goldens/spiketrain.json' with { type: 'json' };
import { gammaTrains, meanAndError } from './processes.js';

const window = { startMs: 0, stopMs: 20_000 };

describe('irregularity', () => {
  const { inputs, expected, tol } = goldens['isi.cv2_lv_lvr'];
  const times = [0];
  for (const interval of inputs.isi_ms) times.push(times[times.length - 1] + interval);

  it('agrees with Elephant on its test sequence (golden isi.cv2_lv_lvr)', () => {
    const found = irregularity(spikeTrainsFromLists([times]), window, inputs.R_ms);
    expect(Math.abs(found.cv2[0] - expected.cv2)).toBeLessThan(tol.abs);
    expect(Math.abs(found.lv[0] - expected.lv)).toBeLessThan(tol.abs);
    expect(Math.abs(found.lvr[0] - expected.lvr)).toBeLessThan(tol.abs);
    // numpy: std(isi, ddof=0) / mean(isi) of the same list.
    expect(found.cv[0]).toBeCloseTo(1.08633, 5);
  });

  it('is NaN below two intervals and 0 for a clock', () => {
    const { cv, cv2, lv, lvr, spikes } = irregularity(
      spikeTrainsFromLists([[], [1], [1, 2], [1, 2, 3]]),
      window,
    );
    for (const values of [cv, cv2, lv, lvr])
      expect([...values]).toEqual([Number.NaN, Number.NaN, Number.NaN, 0]);
    expect([...spikes]).toEqual([0, 1, 2, 3]);
  });

  it.each([1, 4])('finds the values of gamma processes of shape %d within their standard error', (shape) => {
    const found = irregularity(gammaTrains(`isi ${shape}`, 400, 40, 20_000, shape), window);
    // CV = 1/sqrt(k); LV = 3/(2k + 1) (Shinomoto et al. 2003); CV2 of Poisson is 1.
    const cv = meanAndError(found.cv);
    const lv = meanAndError(found.lv);
    // CV of n intervals is biased by order 1/n: n is 800 here.
    expect(Math.abs(cv.mean - 1 / Math.sqrt(shape))).toBeLessThan(3 * cv.error + 1 / 800);
    expect(Math.abs(lv.mean - 3 / (2 * shape + 1))).toBeLessThan(3 * lv.error);
    if (shape === 1) {
      const cv2 = meanAndError(found.cv2);
      expect(Math.abs(cv2.mean - 1)).toBeLessThan(3 * cv2.error);
    }
  });
});

describe('meanOverActive', () => {
  const all = Uint32Array.of(0, 1, 2);

  it('takes only neurons with enough spikes and a defined value', () => {
    const values = Float64Array.of(1, 5, Number.NaN);
    expect(meanOverActive(values, Uint32Array.of(10, 9, 30), all)).toEqual({
      value: { mean: 1, neurons: 1 },
    });
    expect(meanOverActive(values, Uint32Array.of(10, 9, 30), all, 5)).toEqual({
      value: { mean: 3, neurons: 2 },
    });
  });

  it('says why there is no mean', () => {
    const none = meanOverActive(Float64Array.of(1, 1, 1), Uint32Array.of(3, 4, 5), all);
    expect(none).toEqual({ value: null, reason: expect.stringContaining('10 spikes') });
  });

  it('refuses a neuron that is not in the list', () => {
    expect(() => meanOverActive(Float64Array.of(1), Uint32Array.of(20), Uint32Array.of(1))).toThrow(
      /neuron 1/,
    );
  });
});

describe('intervalHistogram', () => {
  it('puts every interval of the group into a bin, below or above', () => {
    const trains = spikeTrainsFromLists([
      [0, 1, 3, 10, 40],
      [0, 2],
    ]);
    const histogram = intervalHistogram(trains, allNeurons(trains), window, Float64Array.of(2, 7, 20));
    expect([...histogram.counts]).toEqual([2, 1]);
    expect([histogram.below, histogram.above]).toEqual([1, 1]);
  });

  it('refuses edges that do not ascend or make no bin', () => {
    const trains = spikeTrainsFromLists([[0, 1]]);
    const of = (...edges: number[]) =>
      intervalHistogram(trains, allNeurons(trains), window, Float64Array.from(edges));
    expect(() => of(1, 1)).toThrow(/edgesMs/);
    expect(() => of(1)).toThrow(/at least 2/);
  });
});
