import { describe, expect, test } from 'vitest';
import { AnalysisError } from '../../../src/analysis/data.js';
import { aperiodicLogPower } from '../../../src/analysis/oscillation/aperiodic.js';
import { type GaussianPeak, sumOfGaussians } from '../../../src/analysis/oscillation/gaussians.js';
import { fitSpecparam } from '../../../src/analysis/oscillation/specparam.js';
import { golden } from '../goldens/load.js';
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

describe('values of fooof 1.1.1', () => {
  test('two peaks on a power law, without noise', () => {
    const { inputs, expected, tol } = golden('specparam', 'fooof111.fixed');
    const [offset, exponent] = inputs.aperiodic;
    const spectrum = simulate(inputs.freq_range, { offset, knee: 0, exponent }, PEAKS, 0);
    const fit = fitSpecparam(spectrum).value!;
    const abs = tol.abs_params;
    expectClose([fit.aperiodic.offset, fit.aperiodic.exponent], expected.aperiodic, { abs });
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
    expectClose([fit.rSquared], [expected.r2], { abs: tol.r2 });
    expectClose([fit.meanAbsoluteError], [expected.mae], { abs: tol.r2 });
  });
});
