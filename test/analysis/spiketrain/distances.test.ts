import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isiDistance } from '../../../src/analysis/spiketrain/isi_distance.js';
import { samplePairs, summarizePairs } from '../../../src/analysis/spiketrain/pairs.js';
import { spikeDistance } from '../../../src/analysis/spiketrain/spike_distance.js';
import {
  pooledSpikeSynchronization,
  spikeSynchronization,
} from '../../../src/analysis/spiketrain/spike_synchronization.js';
import { spikeTimeTiling } from '../../../src/analysis/spiketrain/sttc.js';
import { allNeurons, spikesOf, spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';
import { vanRossumDistance } from '../../../src/analysis/spiketrain/van_rossum.js';
import { victorPurpuraDistance } from '../../../src/analysis/spiketrain/victor_purpura.js';
import pyspike from '../goldens/pyspike-trains.json' with { type: 'json' };
import goldens from '../goldens/spiketrain.json' with { type: 'json' };
import { gammaTrains, meanAndError } from './processes.js';

const times = (...values: number[]) => Float64Array.from(values);
const every100 = Float64Array.from({ length: 12 }, (_, k) => 100 * (k + 1));
const every110 = Float64Array.from({ length: 11 }, (_, k) => 100 + 110 * k);

describe('parity with PySpike', () => {
  it('on two clocks (golden spike.regression)', () => {
    const { inputs, expected, tol } = goldens['spike.regression'];
    const window = { startMs: inputs.t[0], stopMs: inputs.t[1] };
    expect(every110[10]).toBe(1200);
    expect(Math.abs(isiDistance(every100, every110, window) - expected.isi)).toBeLessThan(tol.abs);
    expect(Math.abs(spikeDistance(every100, every110, window) - expected.spike)).toBeLessThan(tol.abs);
    expect(Math.abs(spikeSynchronization(every100, every110, window) - expected.sync)).toBeLessThan(tol.abs);
  });

  it('on 40 trains, against SPIKY (golden spike.multi)', () => {
    const { inputs, expected, tol } = goldens['spike.multi'];
    const window = { startMs: inputs.t[0], stopMs: inputs.t[1] };
    const trains = spikeTrainsFromLists(pyspike.trains_ms);
    expect(trains.timesMs).toHaveLength(634);
    const pairs = samplePairs(allNeurons(trains), 1000, '');
    const mean = (distance: typeof isiDistance) =>
      summarizePairs(trains, pairs, window, (a, b) => ({ value: distance(a, b, window) })).value!.mean;
    expect(Math.abs(mean(isiDistance) - expected.isi)).toBeLessThan(tol.abs);
    expect(Math.abs(mean(spikeDistance) - expected.spike)).toBeLessThan(tol.abs);
    expect(Math.abs(pooledSpikeSynchronization(trains, pairs, window) - expected.sync)).toBeLessThan(tol.abs);
  });

  it('on empty trains and trains of one spike (PySpike test/test_empty.py)', () => {
    const unit = { startMs: 0, stopMs: 1 };
    expect(isiDistance(times(), times(), unit)).toBe(0);
    expect(isiDistance(times(), times(0.4), unit)).toBeCloseTo(0.6 * 0.4 + 0.4 * 0.6, 15);
    expect(isiDistance(times(0.6), times(0.4), unit)).toBeCloseTo((0.2 / 0.6) * 0.8, 15);
    expect(spikeDistance(times(), times(), unit)).toBe(0);
    expect(spikeSynchronization(times(), times(), unit)).toBe(1);
    expect(spikeSynchronization(times(), times(0.4), unit)).toBe(0);
  });

  it('in SPIKE-synchronization of 3 and 1 spikes (PySpike test_spike_sync)', () => {
    for (const spike of [2.1, 3.1, 1.1, 0.9]) {
      expect(spikeSynchronization(times(1, 2, 3), times(spike), { startMs: 0, stopMs: 4 })).toBe(0.5);
    }
  });
});

describe('ISI and SPIKE distance and SPIKE-synchronization', () => {
  const window = { startMs: 0, stopMs: 100 };
  const train = fc
    .uniqueArray(fc.integer({ min: 0, max: 100 }), { maxLength: 20 })
    .map((spikes) => Float64Array.from(spikes).sort());

  it('are symmetric, within 0 .. 1, and 0 (1) for a train with itself', () => {
    fc.assert(
      fc.property(train, train, (a, b) => {
        for (const measure of [isiDistance, spikeDistance, spikeSynchronization]) {
          const value = measure(a, b, window);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
          expect(measure(b, a, window)).toBeCloseTo(value, 12);
        }
        expect(isiDistance(a, a, window)).toBe(0);
        expect(spikeDistance(a, a, window)).toBe(0);
        expect(spikeSynchronization(a, a, window)).toBe(1);
      }),
    );
  });

  it('SPIKE distance is the mean of its profile', () => {
    // Integrated on a fine grid straight from Kreuz et al. 2013, for trains that fill the window.
    const a = [0, 12, 30, 47, 80, 100];
    const b = [0, 20, 33, 60, 71, 100];
    const gap = (time: number, others: number[]) =>
      Math.min(...others.map((other) => Math.abs(time - other)));
    const side = (own: number[], other: number[], t: number) => {
      const k = own.findIndex((time) => time > t);
      const length = own[k] - own[k - 1];
      const s = (gap(own[k - 1], other) * (own[k] - t) + gap(own[k], other) * (t - own[k - 1])) / length;
      return { length, s };
    };
    let sum = 0;
    const steps = 100_000;
    for (let k = 0; k < steps; k++) {
      const t = ((k + 0.5) * 100) / steps;
      const x = side(a, b, t);
      const y = side(b, a, t);
      sum += (x.s * y.length + y.s * x.length) / 2 / ((x.length + y.length) / 2) ** 2;
    }
    expect(spikeDistance(times(...a), times(...b), window)).toBeCloseTo(sum / steps, 8);
  });

  it('refuse times that do not ascend or lie outside the window', () => {
    expect(() => isiDistance(times(2, 1), times(), window)).toThrow(/ascending/);
    expect(() => spikeDistance(times(1, 101), times(), window)).toThrow(/outside the window/);
    expect(() => spikeSynchronization(times(Number.NaN), times(), window)).toThrow(/NaN/);
  });
});

describe('independent Poisson trains', () => {
  const window = { startMs: 0, stopMs: 20_000 };
  const trains = gammaTrains('distances', 200, 30, 20_000);
  // Pairs without a common neuron are independent of each other.
  const values = (measure: typeof isiDistance) =>
    Array.from({ length: 100 }, (_, k) =>
      measure(spikesOf(trains, 2 * k, window), spikesOf(trains, 2 * k + 1, window), window),
    );

  it('have an ISI distance of 1/2', () => {
    // Intervals met at a random time are gamma-2, so that x/(x + y) is Beta(2, 2) and E |x - y|/max(x, y) = 1/2.
    const { mean, error } = meanAndError(values(isiDistance));
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(3 * error);
  });

  it('have a SPIKE-synchronization of 1/4', () => {
    // A partner at d needs four intervals longer than 2 d: twice the integral of exp(-8 d) over d > 0.
    const { mean, error } = meanAndError(values(spikeSynchronization));
    expect(Math.abs(mean - 1 / 4)).toBeLessThan(3 * error);
  });

  it('have a tiling coefficient of 0', () => {
    const { mean, error } = meanAndError(values((a, b) => spikeTimeTiling(a, b, window).value!));
    expect(Math.abs(mean)).toBeLessThan(3 * error);
  });
});

describe('Victor-Purpura distance', () => {
  it('agrees with Elephant (golden vp)', () => {
    const { inputs, expected, tol } = goldens.vp;
    inputs.cases.forEach(([a, b, cost], k) => {
      const found = victorPurpuraDistance(
        times(...(a as number[])),
        times(...(b as number[])),
        cost as number,
      );
      expect(Math.abs(found - expected.d[k])).toBeLessThan(tol.abs);
    });
    expect(inputs.cases).toHaveLength(7);
  });

  it('refuses a negative cost and disorder', () => {
    expect(() => victorPurpuraDistance(times(1), times(2), -1)).toThrow(/costPerMs/);
    expect(() => victorPurpuraDistance(times(1, 1), times(2), 1)).toThrow(/ascending/);
  });
});

describe('van Rossum distance', () => {
  it('has the limits sqrt(n + m) and |n - m|, and is 1 for one spike more', () => {
    const a = times(10, 20, 30, 41);
    const b = times(15, 25);
    expect(vanRossumDistance(a, b, 1e-3)).toBeCloseTo(Math.sqrt(6), 12);
    expect(vanRossumDistance(a, b, 1e9)).toBeCloseTo(2, 6);
    expect(vanRossumDistance(a, times(10, 20, 30), 1)).toBeCloseTo(1, 12);
    expect(vanRossumDistance(a, a, 7)).toBe(0);
  });

  it('is the L2 distance of the filtered trains', () => {
    const tau = 8;
    const a = [10, 20, 23];
    const b = [12, 23, 40];
    const filtered = (spikes: number[], t: number) =>
      spikes.reduce((sum, spike) => sum + (t >= spike ? Math.exp((spike - t) / tau) : 0), 0);
    let sum = 0;
    const step = 1e-3;
    for (let t = step / 2; t < 300; t += step) sum += (filtered(a, t) - filtered(b, t)) ** 2 * step;
    // The integral of one kernel squared is tau/2.
    expect(vanRossumDistance(times(...a), times(...b), tau)).toBeCloseTo(Math.sqrt(sum / (tau / 2)), 3);
  });

  it('refuses tau 0', () => {
    expect(() => vanRossumDistance(times(1), times(2), 0)).toThrow(/tauMs/);
  });
});
