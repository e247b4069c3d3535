import { describe, expect, test } from 'vitest';
import { bandPass } from '../../../src/analysis/spectral/band_pass.js';
import { butterworthBandPass } from '../../../src/analysis/spectral/butterworth.js';
import { analyticSignal, envelope, phaseRad } from '../../../src/analysis/spectral/hilbert.js';
import { golden } from '../goldens/load.js';
import { closedFormX, expectClose, sampled, signal } from './signals.js';

describe('values of scipy.signal', () => {
  const { inputs, expected, tol } = golden('filters', 'scipy.bandpass_hilbert');
  const at = (values: Float64Array) => (inputs.idx as number[]).map((i) => values[i]);
  const band = bandPass(closedFormX, 30, 80);

  test('Butterworth sections', () => {
    const sections = butterworthBandPass(4, 30, 80, 1000);
    expectClose(sections.flat(), expected.sos.flat(), tol);
  });

  test('forward-backward filter', () => expectClose(at(band.values), expected.bp, tol));

  test.each([0, 1, 2, 3, 4, 5])('odd orders and bands so wide that poles are real, case %i', (index) => {
    const other = golden('filters', 'scipy.orders');
    const [order, lowHz, highHz] = other.inputs.order_low_high[index];
    const { sos, y } = other.expected[index];
    expectClose(butterworthBandPass(order, lowHz, highHz, 1000).flat(), sos.flat(), other.tol);
    const { values } = bandPass(closedFormX, lowHz, highHz, order);
    expectClose(
      (other.inputs.idx as number[]).map((i) => values[i]),
      y,
      other.tol,
    );
  });

  test('Hilbert envelope and phase', () => {
    const analytic = analyticSignal(band);
    expectClose(at(envelope(analytic)), expected.env, tol);
    expectClose(at(phaseRad(analytic)), expected.phase, tol);
  });
});

describe('known answers', () => {
  test('one tone passes unshifted, another is stopped', () => {
    const both = sampled(4000, 1000, (n) => Math.cos(0.1 * Math.PI * n) + Math.cos(0.4 * Math.PI * n));
    const { values } = bandPass(both, 40, 60);
    for (let n = 1000; n < 3000; n++)
      expect(Math.abs(values[n] - Math.cos(0.1 * Math.PI * n))).toBeLessThan(1e-3);
  });

  test('the amplitude is halved at the edges', () => {
    const edge = sampled(20_000, 1000, (n) => Math.cos(0.06 * Math.PI * n));
    const middle = envelope(analyticSignal(bandPass(edge, 30, 80))).subarray(9000, 11_000);
    expectClose(middle, new Float64Array(2000).fill(0.5), { abs: 1e-3 });
  });

  test.each([512, 500, 499])('the analytic signal of a whole number of cycles over %i samples', (n) => {
    const cosine = sampled(n, n, (i) => Math.cos((2 * Math.PI * 4 * i) / n));
    const { real, imag } = analyticSignal(cosine);
    expectClose(real, cosine.values, { abs: 1e-13 });
    expectClose(imag, sampled(n, n, (i) => Math.sin((2 * Math.PI * 4 * i) / n)).values, { abs: 1e-13 });
  });
});

describe('bad input', () => {
  const ones = signal(new Float64Array(27).fill(1), 1000);

  test('bands outside (0, Nyquist) and signals no longer than the padding are refused', () => {
    expect(() => bandPass(ones, 30, 80)).toThrow(/27 samples.*padding of 27/);
    expect(() => bandPass(ones, 80, 30)).toThrow(/band is 80 to 30 Hz/);
    expect(() => bandPass(ones, 30, 500)).toThrow(/band is 30 to 500 Hz/);
    expect(() => bandPass(ones, 0, 80)).toThrow(/band is 0 to 80 Hz/);
    expect(() => bandPass(ones, 30, 80, 0)).toThrow(/order is 0/);
    expect(() => bandPass(signal([1, Number.NaN], 1000), 30, 80)).toThrow(/signal\[1\] is NaN/);
  });
});
