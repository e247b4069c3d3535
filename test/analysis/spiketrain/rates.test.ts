import { describe, expect, it } from 'vitest';
import { binIndex, binsOf } from '../../../src/analysis/spiketrain/binning.js';
import {
  groupRateHz,
  meanRatesHz,
  populationRate,
  spikeHistogram,
} from '../../../src/analysis/spiketrain/rates.js';
import { gaussianSmoothed } from '../../../src/analysis/spiketrain/smoothing.js';
import { allNeurons, spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';
import goldens from '../goldens/spiketrain.json' with { type: 'json' };
import { gammaTrains, meanAndError } from './processes.js';

describe('binning', () => {
  it('puts i/30000 s into bin i of 1/30000 s (golden bin.rounding)', () => {
    const bins = binsOf({ startMs: 0, stopMs: 4000 }, 1000 / 30000);
    expect(bins.count).toBe(120000);
    const times = Float64Array.from({ length: 120000 }, (_, i) => (i / 30000) * 1000);
    const counts = spikeHistogram(spikeTrainsFromLists([times]), Uint32Array.of(0), bins);
    expect(counts.every((count) => count === 1)).toBe(true);
    // What the tolerance is for: without it some of these land one bin early.
    expect(times.some((time, i) => Math.floor(time / bins.binMs) !== i)).toBe(true);
  });

  it('leaves a rest that fills no bin uncovered', () => {
    const bins = binsOf({ startMs: 100, stopMs: 135 }, 10);
    expect(bins).toEqual({ startMs: 100, binMs: 10, count: 3 });
    expect(binIndex(131, bins)).toBe(3);
    expect(binIndex(99, bins)).toBe(-1);
  });

  it.each([0, -1, Number.NaN, 36])('refuses bins of %d ms in a window of 35 ms', (binMs) => {
    expect(() => binsOf({ startMs: 100, stopMs: 135 }, binMs)).toThrow(/binMs/);
  });
});

describe('histogram and rates', () => {
  const { inputs, expected } = goldens['hist.counts'];
  const trains = spikeTrainsFromLists(inputs.trains_s.map((train) => train.map((second) => second * 1000)));
  const window = { startMs: 0, stopMs: 10_000 };

  it('counts spikes and neurons (golden hist.counts)', () => {
    const bins = binsOf(window, 1000);
    expect([...spikeHistogram(trains, allNeurons(trains), bins)]).toEqual(expected.counts);
    expect([...spikeHistogram(trains, allNeurons(trains), bins, 'neurons')]).toEqual(expected.binary);
  });

  it('divides by neurons and seconds', () => {
    expect([...meanRatesHz(trains, window)]).toEqual([0.7, 0.7]);
    expect(groupRateHz(trains, allNeurons(trains), window)).toEqual({ value: 0.7 });
    const rate = populationRate(trains, allNeurons(trains), window, 1000).value!;
    expect([...rate.values]).toEqual(expected.counts.map((count) => count / 2));
    expect(rate.sampleRateHz).toBe(1);
  });

  it('leaves the rate of an empty group undefined', () => {
    const nobody = new Uint32Array(0);
    expect(groupRateHz(trains, nobody, window)).toEqual({ value: null, reason: 'the group has no neurons' });
    expect(populationRate(trains, nobody, window, 1).value).toBeNull();
  });

  it('refuses a neuron that is not in the list', () => {
    expect(() => groupRateHz(trains, Uint32Array.of(2), window)).toThrow(/neuron 2/);
  });

  it('finds the rate of Poisson trains within its standard error', () => {
    const poisson = gammaTrains('rates', 200, 20, 10_000);
    const { mean } = meanAndError(meanRatesHz(poisson, window));
    // sd of a Poisson count over its time, over sqrt(200 trains).
    expect(Math.abs(mean - 20)).toBeLessThan(3 * Math.sqrt(20 / 10 / 200));
  });
});

describe('gaussianSmoothed', () => {
  const rate = (values: number[]) => ({ sampleRateHz: 1000, startMs: 0, values: Float64Array.from(values) });

  it('is the Gaussian density around a single spike and keeps its count', () => {
    const impulse = new Array(201).fill(0);
    impulse[100] = 1000;
    const { values } = gaussianSmoothed(rate(impulse), 5);
    for (const lag of [-12, -5, 0, 3]) {
      const density = (1000 * Math.exp(-0.5 * (lag / 5) ** 2)) / (5 * Math.sqrt(2 * Math.PI));
      expect(values[100 + lag]).toBeCloseTo(density, 3);
    }
    expect(values.reduce((sum, value) => sum + value, 0) / 1000).toBeCloseTo(1, 12);
  });

  it('keeps a constant rate constant up to the ends', () => {
    for (const value of gaussianSmoothed(rate(new Array(50).fill(7)), 10).values)
      expect(value).toBeCloseTo(7, 12);
  });

  it.each([0, -1, Number.NaN])('refuses sigma %d ms', (sigmaMs) => {
    expect(() => gaussianSmoothed(rate([1, 2]), sigmaMs)).toThrow(/sigmaMs/);
  });
});
