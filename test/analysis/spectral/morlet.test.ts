import { describe, expect, test } from 'vitest';
import { envelope, phaseRad } from '../../../src/analysis/spectral/hilbert.js';
import { morletTransform } from '../../../src/analysis/spectral/morlet.js';
import { sampled, signal } from './signals.js';

const tone = sampled(4000, 1000, (n) => 2.5 * Math.cos(2 * Math.PI * 0.05 * n));

test('a 50 Hz tone has its amplitude and phase at 50 Hz, flat to 1e-6 within the edges', () => {
  const wavelet = morletTransform(tone, Float64Array.of(50));
  const amplitude = envelope(wavelet);
  const phase = phaseRad(wavelet);
  const edge = Math.ceil(4 * wavelet.edgeMs[0]);
  for (let n = edge; n < 4000 - edge; n++) {
    expect(Math.abs(amplitude[n] / 2.5 - 1)).toBeLessThan(1e-6);
    const error = phase[n] - 2 * Math.PI * 0.05 * n;
    expect(Math.abs(Math.sin(error))).toBeLessThan(1e-6);
    expect(Math.cos(error)).toBeGreaterThan(0);
  }
});

test('the response falls off as the Gaussian of its definition, rows in the order of frequencies', () => {
  const frequenciesHz = Float64Array.of(40, 50, 60);
  const wavelet = morletTransform(tone, frequenciesHz, { cycles: 7 });
  const amplitude = envelope(wavelet);
  frequenciesHz.forEach((f, row) => {
    const sd = 7 / (6 * f);
    const expected = 2.5 * Math.exp(-2 * (Math.PI * sd * (50 - f)) ** 2);
    expect(Math.abs(amplitude[row * 4000 + 2000] - expected)).toBeLessThan(1e-6);
    expect(wavelet.edgeMs[row]).toBeCloseTo(1000 * Math.SQRT2 * sd, 12);
  });
});

describe('bad input', () => {
  test('frequencies outside (0, Nyquist], cycles that are not positive and NaN samples are refused', () => {
    expect(() => morletTransform(tone, Float64Array.of(10, 501))).toThrow(/frequenciesHz\[1\] is 501/);
    expect(() => morletTransform(tone, Float64Array.of(0))).toThrow(/frequenciesHz\[0\] is 0/);
    expect(() => morletTransform(tone, Float64Array.of(10), { cycles: 0 })).toThrow(/cycles is 0/);
    expect(() => morletTransform(signal([Number.NaN], 10), Float64Array.of(1))).toThrow(/signal\[0\] is NaN/);
  });
});
