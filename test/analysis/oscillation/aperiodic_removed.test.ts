import { expect, test } from 'vitest';
import { aperiodicLogPower } from '../../../src/analysis/oscillation/aperiodic.js';
import { powerOverAperiodic } from '../../../src/analysis/oscillation/aperiodic_removed.js';
import type { PowerSpectrum } from '../../../src/analysis/spectral/spectrum.js';

const aperiodic = { offset: 2, knee: 0, exponent: 1 };
const frequenciesHz = Float64Array.from({ length: 201 }, (_, k) => k);
const background = aperiodicLogPower(frequenciesHz, aperiodic).map((log) => 10 ** log);
const spectrum: PowerSpectrum = {
  frequenciesHz,
  power: background.map((p, k) => (k >= 30 && k <= 80 ? 2 * p : p)),
  scaling: 'density',
  averages: 1,
  effectiveAverages: 1,
};

test('twice the aperiodic power in gamma is an excess of once, 3.01 dB, and none elsewhere', () => {
  const powers = powerOverAperiodic(spectrum, aperiodic);
  const gamma = powers.gamma.value!;
  // Integral of 100/f from 30 to 80 Hz; the trapezoid of 1 Hz steps lies above it by 1/12 of the change of slope.
  const trapezoidError = (100 / 12) * (1 / 30 ** 2 - 1 / 80 ** 2);
  expect(gamma.aperiodic).toBeCloseTo(100 * Math.log(80 / 30) + trapezoidError, 4);
  expect(gamma.excess).toBeCloseTo(gamma.aperiodic, 9);
  expect(gamma.decibel).toBeCloseTo(10 * Math.log10(2), 9);
  expect(powers.alpha.value!.excess).toBeCloseTo(0, 9);
});

test('a component without a logarithm in a band gives null with a reason', () => {
  const broken = powerOverAperiodic(spectrum, { offset: 2, knee: -20, exponent: 1 });
  expect(broken.alpha).toEqual({ value: null, reason: expect.stringContaining('undefined in 8-13 Hz') });
});
