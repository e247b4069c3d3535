import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { robustLine, straightLine } from '../../../src/analysis/balance/line_fit.js';
import { fitPowerLaw, gaoSlope } from '../../../src/analysis/balance/spectral_slope.js';
import goldens from '../goldens/balance.json' with { type: 'json' };
import { meanAndError } from '../spiketrain/processes.js';

const { inputs, expected, tol } = goldens['gao.slope'];

/** Difference of exponentials with peak 1, every ms for 1 s (EISlope syn_kernel.m). */
function kernel([rise, decay]: number[]): Float64Array {
  const peak = ((decay * rise) / (decay - rise)) * Math.log(decay / rise);
  const height = Math.exp(-peak / decay) - Math.exp(-peak / rise);
  return Float64Array.from({ length: 1001 }, (_, t) => (Math.exp(-t / decay) - Math.exp(-t / rise)) / height);
}

const ampa = kernel(inputs.tauA_ms);
const gaba = kernel(inputs.tauG_ms);
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
const spikesE = inputs.N_E * inputs.FR_E;
const spikesI = inputs.N_I * inputs.FR_I;
/** Amplitude of an inhibitory conductance that gives mean g_I / mean g_E = ratio. */
const inhibition = (ratio: number) => ratio / ((spikesI * sum(gaba)) / (spikesE * sum(ampa)));

/** Poisson spikes through the kernel, as the difference of two decaying traces: 120 s of ms. */
function shotNoise(random: () => number, spikesPerMs: number, [rise, decay]: number[]): Float64Array {
  const peak = ((decay * rise) / (decay - rise)) * Math.log(decay / rise);
  const height = Math.exp(-peak / decay) - Math.exp(-peak / rise);
  const none = Math.exp(-spikesPerMs);
  let slow = 0;
  let fast = 0;
  return Float64Array.from({ length: 120_000 }, () => {
    // Poisson number of spikes by inversion.
    let spikes = 0;
    let probability = none;
    for (let rest = random() - none; rest > 0; rest -= probability) probability *= spikesPerMs / ++spikes;
    slow = slow * Math.exp(-1 / decay) + spikes;
    fast = fast * Math.exp(-1 / rise) + spikes;
    return (slow - fast) / height;
  });
}

describe('Gao slope', () => {
  it.each(inputs.gI_over_gE)('of the expected spectrum for g_I/g_E = %d (golden gao.slope)', (ratio) => {
    const frequenciesHz = Float64Array.from({ length: 201 }, (_, k) => k);
    const energy = (shape: Float64Array, hz: number) => {
      let re = 0;
      let im = 0;
      shape.forEach((value, t) => {
        re += value * Math.cos((2 * Math.PI * hz * t) / 1000);
        im += value * Math.sin((2 * Math.PI * hz * t) / 1000);
      });
      return re * re + im * im;
    };
    // Campbell's theorem: shot noise has the spectrum rate |FT(kernel)|^2.
    const power = frequenciesHz.map(
      (hz) =>
        spikesE * (inputs.Ee - inputs.Vr) ** 2 * energy(ampa, hz) +
        spikesI * ((inputs.Ei - inputs.Vr) * inhibition(ratio)) ** 2 * energy(gaba, hz),
    );
    const { slope, bins } = fitPowerLaw({ frequenciesHz, power }, 30, 50, 'least squares').value!;
    expect(bins).toBe(21);
    expect(Math.abs(slope - expected.slope[String(ratio) as '2'])).toBeLessThan(tol.abs_analytic);
  });

  it('of simulated fields of 120 s is the expected one within its standard error', () => {
    const trials = Array.from({ length: 12 }, (_, trial) => {
      const random = seedrandom.alea(`gao ${trial}`);
      const excitatory = shotNoise(random, spikesE / 1000, inputs.tauA_ms);
      const inhibitory = shotNoise(random, spikesI / 1000, inputs.tauG_ms);
      return inputs.gI_over_gE.map((ratio) => {
        const driveI = (inputs.Ei - inputs.Vr) * inhibition(ratio);
        const values = excitatory.map((g, k) => g * (inputs.Ee - inputs.Vr) + inhibitory[k] * driveI);
        return gaoSlope({ sampleRateHz: 1000, startMs: 0, values }).value!.slope;
      });
    });
    inputs.gI_over_gE.forEach((ratio, k) => {
      const { mean, error } = meanAndError(trials.map((slopes) => slopes[k]));
      const difference = Math.abs(mean - expected.slope[String(ratio) as '2']);
      expect(difference).toBeLessThan(3 * error);
      expect(difference).toBeLessThan(tol.abs_sim_120s);
    });
  });

  it('is fitted from 30 to 50 Hz, both included, where no band is given', () => {
    const random = seedrandom('band');
    const values = Float64Array.from({ length: 5000 }, () => random() - 0.5);
    const { lowHz, highHz, bins } = gaoSlope({ sampleRateHz: 1000, startMs: 0, values }).value!;
    expect([lowHz, highHz, bins]).toEqual([30, 50, 21]);
  });

  it('is undefined for a short or silent LFP, or a band without bins', () => {
    const flat = { sampleRateHz: 1000, startMs: 0, values: new Float64Array(3000) };
    expect(gaoSlope(flat).value).toBeNull();
    expect(gaoSlope({ ...flat, values: new Float64Array(900) })).toMatchObject({ value: null });
    const spectrum = { frequenciesHz: Float64Array.of(10, 20, 30), power: Float64Array.of(3, 2, 1) };
    expect(fitPowerLaw(spectrum, 15, 25, 'robust').value).toBeNull();
    expect(() => fitPowerLaw(spectrum, 25, 15, 'robust')).toThrow(/must ascend/);
  });
});

describe('robust line', () => {
  const x = Array.from({ length: 21 }, (_, k) => k);

  it('is the least squares line where all points lie on it', () => {
    const y = x.map((value) => 3 - 2 * value);
    for (const fit of [straightLine(x, y), robustLine(x, y)]) {
      expect(fit.slope).toBeCloseTo(-2, 10);
      expect(fit.intercept).toBeCloseTo(3, 10);
    }
    expect(
      robustLine(
        x,
        x.map(() => 5),
      ).slope,
    ).toBe(0);
  });

  it("is where Tukey's psi of the residuals sums to 0, tuned to 4.685 times the median over 0.6745", () => {
    // Two places of 12 points, of equal leverage: the fit is a location estimate at each. At x = 1 the residuals are 1 and
    // -1, so that 1 is the median of all, the smallest left out; at x = 0 seven of 0, four of -0.5 and one that is far off.
    const far = 4;
    const atZero = [0, 0, 0, 0, 0, 0, 0, -0.5, -0.5, -0.5, -0.5, far];
    const atOne = [1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1];
    const x0 = [...atZero.map(() => 0), ...atOne.map(() => 1)];
    const { intercept, slope } = robustLine(x0, [...atZero, ...atOne]);
    expect(intercept + slope).toBeCloseTo(0, 9);
    const reach = 4.685 / 0.6745;
    const psi = (residual: number) => residual * (1 - (residual / reach) ** 2) ** 2;
    const sum = atZero.reduce((total, value) => total + psi(value - intercept), 0);
    expect(Math.abs(sum)).toBeLessThan(1e-6);
  });

  it('does not follow outliers', () => {
    const random = seedrandom('robust');
    const y = x.map((value) => 3 - 2 * value + 0.1 * (random() - 0.5));
    y[18] += 30;
    y[20] += 40;
    expect(Math.abs(straightLine(x, y).slope + 2)).toBeGreaterThan(0.5);
    // The error of a slope is sd/sqrt(sum (x - mean)^2) = 0.029/27.7.
    expect(Math.abs(robustLine(x, y).slope + 2)).toBeLessThan((4 * 0.029) / 27.7);
  });
});
