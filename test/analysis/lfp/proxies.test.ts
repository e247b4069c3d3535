import { describe, expect, it } from 'vitest';
import type { NeuronGroup, SampledSignal } from '../../../src/analysis/data.js';
import { pointSourceProxies, pointSourceWeight } from '../../../src/analysis/lfp/point_source.js';
import { LFP_PROXY_METHODS } from '../../../src/analysis/lfp/proxies.js';
import { referenceWeightedSum } from '../../../src/analysis/lfp/reference_weighted_sum.js';
import { type KernelLayer, spikeKernelLfp, UNITARY_FIELD } from '../../../src/analysis/lfp/spike_kernels.js';
import { spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';
import goldens from '../goldens/lfp.json' with { type: 'json' };

const signal = (values: ArrayLike<number>, sampleRateHz = 1000): SampledSignal => ({
  sampleRateHz,
  startMs: 0,
  values: Float64Array.from(values),
});

describe('point sources', () => {
  it('have 1/(4 pi sigma r): 1 nA at 100 um in 0.3 S/m gives 2.65 uV', () => {
    expect(pointSourceWeight(100)).toBeCloseTo(1e-9 / (4 * Math.PI * 0.3 * 100e-6) / 1e-6, 10);
    expect(pointSourceWeight(3)).toBe(pointSourceWeight(10));
  });

  it('add magnitudes in one proxy and cancel in the other', () => {
    const source = (distance_um: number, e: number[], i: number[]) => ({
      distance_um,
      excitatory_nA: signal(e),
      inhibitory_nA: signal(i),
    });
    const sources = [source(100, [1, 2], [1, 0]), source(200, [0, 4], [2, 4])];
    const { absolute, signed } = pointSourceProxies(sources);
    const w = pointSourceWeight(100);
    expect(absolute.signal.values[0]).toBeCloseTo(w * (2 + 2 / 2), 12);
    expect(absolute.signal.values[1]).toBeCloseTo(w * (2 + 8 / 2), 12);
    expect(signed.signal.values[0]).toBeCloseTo(w * (2 / 2 - 0), 12);
    expect(signed.signal.values[1]).toBeCloseTo(-w * 2, 12);
    expect(absolute.method.unit).toBe('uV');
  });

  it('refuse no source, distances below 0, NaN and unequal samples', () => {
    const one = signal([1, 2]);
    expect(() => pointSourceProxies([])).toThrow(/at least 1 source/);
    const source = (distance_um: number, inhibitory_nA: SampledSignal) => ({
      distance_um,
      excitatory_nA: one,
      inhibitory_nA,
    });
    expect(() => pointSourceProxies([source(-1, one)])).toThrow(/distance_um is -1/);
    expect(() => pointSourceProxies([source(10, signal([1]))])).toThrow(/1 samples/);
    expect(() => pointSourceProxies([source(10, signal([1, Number.NaN]))])).toThrow(/NaN/);
  });
});

describe('reference weighted sum', () => {
  /** Not scored: value at sample k up to the common shift and scale, from two samples that are known. */
  const shape = (e: number[], i: number[], rate = 1000) =>
    referenceWeightedSum(signal(e, rate), signal(i, rate)).value!;

  it('delays excitation by 6 ms and weights inhibition by 1.65, both adding', () => {
    const excitation = new Array(40).fill(0);
    const inhibition = new Array(40).fill(0);
    excitation[10] = 1;
    inhibition[30] = 1;
    const { signal: found, method } = shape(excitation, inhibition);
    expect(found.startMs).toBe(6);
    expect(found.values).toHaveLength(34);
    const base = found.values[0];
    const at = (ms: number) => found.values[ms - 6] - base;
    expect(at(16)).toBeGreaterThan(0);
    expect(at(30) / at(16)).toBeCloseTo(1.65, 12);
    expect(found.values.filter((value) => Math.abs(value - base) > 1e-12)).toHaveLength(2);
    expect(method.unit).toBe('a.u.');
  });

  it('is that of the signed currents of the paper, I_AMPA(t - 6 ms) - 1.65 I_GABA(t)', () => {
    const ampa = Array.from({ length: 100 }, (_, k) => 2 + Math.sin(k / 5));
    const gaba = Array.from({ length: 100 }, (_, k) => -3 + Math.cos(k / 7));
    const { values } = shape(ampa, gaba).signal;
    const raw = Array.from({ length: 94 }, (_, k) => ampa[k] - 1.65 * gaba[k + 6]);
    const mean = raw.reduce((sum, value) => sum + value, 0) / 94;
    const sd = Math.sqrt(raw.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 94);
    values.forEach((value, k) => {
      expect(value).toBeCloseTo((raw[k] - mean) / sd, 10);
    });
  });

  it('interpolates if the delay is not a whole number of samples', () => {
    // At 250 Hz the delay is 1.5 samples: the excitation of a ramp lies half way between two.
    const ramp = Array.from({ length: 20 }, (_, k) => k);
    const square = Array.from({ length: 20 }, (_, k) => k * k);
    const { signal: found } = shape(ramp, square, 250);
    const raw = Array.from({ length: 18 }, (_, k) => k + 0.5 + 1.65 * (k + 2) ** 2);
    const slope = (found.values[9] - found.values[3]) / (raw[9] - raw[3]);
    found.values.forEach((value, k) => {
      expect(value - found.values[0]).toBeCloseTo((raw[k] - raw[0]) * slope, 10);
    });
    expect(found.startMs).toBe(8);
  });

  it('is undefined for constant or short currents and refuses NaN', () => {
    expect(referenceWeightedSum(signal(new Float64Array(50)), signal(new Float64Array(50))).value).toBeNull();
    expect(referenceWeightedSum(signal([1, 2, 3]), signal([1, 2, 3])).value).toBeNull();
    expect(() => referenceWeightedSum(signal([1, Number.NaN]), signal([1, 2]))).toThrow(/NaN/);
  });
});

describe('spike kernels', () => {
  const { inputs, expected, tol } = goldens['telenczuk.kernel'];
  const group = (sign: NeuronGroup['sign']): NeuronGroup => ({
    name: 'cells',
    neurons: Uint32Array.of(0),
    sign,
  });
  // 10 samples a ms, in the middle of whose intervals the golden's times lie.
  const window = { startMs: -0.05, stopMs: 30 };
  const field = (
    sign: NeuronGroup['sign'],
    layer: KernelLayer = 'soma',
    times = [inputs.spike_ms],
    r = inputs.r_mm,
  ) =>
    spikeKernelLfp({
      trains: spikeTrainsFromLists([times]),
      groups: [group(sign)],
      lateralDistances_mm: Float64Array.of(r),
      layer,
      window,
      sampleRateHz: 10_000,
    }).signal.values;

  it.each([
    ['excitatory', expected.exc_uV],
    ['inhibitory', expected.inh_uV],
  ] as const)('of one %s spike agree with tklfp (golden telenczuk.kernel)', (sign, values) => {
    const found = field(sign);
    inputs.t_ms.forEach((time, k) => {
      expect(Math.abs(found[Math.round(10 * time)] / values[k] - 1)).toBeLessThan(tol.rel);
    });
  });

  it('have the amplitudes of the golden in every layer', () => {
    const { e, i } = inputs.amp_uV;
    expect(UNITARY_FIELD.excitatory.amplitude_uV).toEqual({
      deep: e.deep,
      soma: e.soma,
      superficial: e.sup,
      surface: e.surf,
    });
    expect(UNITARY_FIELD.inhibitory.amplitude_uV).toEqual({
      deep: i.deep,
      soma: i.soma,
      superficial: i.sup,
      surface: i.surf,
    });
    const peak = (sign: 'excitatory' | 'inhibitory', layer: KernelLayer) => field(sign, layer, [0], 0)[104];
    expect(peak('excitatory', 'deep')).toBeCloseTo(-0.16, 12);
    expect(peak('inhibitory', 'surface')).toBeCloseTo(0.3, 12);
  });

  it('add up, and reach into the window from before it', () => {
    const both = field('excitatory', 'soma', [2, 5.3]);
    const first = field('excitatory', 'soma', [2]);
    const second = field('excitatory', 'soma', [5.3]);
    both.forEach((value, k) => {
      expect(value).toBeCloseTo(first[k] + second[k], 12);
    });
    const late = spikeKernelLfp({
      trains: spikeTrainsFromLists([[2]]),
      groups: [group('excitatory')],
      lateralDistances_mm: Float64Array.of(inputs.r_mm),
      layer: 'soma',
      window: { startMs: 9.95, stopMs: 30 },
      sampleRateHz: 10_000,
    }).signal.values;
    late.forEach((value, k) => {
      expect(value).toBeCloseTo(first[k + 100], 12);
    });
  });

  it('refuse a group without sign, bad distances and a wrong number of them', () => {
    expect(() => field(null)).toThrow(/no sign/);
    expect(() => field('excitatory', 'soma', [1], -1)).toThrow(/lateralDistances_mm\[0\] is -1/);
    expect(() =>
      spikeKernelLfp({
        trains: spikeTrainsFromLists([[1], [2]]),
        groups: [],
        lateralDistances_mm: Float64Array.of(1),
        layer: 'soma',
        window,
        sampleRateHz: 1000,
      }),
    ).toThrow(/1 distances for 2 neurons/);
  });
});

describe('proxy methods', () => {
  it('all state unit, formula, assumptions and citation', () => {
    for (const method of Object.values(LFP_PROXY_METHODS)) {
      expect(method.assumptions.length).toBeGreaterThan(0);
      expect(method.citation).toMatch(/\d{4}/);
      expect(method.formula).not.toBe('');
    }
  });
});
