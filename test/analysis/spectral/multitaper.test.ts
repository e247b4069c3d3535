import { describe, expect, test } from 'vitest';
import { coherenceLevel } from '../../../src/analysis/coupling/spike_field_coherence.js';
import { AnalysisError } from '../../../src/analysis/data.js';
import { slepianTapers } from '../../../src/analysis/spectral/dpss.js';
import {
  multitaperCoherence,
  multitaperCsd,
  multitaperPsd,
} from '../../../src/analysis/spectral/multitaper.js';
import { golden } from '../goldens/load.js';
import { closedFormX, closedFormY, expectClose, normalNoise, sampled, signal } from './signals.js';

const at = (values: Float64Array, bins: number[]) => bins.map((k) => values[k]);
const first1024 = (s: typeof closedFormX) => ({ ...s, values: s.values.subarray(0, 1024) });

describe('Slepian tapers', () => {
  test('MATLAB dpss(5, 1.5)', () => {
    const { inputs, expected, tol } = golden('multitaper', 'dpss.small');
    const { tapers, concentrations } = slepianTapers(inputs.N, inputs.NW, inputs.K, 'symmetric');
    expectClose(
      tapers.flatMap((taper) => [...taper]),
      expected.tapers.flat(),
      tol,
    );
    expectClose(concentrations, expected.ratios, tol);
  });

  test('MATLAB dpss(100, 2)', () => {
    const { inputs, expected, tol } = golden('multitaper', 'matlab.dpss');
    const { tapers, concentrations } = slepianTapers(inputs.N, inputs.NW, inputs.K, 'symmetric');
    expectClose(
      (inputs.rows as number[]).flatMap((n) => tapers.map((taper) => taper[n])),
      expected.rows.flat(),
      tol,
    );
    expectClose(concentrations, expected.ratios, tol);
  });

  test.each([0, 1, 2])('scipy periodic tapers, case %i', (index) => {
    const { inputs, expected, tol } = golden('multitaper', 'scipy.dpss');
    const { N, NW, K, idx } = inputs[index];
    const { tapers, concentrations } = slepianTapers(N, NW, K, 'periodic');
    expectClose(
      tapers.flatMap((taper) => at(taper, idx)),
      expected[index].tapers.flat(),
      tol,
    );
    expectClose(concentrations, expected[index].ratios, tol);
  });

  test('tapers are orthonormal', () => {
    const { tapers } = slepianTapers(500, 4, 7, 'symmetric');
    tapers.forEach((a, i) => {
      tapers.forEach((b, j) => {
        const product = a.reduce((sum, v, n) => sum + v * b[n], 0);
        expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-10);
      });
    });
  });
});

describe('reference values', () => {
  test('multitaper PSD and coherence of a closed-form pair', () => {
    const { inputs, expected, tol } = golden('multitaper', 'multitaper.closedform');
    const [x, y] = [first1024(closedFormX), first1024(closedFormY)];
    const options = { timeBandwidth: inputs.NW, tapers: inputs.K, detrend: 'none' } as const;
    expectClose(at(multitaperPsd(x, options).power, inputs.bins), expected.psd_onesided, tol);
    const { msc, phaseRad } = multitaperCoherence(x, y, options).value!;
    expectClose(at(msc, inputs.bins), expected.msc, tol);
    expectClose(at(phaseRad, inputs.bins), expected.phase, { ...tol, abs: 1e-12 });
    const cross = multitaperCsd(x, y, options);
    const phase = cross.real.map((re, k) => Math.atan2(cross.imag[k], re));
    expectClose(phase, phaseRad, { abs: 1e-12 });
  });

  test('jackknife intervals of Chronux', () => {
    const { inputs, expected, tol } = golden('multitaper', 'jackknife');
    const { bins, segments, segmentSamples, NW: timeBandwidth, K: tapers } = inputs;
    const cut = (s: typeof closedFormX) => ({
      ...s,
      values: s.values.subarray(0, segments * segmentSamples),
    });
    const options = { segmentSamples, timeBandwidth, tapers };
    const { power, interval } = multitaperPsd(cut(closedFormX), options);
    expectClose(at(power, bins), expected.psd, tol);
    expectClose(at(interval!.lower, bins), expected.psd_lower, tol);
    expectClose(at(interval!.upper, bins), expected.psd_upper, tol);
    const coherence = multitaperCoherence(cut(closedFormX), cut(closedFormY), options).value!;
    expectClose(at(coherence.cohMag, bins), expected.c, tol);
    expectClose(at(coherence.cohMagInterval.lower, bins), expected.c_lower, tol);
    expectClose(at(coherence.cohMagInterval.upper, bins), expected.c_upper, tol);
    expectClose(at(coherence.phaseSdRad, bins), expected.phase_sd, { rel: tol.phase_rel, abs: 1e-6 });
  });
});

describe('known answers', () => {
  test('white noise: density within the standard error; the interval covers it 95 % of the time', () => {
    const { power, interval, averages } = multitaperPsd(signal(normalNoise(20_000, 9), 1000), {
      segmentSamples: 1000,
    });
    const mean = power.subarray(10, 490).reduce((sum, p) => sum + p, 0) / 480;
    // Tapers make bins within 2 NW = 8 of each other depend: 480 bins are worth at least 480/8.
    expect(Math.abs(mean / 0.002 - 1)).toBeLessThan(4 / Math.sqrt(averages * 60));
    let covered = 0;
    for (let k = 10; k < 490; k++) if (interval!.lower[k] < 0.002 && interval!.upper[k] > 0.002) covered++;
    expect(Math.abs(covered / 480 - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / 60));
  });

  test('two noisy oscillators driven by one cohere at its frequency and nowhere else', () => {
    const n = 20_000;
    const drive = sampled(n, 1000, (i) => Math.sin(0.08 * Math.PI * i + 2 * Math.sin(0.0011 * i)));
    const noisy = (seed: number, lag: number) => {
      const noise = normalNoise(n, seed);
      return signal(
        noise.map((v, i) => v + drive.values[Math.max(i - lag, 0)]),
        1000,
      );
    };
    const x = noisy(21, 0);
    const y = noisy(22, 5);
    const { msc, phaseRad, phaseSdRad, averages } = multitaperCoherence(x, y, { segmentSamples: 1000 })
      .value!;
    const level = coherenceLevel(averages, 0.05, null).msc;
    expect(msc[40]).toBeGreaterThan(0.9);
    // y lags by 5 ms at 40 Hz: 0.2 of a cycle.
    expect(Math.abs(phaseRad[40] + 0.4 * Math.PI)).toBeLessThan(4 * phaseSdRad[40]);
    const above = msc.subarray(60, 490).filter((c) => c > level).length / 430;
    expect(Math.abs(above - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / (430 / 8)));
  });
});

describe('bad input', () => {
  const x = signal(normalNoise(1000, 1), 1000);

  test('tapers beyond 2 NW, long segments and NaN samples are refused', () => {
    expect(() => multitaperPsd(x, { tapers: 9 })).toThrow(/tapers is 9/);
    expect(() => multitaperPsd(x, { segmentSamples: 1001 })).toThrow(/segmentSamples is 1001/);
    expect(() => multitaperPsd(x, { timeBandwidth: 600 })).toThrow(AnalysisError);
    expect(() => multitaperPsd(x, { confidence: 1 })).toThrow(/confidence is 1/);
    expect(() => multitaperPsd(signal([0, Number.NaN], 1000))).toThrow(/signal\[1\] is NaN/);
  });

  test('a constant signal and a single taper have no coherence', () => {
    const flat = { ...x, values: new Float64Array(1000).fill(3) };
    expect(multitaperCoherence(x, flat)).toEqual({
      value: null,
      reason: expect.stringContaining('y is constant'),
    });
    expect(multitaperCoherence(x, x, { tapers: 1 }).value).toBeNull();
    expect(multitaperPsd(x, { tapers: 1 }).interval).toBeNull();
    expect(multitaperPsd(flat).power.every((p) => p === 0)).toBe(true);
  });
});
