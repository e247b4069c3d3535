import { describe, expect, test } from 'vitest';
import {
  bandOf,
  bandPower,
  bandPowers,
  halfPowerBandwidthHz,
  peakFrequency,
} from '../../../src/analysis/oscillation/bands.js';
import { welchPsd } from '../../../src/analysis/spectral/welch.js';
import { normalNoise, sampled, signal } from '../spectral/signals.js';

describe('known answers', () => {
  const tone = welchPsd(sampled(5000, 1000, (n) => 3 * Math.sin((2 * Math.PI * 40 * n) / 1000)));

  test('all the power of a 40 Hz sine, A^2/2, lies in gamma', () => {
    const powers = bandPowers(tone);
    expect(powers.gamma.value).toBeCloseTo(4.5, 10);
    expect(powers.beta.value).toBeLessThan(1e-12);
    expect(powers.delta.value).toBeLessThan(1e-12);
  });

  test('its peak is at 40 Hz, as wide as the Hann window', () => {
    const peak = peakFrequency(tone).value!;
    expect(peak).toMatchObject({ hz: 40, isLocalMaximum: true });
    // Power 1, 1/4 at the peak and one bin beside: half of it lies 2/3 of a bin away on the straight line.
    expect(halfPowerBandwidthHz(tone, peak).value).toBeCloseTo(4 / 3, 9);
  });

  test('white noise of variance 1: power goes as the width of the band', () => {
    const noise = welchPsd(signal(normalNoise(60_000, 5), 1000));
    const standardError = 1 / Math.sqrt((70 / (1 + 2 * (4 / 9 + 1 / 36))) * noise.effectiveAverages);
    expect(Math.abs(bandPowers(noise).highGamma.value! / (2 * 0.07) - 1)).toBeLessThan(4 * standardError);
  });

  test('a density of 1 has the width of each band as its power: 1-4-8-13-30-80-150 Hz', () => {
    const powers = bandPowers({ ...tone, power: tone.frequenciesHz.map(() => 1) });
    expect(Object.values(powers).map(({ value }) => value)).toEqual([3, 4, 5, 17, 50, 70]);
  });

  test('bands include their lower edge', () => {
    expect([bandOf(0.5), bandOf(4), bandOf(30), bandOf(149), bandOf(150)]).toEqual([
      null,
      'theta',
      'gamma',
      'highGamma',
      null,
    ]);
  });

  test('a spectrum that falls from 5 Hz has its largest bin there, and no local maximum', () => {
    const falling = { ...tone, power: tone.frequenciesHz.map((f) => 1 / (1 + f)) };
    expect(peakFrequency(falling).value).toMatchObject({ hz: 5, isLocalMaximum: false });
  });
});

describe('bad input', () => {
  const flat = welchPsd(signal(new Float64Array(1000).fill(2), 200), { segmentSamples: 200 });

  test('a constant signal has no peak and no power in its bands', () => {
    expect(peakFrequency(flat)).toEqual({ value: null, reason: expect.stringContaining('no power') });
    expect(bandPowers(flat).gamma.value).toBe(0);
  });

  test('a band beyond Nyquist or between two bins is null with a reason', () => {
    expect(bandPowers(flat).highGamma).toEqual({
      value: null,
      reason: expect.stringContaining('ends at 100 Hz'),
    });
    expect(bandPower(flat, 10.2, 10.8)).toEqual({
      value: null,
      reason: expect.stringContaining('fewer than two'),
    });
    expect(peakFrequency(flat, [200, 300]).value).toBeNull();
  });

  test('reversed bands and spectra that are no densities are refused', () => {
    expect(() => bandPower(flat, 8, 4)).toThrow(/band is 8 to 4 Hz/);
    expect(() => bandPower({ ...flat, scaling: 'spectrum' }, 4, 8)).toThrow(/density/);
  });
});
