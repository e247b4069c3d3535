import { describe, expect, test } from 'vitest';
import { irasa } from '../../../src/analysis/oscillation/irasa.js';
import { resample } from '../../../src/analysis/oscillation/resample.js';
import { fftPlan } from '../../../src/analysis/spectral/fft.js';
import { golden } from '../goldens/load.js';
import { expectClose, irasaSignal, normalNoise, signal } from '../spectral/signals.js';

describe('reference values', () => {
  test('resampling as scipy.signal.resample_poly', () => {
    const { inputs, expected, tol } = golden('irasa', 'resample');
    (inputs.factors as [number, number][]).forEach(([up, down], i) => {
      expectClose(resample(Float64Array.from(inputs.x), up, down), expected[i], tol);
    });
  });

  test('the scheme of neurodsp on a closed-form signal', () => {
    const { inputs, expected, tol } = golden('irasa', 'irasa.closedform');
    const x = irasaSignal(inputs.samples, inputs.fs);
    const result = irasa(x, { segmentSamples: inputs.segmentSamples, rangeHz: inputs.rangeHz });
    const at = (values: Float64Array) => (inputs.bins as number[]).map((k) => values[k]);
    expectClose(at(result.frequenciesHz), expected.f, tol);
    expectClose(at(result.total), expected.total, tol);
    expectClose(at(result.aperiodic), expected.aperiodic, tol);
    const { offset, exponent } = result.powerLaw.value!;
    expectClose([offset, exponent], [expected.offset, expected.exponent], tol);
  });
});

/** Noise of power ~ f^-exponent, made by weighting the spectrum of white noise. */
function powerLawNoise(samples: number, exponent: number, seed: number): Float64Array {
  const plan = fftPlan(samples);
  const complex = new Float64Array(2 * samples);
  normalNoise(samples, seed).forEach((v, i) => {
    complex[2 * i] = v;
  });
  const spectrum = new Float64Array(2 * samples);
  plan.forward(complex, spectrum);
  for (let k = 0; k < samples; k++) {
    const gain = k === 0 ? 0 : Math.min(k, samples - k) ** (-exponent / 2);
    spectrum[2 * k] *= gain;
    spectrum[2 * k + 1] *= gain;
  }
  plan.inverse(spectrum, complex);
  return Float64Array.from({ length: samples }, (_, i) => complex[2 * i]);
}

describe('known answers', () => {
  const samples = 60_000;
  const exponents = [1, 2, 3, 4, 5].map((seed) => {
    const noise = powerLawNoise(samples, 1.5, seed);
    const sd = Math.sqrt(noise.reduce((sum, v) => sum + v * v, 0) / samples);
    const values = noise.map((v, n) => v / sd + 0.5 * Math.sin((2 * Math.PI * 40 * n) / 1000));
    return irasa(signal(values, 1000), { rangeHz: [2, 200] });
  });

  test('the exponent of 1/f^1.5 noise under a 40 Hz tone comes back within its standard error', () => {
    const found = exponents.map((r) => r.powerLaw.value!.exponent);
    const mean = found.reduce((sum, e) => sum + e, 0) / found.length;
    const sd = Math.sqrt(found.reduce((sum, e) => sum + (e - mean) ** 2, 0) / (found.length - 1));
    expect(Math.abs(mean - 1.5)).toBeLessThan(4 * (sd / Math.sqrt(found.length)) + 0.02);
  });

  test('the tone stands in the periodic part, at full power', () => {
    const { frequenciesHz, periodic } = exponents[0];
    const top = periodic.indexOf(Math.max(...periodic));
    expect(frequenciesHz[top]).toBe(40);
    const step = frequenciesHz[1] - frequenciesHz[0];
    const around = periodic.subarray(top - 3, top + 4).reduce((sum, p) => sum + p * step, 0);
    expect(Math.abs(around / (0.25 / 2) - 1)).toBeLessThan(0.1);
  });
});

describe('bad input', () => {
  const x = signal(normalNoise(10_000, 2), 1000);

  test('ranges beyond Nyquist/1.9, long segments and NaN samples are refused', () => {
    expect(() => irasa(x, { rangeHz: [1, 300] })).toThrow(/rangeHz is 1 to 300/);
    expect(() => irasa(x, { segmentSamples: 6000 })).toThrow(/segmentSamples is 6000.*5263/);
    expect(() => irasa(signal(new Float64Array(5000).fill(Number.NaN), 1000))).toThrow(/is NaN/);
    expect(() => resample(x.values, 0, 1)).toThrow(/up is 0/);
  });

  test('a signal that is zero has no power law', () => {
    const { powerLaw } = irasa(signal(new Float64Array(10_000), 1000));
    expect(powerLaw).toEqual({ value: null, reason: expect.stringContaining('no power') });
  });
});
