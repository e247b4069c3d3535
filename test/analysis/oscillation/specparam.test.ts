import { describe, expect, test } from 'vitest';
import { AnalysisError } from '../../../src/analysis/data.js';
import { aperiodicLogPower } from '../../../src/analysis/oscillation/aperiodic.js';
import { type GaussianPeak, sumOfGaussians } from '../../../src/analysis/oscillation/gaussians.js';
import { searchPeaks } from '../../../src/analysis/oscillation/peak_search.js';
import { fitSpecparam, type SpecparamFit } from '../../../src/analysis/oscillation/specparam.js';
import { type GoldenCase, golden } from '../goldens/load.js';
import { expectClose, normalNoise } from '../spectral/signals.js';

const PEAKS: GaussianPeak[] = [
  { hz: 10, height: 0.5, sdHz: 2 },
  { hz: 20, height: 0.3, sdHz: 4 },
];

function simulate(
  [lowHz, highHz]: readonly [number, number],
  aperiodic: { offset: number; knee: number; exponent: number },
  peaks: GaussianPeak[],
  noise: number,
) {
  const frequenciesHz = Float64Array.from({ length: 2 * (highHz - lowHz) + 1 }, (_, k) => lowHz + k / 2);
  const shape = sumOfGaussians(frequenciesHz, peaks);
  const errors = normalNoise(frequenciesHz.length, 11);
  const logPower = aperiodicLogPower(frequenciesHz, aperiodic).map(
    (a, k) => a + shape[k] + noise * errors[k],
  );
  return { frequenciesHz, power: logPower.map((p) => 10 ** p) };
}

/** Every number of a fit beside what fooof gives. */
function expectFit(fit: SpecparamFit, { expected, tol }: GoldenCase): void {
  const { offset, knee, exponent } = fit.aperiodic;
  const abs = tol.abs_params;
  expectClose(fit.mode === 'knee' ? [offset, knee, exponent] : [offset, exponent], expected.aperiodic, {
    abs,
  });
  expectClose(
    fit.gaussians.flatMap((g) => [g.hz, g.height, g.sdHz]),
    expected.gaussians.flat(),
    { abs },
  );
  expectClose(
    fit.peaks.flatMap((p) => [p.hz, p.power, p.bandwidthHz]),
    expected.peaks.flat(),
    { abs },
  );
  expectClose([fit.rSquared, fit.meanAbsoluteError], [expected.r2, expected.mae], { abs: tol.r2 });
}

describe('values of fooof 1.1.1', () => {
  test('two peaks on a power law, without noise', () => {
    const reference = golden('specparam', 'fooof111.fixed');
    const [offset, exponent] = reference.inputs.aperiodic;
    const spectrum = simulate(reference.inputs.freq_range, { offset, knee: 0, exponent }, PEAKS, 0);
    expectFit(fitSpecparam(spectrum).value!, reference);
  });

  test.each(['knee.clean', 'knee.two_peaks', 'fixed.noise01', 'knee.noise03'])('%s', (name) => {
    const reference = golden('specparam', `fooof111.${name}`);
    const { log10_power, freq_range, df, mode } = reference.inputs;
    const power = Float64Array.from(log10_power as number[], (p) => 10 ** p);
    const frequenciesHz = power.map((_, k) => freq_range[0] + k * df);
    expectFit(fitSpecparam({ frequenciesHz, power }, { mode }).value!, reference);
  });
});

describe('known answers', () => {
  test('a power law alone has no peaks and its own exponent', () => {
    const spectrum = simulate([2, 100], { offset: 1.5, knee: 0, exponent: 1.8 }, [], 0);
    const { aperiodic } = fitSpecparam(spectrum, { minPeakHeight: 1e-6 }).value!;
    expectClose([aperiodic.offset, aperiodic.exponent], [1.5, 1.8], { abs: 1e-9 });
  });

  test('a knee alone comes back', () => {
    const spectrum = simulate([1, 100], { offset: 4, knee: 200, exponent: 2 }, [], 0);
    const { aperiodic } = fitSpecparam(spectrum, { mode: 'knee', minPeakHeight: 1e-6 }).value!;
    expectClose([aperiodic.offset, aperiodic.knee, aperiodic.exponent], [4, 200, 2], { rel: 1e-4 });
  });

  test('a noisy gamma peak comes back within three standard errors', () => {
    const truth = { hz: 45, height: 0.8, sdHz: 4 };
    const noise = 0.05;
    const spectrum = simulate([2, 120], { offset: 1, knee: 0, exponent: 1.2 }, [truth], noise);
    const peaks = [...fitSpecparam(spectrum).value!.peaks].sort((a, b) => b.power - a.power);
    // Standard error of a Gaussian's centre from its Fisher information: noise sqrt(2 sd step / sqrt(pi)) / height.
    const standardError = (noise * Math.sqrt((2 * truth.sdHz * 0.5) / Math.sqrt(Math.PI))) / truth.height;
    expect(Math.abs(peaks[0].hz - truth.hz)).toBeLessThan(3 * standardError);
  });
});

describe("fooof's rules for what counts as a peak", () => {
  const frequenciesHz = Float64Array.from({ length: 5001 }, (_, k) => 10 + k / 100);
  const found = (peaks: GaussianPeak[], smallestSdHz: number) =>
    searchPeaks(frequenciesHz, sumOfGaussians(frequenciesHz, peaks), {
      sdLimitsHz: [smallestSdHz, 20],
      maxPeaks: 2,
      minPeakHeight: 0.1,
      peakThreshold: 0,
    }).map(({ hz }) => hz);

  test.each([
    [4.4, 1],
    [3.6, 0],
  ])('one of sd 4 Hz that is %f Hz from the edge: %i', (distance, count) => {
    expect(found([{ hz: 10 + distance, height: 1, sdHz: 4 }], 0.1)).toHaveLength(count);
  });

  // Narrow ones get the smallest sd allowed, here 2 Hz: they overlap if 2 (0.75 x 2) = 3 Hz apart or less.
  test.each([
    [3.2, 2],
    [2.8, 1],
  ])('two of sd 2 Hz that are %f Hz apart: %i', (apart, count) => {
    const pair = [
      { hz: 30, height: 1, sdHz: 0.2 },
      { hz: 30 + apart, height: 0.9, sdHz: 0.2 },
    ];
    const left = found(pair, 2);
    expect(left).toHaveLength(count);
    expect(left[0]).toBeCloseTo(30, 9);
  });
});

describe('bad input', () => {
  const { frequenciesHz, power } = simulate([1, 50], { offset: 1, knee: 0, exponent: 1 }, PEAKS, 0.01);

  test('NaN power, uneven frequencies and reversed limits are refused', () => {
    expect(() => fitSpecparam({ frequenciesHz, power: power.map(() => Number.NaN) })).toThrow(
      /power\[0\] is NaN/,
    );
    expect(() => fitSpecparam({ frequenciesHz: frequenciesHz.map((f) => f * f), power })).toThrow(
      /even steps/,
    );
    expect(() => fitSpecparam({ frequenciesHz, power }, { peakWidthLimitsHz: [5, 1] })).toThrow(
      AnalysisError,
    );
  });

  test('a bin without power and too few bins give null with a reason', () => {
    const silent = fitSpecparam({ frequenciesHz, power: new Float64Array(power.length) });
    expect(silent).toEqual({ value: null, reason: expect.stringContaining('no power') });
    const narrow = fitSpecparam({ frequenciesHz, power }, { rangeHz: [10, 10.5], mode: 'knee' });
    expect(narrow).toEqual({ value: null, reason: expect.stringContaining('are too few for') });
  });
});
