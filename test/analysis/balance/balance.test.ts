import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { balanceTightness, laggedCorrelation } from '../../../src/analysis/balance/co_fluctuation.js';
import {
  imbalanceIndices,
  meanImbalance,
  ratioOverTime,
  ratiosByNeuron,
  totalRatio,
} from '../../../src/analysis/balance/ratio.js';
import type { SampledSignal } from '../../../src/analysis/data.js';
import { gaussianSmoothed } from '../../../src/analysis/spiketrain/smoothing.js';

const of = (...values: number[]) => Float64Array.from(values);
const signal = (values: ArrayLike<number>): SampledSignal => ({
  sampleRateHz: 1000,
  startMs: 0,
  values: Float64Array.from(values),
});

describe('ratios', () => {
  it('of totals, of neurons and over time', () => {
    expect(totalRatio(of(3, 1), of(1, 1))).toEqual({ value: 2 });
    expect([...ratiosByNeuron(of(3, 1, 2), of(1, 2, 0))]).toEqual([3, 0.5, Number.NaN]);
    const over = ratioOverTime(signal([1, 3, 0, 4, 9]), signal([1, 1, 0, 0, 9]), 2);
    expect(over).toEqual({ sampleRateHz: 500, startMs: 0, values: of(2, Number.NaN) });
  });

  it('index is 0 where inputs cancel and 1 where one is alone', () => {
    expect([...imbalanceIndices(of(2, 2, 0, 3, 0), of(2, 0, 5, 1, 0))]).toEqual([0, 1, 1, 0.5, Number.NaN]);
    expect(meanImbalance(of(2, 2, 0), of(2, 0, 0))).toEqual({ value: 0.5 });
  });

  it('are undefined without inhibition or input', () => {
    expect(totalRatio(of(1), of(0)).value).toBeNull();
    expect(meanImbalance(of(0), of(0)).value).toBeNull();
  });

  it('refuse what is no magnitude, unequal lengths and bins shorter than a sample', () => {
    expect(() => totalRatio(of(1, -1), of(1, 1))).toThrow(/excitatory\[1\] is -1/);
    expect(() => ratiosByNeuron(of(1), of(Number.NaN))).toThrow(/inhibitory\[0\] is NaN/);
    expect(() => imbalanceIndices(of(1), of(1, 2))).toThrow(/1 excitatory but 2 inhibitory/);
    expect(() => ratioOverTime(signal([1, 2]), signal([1, 2]), 0.5)).toThrow(/at least a sample/);
    expect(() => ratioOverTime(signal([1, 2]), signal([1, 2, 3]), 1)).toThrow(/sample times/);
  });
});

/** White noise smoothed by an exponential of tauMs, made positive. */
function noise(seed: string, samples: number, tauMs: number): Float64Array {
  const random = seedrandom(seed);
  const decay = Math.exp(-1 / tauMs);
  let value = 0;
  return Float64Array.from({ length: samples }, () => {
    value = decay * value + random() - 0.5;
    return value + 50;
  });
}

describe('laggedCorrelation', () => {
  const drive = noise('drive', 20_100, 5);
  const excitation = signal(drive.subarray(50, 20_050));

  it.each([-7, 0, 3])('finds inhibition that follows by %d ms', (lag) => {
    const inhibition = signal(drive.subarray(50 - lag, 20_050 - lag).map((value) => 2 * value + 1));
    const found = laggedCorrelation(excitation, inhibition, 50).value!;
    expect(found.peakLagMs).toBeCloseTo(lag, 1);
    expect(found.correlations[50 + lag]).toBeCloseTo(1, 12);
    expect(found.lagsMs[50 + lag]).toBe(lag);
    expect(found.zeroLag).toBe(found.correlations[50]);
  });

  it('finds lags between samples', () => {
    const wave = (delay: number) =>
      signal(Array.from({ length: 4000 }, (_, k) => 2 + Math.cos((2 * Math.PI * 25 * (k - delay)) / 1000)));
    const found = laggedCorrelation(wave(0), wave(2.4), 15).value!;
    // A parabola stands for a cosine of 40 samples: wrong by less than 1/50 of a sample.
    expect(Math.abs(found.peakLagMs - 2.4)).toBeLessThan(0.02);
    // Shifted copies correlate perfectly at their lag; the nearest sample's lag, 0.4 ms off, has cos(0.063) = 0.998.
    expect(Math.abs(found.peak - 1)).toBeLessThan(1e-4);
  });

  it('of independent signals is 0 within its standard error', () => {
    const other = signal(noise('other', 20_000, 5));
    const found = laggedCorrelation(excitation, other, 20).value!;
    // Bartlett: variance (1 + 2 sum rho^2)/n with rho = exp(-k/5), squared exp(-2 k/5): 5.05/n.
    expect(Math.abs(found.zeroLag)).toBeLessThan(3 * Math.sqrt(5.05 / 20_000));
  });

  it('is undefined for constant input and without a peak, and refuses bad lags', () => {
    expect(laggedCorrelation(excitation, signal(new Float64Array(20_000)), 10)).toEqual({
      value: null,
      reason: 'inhibition is constant: it follows nothing',
    });
    const ramp = signal(Array.from({ length: 200 }, (_, k) => k * k));
    expect(laggedCorrelation(ramp, signal([...ramp.values].reverse()), 5).value).toBeNull();
    expect(() => laggedCorrelation(excitation, excitation, 0.5)).toThrow(/maxLagMs is 0.5/);
    expect(() => laggedCorrelation(excitation, excitation, 10_000)).toThrow(/maxLagMs/);
    expect(() => laggedCorrelation(signal([1, Number.NaN, 2]), signal([1, 2, 3]), 1)).toThrow(/NaN/);
  });
});

describe('balanceTightness', () => {
  const samples = 30_000;
  // Free of fast changes: the noise is smoothed with 100 ms, and brought to the size of the fast one.
  const slowly = (seed: string) => {
    const smooth = gaussianSmoothed(signal(noise(seed, samples, 3)), 100).values;
    return smooth.map((value) => 50 + 8 * (value - 50));
  };
  const slow = slowly('slow');
  const fast = noise('fast', samples, 3);
  const other = noise('other', samples, 3);
  const mix = (a: Float64Array, b: Float64Array, weight: number) =>
    signal(a.map((value, k) => value + weight * b[k]));

  it('tells tight, loose and no balance apart', () => {
    const label = (e: SampledSignal, i: SampledSignal) => balanceTightness(e, i, 25).value!.label;
    const excitation = mix(slow, fast, 1);
    expect(label(excitation, mix(slow, fast, 2))).toBe('tight');
    expect(label(excitation, mix(slow, other, 1))).toBe('loose');
    expect(label(mix(slowly('elsewhere'), fast, 1), mix(slow, other, 1))).toBe('none');
  });

  it.each([0.55, 0.45])('draws the line between tight and loose at a correlation of 0.5: %f', (r) => {
    const independent = Math.sqrt(1 - r * r);
    const partly = fast.map((value, k) => 50 + r * (value - 50) + independent * (other[k] - 50));
    const { fast: found, label } = balanceTightness(mix(slow, fast, 1), mix(slow, partly, 1), 25).value!;
    // Bartlett: the noise of 3 ms has a correlation of r with sd sqrt(3/30,000).
    expect(Math.abs(found - r)).toBeLessThan(4 * Math.sqrt(3 / samples));
    expect(label).toBe(r > 0.5 ? 'tight' : 'loose');
  });

  it('follows fast changes at the lag that is given', () => {
    const excitation = signal(fast.subarray(0, samples - 8));
    const delayed = signal(fast.map((_, k) => fast[Math.max(0, k - 8)]).subarray(0, samples - 8));
    expect(balanceTightness(excitation, delayed, 25, 8).value!.fast).toBeGreaterThan(0.99);
    expect(balanceTightness(excitation, delayed, 25, 0).value!.fast).toBeLessThan(0.5);
  });

  it('is undefined for constant input and refuses a bad time scale or lag', () => {
    expect(balanceTightness(signal(slow), signal(new Float64Array(samples)), 25).value).toBeNull();
    expect(() => balanceTightness(signal(slow), signal(fast), 0)).toThrow(/sigmaMs/);
    expect(() => balanceTightness(signal(slow), signal(fast), 25, 20_000)).toThrow(/lagMs/);
  });
});
