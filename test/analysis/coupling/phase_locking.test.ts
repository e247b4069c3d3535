import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import {
  pairwisePhaseConsistency,
  pairwisePhaseConsistencyAcross,
  phaseLockingValue,
  rayleighTest,
  sumPhases,
} from '../../../src/analysis/coupling/circular.js';
import { leaveOneOutLfp, leaveOneOutPhaseLocking } from '../../../src/analysis/coupling/leave_one_out.js';
import { lfpPhase, phasesAt } from '../../../src/analysis/coupling/lfp_phase.js';
import {
  groupPhaseLocking,
  neuronPhaseLocking,
  phaseHistogram,
} from '../../../src/analysis/coupling/phase_locking.js';
import type { SampledSignal } from '../../../src/analysis/data.js';
import { analyticSignal } from '../../../src/analysis/spectral/hilbert.js';
import { allNeurons, spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';
import goldens from '../goldens/coupling.json' with { type: 'json' };
import { gammaTrains, meanAndError } from '../spiketrain/processes.js';

/** Point samples at k ms of f(k ms), so that the interval of sample k is centred on k ms. */
function sampled(samples: number, f: (timeMs: number) => number): SampledSignal {
  return {
    sampleRateHz: 1000,
    startMs: -0.5,
    values: Float64Array.from({ length: samples }, (_, k) => f(k)),
  };
}

const cosine = (hz: number) => (timeMs: number) => Math.cos((2 * Math.PI * hz * timeMs) / 1000);

/** Phases around 0 whose mean vector has length 0.6: 0 with probability 0.6, else uniform. */
function phases(random: () => number, count: number): number[] {
  return Array.from({ length: count }, () => (random() < 0.6 ? 0 : 2 * Math.PI * random()));
}

describe('circular statistics', () => {
  it('PPC and PLV agree with FieldTrip and mne-connectivity (golden ppc.small)', () => {
    const { inputs, expected, tol } = goldens['ppc.small'];
    const sum = sumPhases(inputs.phases);
    expect(Math.abs(pairwisePhaseConsistency(sum) - expected.ppc)).toBeLessThan(tol.abs);
    expect(Math.abs(phaseLockingValue(sum) - expected.plv)).toBeLessThan(tol.abs);
    expect(pairwisePhaseConsistency(sumPhases([2, 2, 2]))).toBeCloseTo(1, 12);
    expect(pairwisePhaseConsistency(sumPhases([1, 1 + Math.PI]))).toBeCloseTo(-1, 12);
    const equallySpaced = Array.from({ length: 7 }, (_, k) => (2 * Math.PI * k) / 7);
    expect(pairwisePhaseConsistency(sumPhases(equallySpaced))).toBeCloseTo(-1 / 6, 12);
    expect(pairwisePhaseConsistency(sumPhases([1]))).toBeNaN();
  });

  it.each([2, 5, 40])('PPC of %d phases is unbiased', (count) => {
    const random = seedrandom(`ppc ${count}`);
    const values = Array.from({ length: 4000 }, () =>
      pairwisePhaseConsistency(sumPhases(phases(random, count))),
    );
    const { mean, error } = meanAndError(values);
    expect(Math.abs(mean - 0.6 ** 2)).toBeLessThan(3 * error);
  });

  it('PPC1 is unbiased where the phases of an epoch are copies of one, which PPC0 is not', () => {
    const random = seedrandom('ppc1');
    const within: number[] = [];
    const across: number[] = [];
    for (let k = 0; k < 4000; k++) {
      const epochs = phases(random, 8).map((phase) => new Array<number>(5).fill(phase));
      within.push(pairwisePhaseConsistency(sumPhases(epochs.flat())));
      across.push(pairwisePhaseConsistencyAcross(epochs.map(sumPhases)));
    }
    const { mean, error } = meanAndError(across);
    expect(Math.abs(mean - 0.36)).toBeLessThan(3 * error);
    expect(meanAndError(within).mean).toBeGreaterThan(0.36 + 0.05);
    expect(pairwisePhaseConsistencyAcross([sumPhases([1, 2])])).toBeNaN();
  });

  it.each([10, 50])("Rayleigh's p of %d uniform phases is uniform", (count) => {
    const random = seedrandom(`rayleigh ${count}`);
    const p = Array.from(
      { length: 8000 },
      () => rayleighTest(sumPhases(Array.from({ length: count }, () => 2 * Math.PI * random()))).p,
    );
    for (const level of [0.01, 0.05, 0.5]) {
      const part = p.filter((value) => value < level).length / p.length;
      expect(Math.abs(part - level)).toBeLessThan(3.5 * Math.sqrt((level * (1 - level)) / p.length));
    }
  });

  it.each([
    [1, 0.37261236],
    [2, 0.13535885],
    [3, 0.04782653],
  ])("Rayleigh's p of 20 phases with z = %d is the exact one", (z, exact) => {
    // P(R > r) = 1 - r int_0^inf J1(r t) J0(t)^n dt for the length R of n unit vectors (Kluyver 1905), r^2 = n z, integrated
    // numerically with the Bessel functions of SciPy. The expansion leaves out terms of 1/n^3: up to 5e-6 at these z.
    const length = Math.sqrt(20 * z);
    expect(Math.abs(rayleighTest({ count: 20, cos: length, sin: 0 }).p - exact)).toBeLessThan(1e-5);
  });

  it("Rayleigh's p is small for locked phases and never outside 0 .. 1", () => {
    const locked = rayleighTest(sumPhases(new Array(30).fill(1)));
    expect(locked.z).toBeCloseTo(30, 10);
    expect(locked.p).toBeGreaterThanOrEqual(0);
    expect(locked.p).toBeLessThan(1e-9);
    expect(rayleighTest(sumPhases([0, 0])).p).toBeGreaterThanOrEqual(0);
  });
});

describe('phase of the LFP', () => {
  it('is -pi/2 at the upward zero crossings of a sine (elephant test_phase_analysis.py)', () => {
    const sine = sampled(4000, (timeMs) => Math.sin((2 * Math.PI * 20 * timeMs) / 1000));
    const found = phasesAt(analyticSignal(sine), Float64Array.of(50, 100, 1000, 3900));
    for (const phase of found) expect(phase).toBeCloseTo(-Math.PI / 2, 9);
  });

  it('is interpolated between samples', () => {
    const found = phasesAt(analyticSignal(sampled(4000, cosine(25))), Float64Array.of(40, 45.5, 53.25));
    // A chord of 2 pi 0.025 rad turns through its angle to third order: error below (0.157)^3/12 = 3e-4.
    expect(Math.abs(found[0])).toBeLessThan(1e-9);
    expect(Math.abs(found[1] - (2 * Math.PI * 5.5) / 40)).toBeLessThan(3e-4);
    expect(Math.abs(found[2] - (2 * Math.PI * 13.25) / 40)).toBeLessThan(3e-4);
  });

  it('needs the LFP at every spike, finite samples and a signal that varies', () => {
    const phase = analyticSignal(sampled(100, cosine(20)));
    expect(() => phasesAt(phase, Float64Array.of(99.6))).toThrow(/LFP runs from -0.5 to 99.5/);
    expect(
      lfpPhase(
        sampled(1000, () => 3),
        30,
        80,
      ),
    ).toEqual({ value: null, reason: expect.stringContaining('constant') });
    expect(() =>
      lfpPhase(
        sampled(1000, (t) => (t === 500 ? Number.NaN : t)),
        30,
        80,
      ),
    ).toThrow(/500/);
    expect(() => lfpPhase(sampled(1000, cosine(20)), 80, 30)).toThrow();
  });
});

describe('phase locking', () => {
  const window = { startMs: 0, stopMs: 10_000 };
  const phase = lfpPhase(sampled(10_001, cosine(40)), 30, 50).value!;

  it('finds the phase and strength of locked spikes, neuron by neuron and together', () => {
    // Every 25 ms a cycle: neuron 0 at the peak, neuron 1 a quarter later, neuron 2 silent, neuron 3 once.
    const cycles = Array.from({ length: 380 }, (_, k) => 200 + 25 * k);
    const trains = spikeTrainsFromLists([cycles, cycles.map((t) => t + 6.25), [], [500]]);
    const found = neuronPhaseLocking(trains, phase, window);
    expect([...found.spikes]).toEqual([380, 380, 0, 1]);
    expect(found.phaseRad[0]).toBeCloseTo(0, 3);
    expect(found.phaseRad[1]).toBeCloseTo(Math.PI / 2, 3);
    expect(found.plv[0]).toBeGreaterThan(0.9999);
    expect(found.ppc0[0]).toBeGreaterThan(0.9999);
    expect(found.ppc1[0]).toBeGreaterThan(0.9999);
    expect(found.rayleighP[0]).toBeLessThan(1e-12);
    expect([found.plv[2], found.ppc0[3], found.rayleighP[3]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const together = groupPhaseLocking(trains, Uint32Array.of(0, 1), phase, window).value!;
    expect(together.spikes).toBe(760);
    expect(together.phaseRad).toBeCloseTo(Math.PI / 4, 3);
    expect(together.plv).toBeCloseTo(Math.SQRT1_2, 3);
    const histogram = phaseHistogram(trains, Uint32Array.of(0, 1), phase, window, 8);
    expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(760);
    expect(histogram[6]).toBeGreaterThan(0);
  });

  it('of Poisson spikes is none: PPC 0 within its error, Rayleigh uniform', () => {
    const trains = gammaTrains('unlocked', 400, 20, 10_000);
    const found = neuronPhaseLocking(trains, phase, window);
    const ppc0 = meanAndError(found.ppc0);
    const ppc1 = meanAndError(found.ppc1);
    expect(Math.abs(ppc0.mean)).toBeLessThan(3 * ppc0.error);
    expect(Math.abs(ppc1.mean)).toBeLessThan(3 * ppc1.error);
    const significant = found.rayleighP.filter((p) => p < 0.05).length / 400;
    expect(Math.abs(significant - 0.05)).toBeLessThan(3 * Math.sqrt((0.05 * 0.95) / 400));
  });

  it('is undefined with fewer than two spikes and refuses a window beyond the LFP', () => {
    const trains = spikeTrainsFromLists([[500]]);
    expect(groupPhaseLocking(trains, allNeurons(trains), phase, window).value).toBeNull();
    expect(() =>
      groupPhaseLocking(trains, allNeurons(trains), phase, { startMs: 0, stopMs: 11_000 }),
    ).toThrow(/LFP runs/);
    expect(() => neuronPhaseLocking(trains, phase, window, 0)).toThrow(/epochMs/);
  });
});

describe('leave-one-out LFP', () => {
  it('takes away the locking of a neuron to its own current', () => {
    const random = seedrandom('own');
    const [spikes] = [gammaTrains('own', 1, 20, 20_000).timesMs];
    const others = sampled(20_001, () => random() + random() + random() - 1.5);
    // The neuron's own current: a damped 40 Hz wave after each spike.
    const own = sampled(20_001, () => 0);
    for (const spike of spikes) {
      for (let k = Math.ceil(spike); k < Math.min(spike + 60, 20_001); k++) {
        own.values[k] += Math.exp((spike - k) / 15) * cosine(40)(k - spike);
      }
    }
    const lfp = { ...others, values: others.values.map((value, k) => value + own.values[k]) };
    const window = { startMs: 0, stopMs: 20_000 };
    const band = { lowHz: 30, highHz: 50 };
    const nothing = { ...own, values: new Float64Array(20_001) };
    const withOwn = leaveOneOutPhaseLocking(spikes, lfp, nothing, band, window).value!;
    const without = leaveOneOutPhaseLocking(spikes, lfp, own, band, window).value!;
    expect(withOwn.ppc0).toBeGreaterThan(0.1);
    expect(withOwn.rayleighP).toBeLessThan(1e-6);
    // PPC of n independent phases has sd about 1/n.
    expect(Math.abs(without.ppc0)).toBeLessThan(4 / without.spikes);
  });

  it('needs the same samples', () => {
    const lfp = sampled(100, cosine(10));
    expect(() => leaveOneOutLfp(lfp, sampled(99, cosine(10)))).toThrow(/99 samples/);
    expect([...leaveOneOutLfp(lfp, lfp).values]).toEqual(new Array(100).fill(0));
  });
});
