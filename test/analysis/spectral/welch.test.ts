import { describe, expect, test } from 'vitest';
import { AnalysisError } from '../../../src/analysis/data.js';
import { spectrogram } from '../../../src/analysis/spectral/spectrogram.js';
import {
  magnitudeSquaredCoherence,
  periodogram,
  welchCsd,
  welchPsd,
} from '../../../src/analysis/spectral/welch.js';
import { tukeyWindow, type WindowName } from '../../../src/analysis/spectral/windows.js';
import { golden } from '../goldens/load.js';
import { closedFormX, closedFormY, expectClose, normalNoise, sampled, signal } from './signals.js';

const at = (values: Float64Array, bins: number[]) => bins.map((k) => values[k]);

describe('values of scipy.signal', () => {
  test('welch of two impulses, density and spectrum', () => {
    const { inputs, expected, tol } = golden('spectra', 'welch.impulse8');
    const x = signal(inputs.x, inputs.fs);
    const options = { segmentSamples: inputs.nperseg, overlapSamples: inputs.noverlap };
    expectClose(welchPsd(x, options).power, expected.density, tol);
    expectClose(welchPsd(x, { ...options, scaling: 'spectrum' }).power, expected.spectrum, tol);
  });

  test('welch with the bias-corrected median', () => {
    const { inputs, expected, tol } = golden('spectra', 'welch.median');
    const spectrum = welchPsd(signal(inputs.x, 1), { segmentSamples: 8, average: 'median' });
    expectClose(spectrum.power, expected.density, tol);
  });

  test('periodogram of an impulse: Nyquist is not doubled', () => {
    const { expected, tol } = golden('spectra', 'periodogram.impulse');
    const impulse = sampled(16, 1, (n) => (n === 0 ? 1 : 0));
    expectClose(periodogram(impulse).power, expected.density, { ...tol, abs: 1e-15 });
  });

  test('a sine keeps its power and its root mean square under every window', () => {
    const { inputs, expected, tol } = golden('spectra', 'welch.sine');
    const x = sampled(
      inputs.n,
      inputs.fs,
      (n) => inputs.A * Math.sin((2 * Math.PI * inputs.f * n) / inputs.fs),
    );
    for (const name of inputs.windows as string[]) {
      const window =
        name === 'tukey0.1' ? tukeyWindow(inputs.nperseg, 0.1, 'periodic') : (name as WindowName);
      const options = { segmentSamples: inputs.nperseg, window };
      const peak = Math.max(...welchPsd(x, { ...options, scaling: 'spectrum' }).power);
      expectClose([peak], [expected.spectrum_peak], { rel: tol.rel_peak });
      const density = welchPsd(x, options);
      const step = density.frequenciesHz[1];
      const area = density.power.reduce((sum, p, k, all) => (k ? sum + ((p + all[k - 1]) / 2) * step : 0), 0);
      expectClose([Math.sqrt(area)], [expected.rms_from_density], { rel: tol.rel_rms });
    }
  });

  test('a segment length that is no power of two', () => {
    const { inputs, expected, tol } = golden('spectra', 'welch.elephant_doc');
    const x = sampled(100, inputs.fs, (n) => Math.cos((2 * Math.PI * n) / 99));
    const spectrum = welchPsd(x, { segmentSamples: inputs.nperseg, overlapSamples: inputs.noverlap });
    expectClose(spectrum.frequenciesHz, expected.freqs, tol);
    expectClose(spectrum.power, expected.density, tol);
  });

  test('welch, csd and coherence of a closed-form pair', () => {
    const { inputs, expected, tol } = golden('spectra', 'scipy.closedform');
    const options = { segmentSamples: inputs.nperseg, overlapSamples: inputs.noverlap };
    const cross = welchCsd(closedFormX, closedFormY, options);
    const coherence = magnitudeSquaredCoherence(closedFormX, closedFormY, options).value;
    expectClose(at(cross.frequenciesHz, inputs.bins), expected.f, tol);
    expectClose(at(welchPsd(closedFormX, options).power, inputs.bins), expected.pxx, tol);
    expectClose(at(cross.real, inputs.bins), expected.pxy_re, { ...tol, abs: 1e-15 });
    expectClose(at(cross.imag, inputs.bins), expected.pxy_im, { ...tol, abs: 1e-15 });
    expectClose(at(coherence!.msc, inputs.bins), expected.cxy, { ...tol, abs: 1e-15 });
  });

  test.each([0, 1, 2, 3])('welch, csd and coherence with other options, case %i', (index) => {
    const { inputs, expected: all, tol } = golden('spectra', 'scipy.options');
    const { nperseg, noverlap, window, sym, detrend, scaling, average } = inputs.options[index];
    const expected = all[index];
    const x = sampled(
      1000,
      inputs.fs,
      (n) => Math.sin(0.31 * n) + 0.4 * Math.cos(0.011 * n ** 1.5) + 0.002 * n,
    );
    const y = sampled(1000, inputs.fs, (n) => Math.sin(0.31 * n + 1) + 0.3 * Math.cos(0.017 * n ** 1.5));
    const segments = { segmentSamples: nperseg, overlapSamples: noverlap, window, detrend } as const;
    const options = {
      ...segments,
      windowSymmetry: sym ? 'symmetric' : 'periodic',
      scaling,
      average,
    } as const;
    const cross = welchCsd(x, y, options);
    expectClose(at(cross.frequenciesHz, expected.bins), expected.f, tol);
    expectClose(at(welchPsd(x, options).power, expected.bins), expected.pxx, tol);
    expectClose(at(cross.real, expected.bins), expected.pxy_re, tol);
    expectClose(at(cross.imag, expected.bins), expected.pxy_im, tol);
    expectClose(at(magnitudeSquaredCoherence(x, y, options).value!.msc, expected.bins), expected.msc, tol);
  });

  test('spikes locked to a sine cohere at its frequency', () => {
    const { inputs, expected, tol } = golden('spectra', 'sfc.locked');
    const lfp = sampled(100_000, 1000, (n) => Math.sin((2 * Math.PI * 20 * n) / 1000));
    const spikes = sampled(100_000, 1000, (n) => (n % 50 === 0 ? 1 : 0));
    for (const window of ['boxcar', 'hann'] as const) {
      const options = { segmentSamples: inputs.nperseg, overlapSamples: inputs.noverlap, window };
      const { frequenciesHz, msc } = magnitudeSquaredCoherence(spikes, lfp, options).value!;
      const bin = frequenciesHz.findIndex((f) => f >= 19);
      expect(msc.indexOf(Math.max(...msc.subarray(1)))).toBe(bin);
      expect(frequenciesHz[bin]).toBe(expected[window].f);
      expectClose([msc[bin]], [expected[window].c], { abs: tol.tight_abs });
    }
  });
});

test('MATLAB mscohere: symmetric Hann window, no detrending', () => {
  const { inputs, expected, tol } = golden('spectra', 'matlab.mscohere');
  const [x, y] = [signal(inputs.x, inputs.fs), signal(inputs.y, inputs.fs)];
  const segments = { segmentSamples: inputs.nperseg, overlapSamples: inputs.noverlap };
  const options = { ...segments, windowSymmetry: 'symmetric', detrend: 'none' } as const;
  expectClose(magnitudeSquaredCoherence(x, y, options).value!.msc, expected.msc, tol);
});

describe('known answers', () => {
  test('white noise: density within the estimator standard error, mean and spread', () => {
    const spectrum = welchPsd(signal(normalNoise(100_000, 7), 1000), { segmentSamples: 1000 });
    const inner = spectrum.power.subarray(2, 499);
    const mean = inner.reduce((sum, p) => sum + p, 0) / inner.length;
    const relativeSd = Math.sqrt(inner.reduce((sum, p) => sum + (p / mean - 1) ** 2, 0) / inner.length);
    const binSd = 1 / Math.sqrt(spectrum.effectiveAverages);
    // Hann bins correlate with their neighbours (2/3 and 1/6), so n bins are worth n / (1 + 2(4/9 + 1/36)).
    const meanSd = (binSd * Math.sqrt(1 + 2 * (4 / 9 + 1 / 36))) / Math.sqrt(inner.length);
    expect(Math.abs(mean / (2 / 1000) - 1)).toBeLessThan(4 * meanSd);
    expect(Math.abs(relativeSd / binSd - 1)).toBeLessThan(0.15);
  });

  test('half-overlapping Hann segments are worth a little less than as many independent ones', () => {
    // 19 segments of 1 s in 10 s. The window correlates with itself half a segment on by (1/16)/(3/8) = 1/6.
    const { effectiveAverages, averages } = welchPsd(signal(normalNoise(10_000, 7), 1000));
    expect(averages).toBe(19);
    expect(effectiveAverages).toBeCloseTo(19 / (1 + (2 * (18 / 19)) / 36), 9);
  });

  test('independent noise coheres at 1 over the effective number of segments', () => {
    const x = signal(normalNoise(50_000, 1), 1000);
    const y = signal(normalNoise(50_000, 2), 1000);
    const { msc, effectiveAverages } = magnitudeSquaredCoherence(x, y).value!;
    const mean = msc.subarray(1, 500).reduce((sum, c) => sum + c, 0) / 499;
    const standardError = (1 / effectiveAverages) * Math.sqrt((1 + 2 * (4 / 9 + 1 / 36)) / 499);
    expect(Math.abs(mean - 1 / effectiveAverages)).toBeLessThan(4 * standardError);
  });

  test('a signal coheres with its negative at 1, half a cycle apart', () => {
    const x = signal(normalNoise(4000, 3), 1000);
    const { msc, phaseRad } = magnitudeSquaredCoherence(x, { ...x, values: x.values.map((v) => -v) }).value!;
    expectClose(msc, new Float64Array(501).fill(1), { abs: 1e-12 });
    expect(Math.abs(phaseRad[100])).toBeCloseTo(Math.PI, 12);
  });

  test('x leading y by a quarter cycle gives the phase -pi/2', () => {
    const x = sampled(5000, 1000, (n) => Math.cos(0.08 * Math.PI * n));
    const y = sampled(5000, 1000, (n) => Math.sin(0.08 * Math.PI * n));
    const cross = welchCsd(x, y);
    expect(Math.atan2(cross.imag[40], cross.real[40])).toBeCloseTo(-Math.PI / 2, 6);
  });

  test('the spectrogram averages to the Welch spectrum and stands at segment centres', () => {
    const x = { ...closedFormX, startMs: 500 };
    const { power, timesMs, frequenciesHz } = spectrogram(x, { segmentSamples: 512 });
    const bins = frequenciesHz.length;
    const mean = Float64Array.from({ length: bins }, (_, f) => {
      let sum = 0;
      for (let t = 0; t < timesMs.length; t++) sum += power[t * bins + f];
      return sum / timesMs.length;
    });
    expectClose(mean, welchPsd(x, { segmentSamples: 512 }).power, { rel: 1e-12 });
    expect([...timesMs.subarray(0, 2)]).toEqual([756, 1012]);
  });

  test('a 1 Hz sine under a boxcar of whole seconds has its density, 0.5, in one bin (neurodsp test_power)', () => {
    const sine = sampled(10_000, 500, (n) => Math.sin((2 * Math.PI * n) / 500));
    const { power } = welchPsd(sine, { window: 'boxcar', segmentSamples: 500, overlapSamples: 0 });
    expectClose(power, sampled(251, 1, (k) => (k === 1 ? 0.5 : 0)).values, { abs: 1e-12 });
  });

  test('a linear trend is taken out whole', () => {
    const ramp = sampled(1000, 1000, (n) => 3 * n - 7);
    expect(Math.max(...welchPsd(ramp, { segmentSamples: 250, detrend: 'linear' }).power)).toBeLessThan(1e-20);
  });
});

describe('bad input', () => {
  const good = signal(normalNoise(2000, 4), 1000);

  test('NaN samples, long segments, bad overlaps and misaligned pairs are refused', () => {
    const nan = signal([1, Number.NaN, 2], 1000);
    expect(() => welchPsd(nan, { segmentSamples: 2 })).toThrow(/signal\[1\] is NaN/);
    expect(() => welchPsd(good, { segmentSamples: 3000 })).toThrow(/segmentSamples is 3000.*2000/);
    expect(() => welchPsd(good, { segmentSamples: 100, overlapSamples: 100 })).toThrow(
      /overlapSamples is 100/,
    );
    expect(() => welchPsd(good, { segmentSamples: 100, window: new Float64Array(9) })).toThrow(AnalysisError);
    const zeros = new Float64Array(100);
    expect(() => welchPsd(good, { segmentSamples: 100, window: zeros })).toThrow(/window has the sum 0/);
    expect(() => welchPsd({ ...good, sampleRateHz: 0 })).toThrow(/sampleRateHz is 0/);
    expect(() => welchCsd(good, { ...good, startMs: 1 })).toThrow(/same sample times/);
    expect(() => welchCsd(good, { ...good, values: new Float64Array(2000).fill(Number.NaN) })).toThrow(
      /y\[0\]/,
    );
  });

  test('a constant signal has zero power and no coherence', () => {
    const flat = signal(new Float64Array(2000).fill(0.1), 1000);
    expect(welchPsd(flat).power.every((p) => p === 0)).toBe(true);
    expect(magnitudeSquaredCoherence(good, flat)).toEqual({
      value: null,
      reason: expect.stringContaining('y is'),
    });
  });

  test('a single segment has no coherence', () => {
    const result = magnitudeSquaredCoherence(good, good, { segmentSamples: 2000 });
    expect(result).toEqual({ value: null, reason: expect.stringContaining('one segment') });
  });
});
