import { describe, expect, it } from 'vitest';
import {
  coherenceLevel,
  spikeFieldCoherence,
  spikesLike,
} from '../../../src/analysis/coupling/spike_field_coherence.js';
import { spikeTriggeredLfp } from '../../../src/analysis/coupling/spike_triggered_lfp.js';
import {
  ditherSpikes,
  shuffleIntervals,
  surrogateTest,
  thinSpikes,
} from '../../../src/analysis/coupling/surrogates.js';
import { allNeurons, spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';
import goldens from '../goldens/coupling.json' with { type: 'json' };
import { gammaTrains } from '../spiketrain/processes.js';

const sine20 = {
  sampleRateHz: 1000,
  startMs: 0,
  values: Float64Array.from({ length: 100_000 }, (_, k) => Math.sin((2 * Math.PI * 20 * k) / 1000)),
};
const clock = spikeTrainsFromLists([Array.from({ length: 2000 }, (_, k) => 50 * k)]);

describe('spike-field coherence', () => {
  it('of locked spikes agrees with scipy and Elephant (golden sfc.locked)', () => {
    const { inputs, expected, tol } = goldens['sfc.locked'];
    for (const window of ['boxcar', 'hann'] as const) {
      const options = { segmentSamples: inputs.nperseg, overlapSamples: inputs.noverlap, window };
      const { coherence, spikes } = spikeFieldCoherence(sine20, clock, allNeurons(clock), options).value!;
      const bin = coherence.frequenciesHz.findIndex((hz) => hz >= 19);
      expect(coherence.frequenciesHz[bin]).toBeCloseTo(expected[window].f, 10);
      expect(Math.abs(coherence.msc[bin] - expected[window].c)).toBeLessThan(tol.tight_abs);
      expect(spikes).toBe(2000);
    }
  });

  it('of Poisson spikes exceeds its level in one bin of twenty', () => {
    const trains = gammaTrains('sfc', 1, 40, 100_000);
    const noise = { ...sine20, values: new Float64Array(100_000) };
    const other = gammaTrains('sfc lfp', 1, 500, 100_000);
    noise.values.set(spikesLike(noise, other, allNeurons(other)).values);
    const { coherence, level } = spikeFieldCoherence(noise, trains, allNeurons(trains), {
      segmentSamples: 500,
    }).value!;
    const inner = coherence.msc.subarray(2, -2);
    const above = inner.filter((msc) => msc > level.msc).length / inner.length;
    // Neighbouring bins of a Hann window share information: about half of the 247 are independent.
    expect(Math.abs(above - 0.05)).toBeLessThan(3 * Math.sqrt((0.05 * 0.95) / (inner.length / 2)));
    const mean = inner.reduce((sum, msc) => sum + msc, 0) / inner.length;
    // An MSC of L independent estimates has mean and sd 1/L.
    const bias = 1 / coherence.effectiveAverages;
    expect(Math.abs(mean - bias)).toBeLessThan((3 * bias) / Math.sqrt(inner.length / 2));
  });

  it('is undefined without spikes or variation', () => {
    const silent = spikeTrainsFromLists([[]]);
    expect(spikeFieldCoherence(sine20, silent, allNeurons(silent)).value).toBeNull();
    const flat = { ...sine20, values: new Float64Array(100_000) };
    expect(spikeFieldCoherence(flat, clock, allNeurons(clock)).value).toBeNull();
    expect(() => spikesLike({ ...sine20, sampleRateHz: 0 }, clock, allNeurons(clock))).toThrow(
      /sampleRateHz/,
    );
  });
});

describe('coherence level', () => {
  it.each([
    'chronux.confC.K5_tr1_p0.05_nsNone',
    'chronux.confC.K5_tr1_p0.05_ns20',
    'chronux.confC.K5_tr10_p0.05_nsNone',
    'chronux.confC.K7_tr1_p0.01_nsNone',
  ] as const)('agrees with Chronux (golden %s)', (id) => {
    const { inputs, expected, tol } = goldens[id];
    const level = coherenceLevel(inputs.K * inputs.trials, inputs.p, inputs.nspikes);
    expect(level.degreesOfFreedom).toBe(expected.dof);
    expect(Math.abs(level.cohMag - expected.confC)).toBeLessThan(tol.abs);
    expect(level.msc).toBeCloseTo(level.cohMag ** 2, 12);
  });

  it('is 1 where one estimate proves nothing, and refuses p outside 0 .. 1', () => {
    expect(coherenceLevel(1, 0.05, null).msc).toBe(1);
    expect(coherenceLevel(10, 0.05, 1).msc).toBe(1);
    expect(() => coherenceLevel(5, 0, null)).toThrow(/p is 0/);
    expect(() => coherenceLevel(0, 0.05, null)).toThrow(/estimates/);
  });
});

describe('spike-triggered LFP', () => {
  it('is the wave around the spikes, without those at the edges', () => {
    const found = spikeTriggeredLfp(sine20, clock, allNeurons(clock), 20).value!;
    expect(found.lagsMs[0]).toBe(-20);
    expect(found.lagsMs[40]).toBe(20);
    expect([found.spikes, found.leftOut]).toEqual([1999, 1]);
    found.mean.forEach((value, k) => {
      expect(value).toBeCloseTo(Math.sin((2 * Math.PI * 20 * found.lagsMs[k]) / 1000), 9);
    });
    // sd from squares of values near 1 is exact to sqrt(1e-16).
    for (const sd of found.sd) expect(sd).toBeLessThan(1e-6);
  });

  it('of Poisson spikes is 0 within its standard error', () => {
    const trains = gammaTrains('sta', 1, 40, 100_000);
    const { mean, sd, spikes } = spikeTriggeredLfp(sine20, trains, allNeurons(trains), 50).value!;
    // The sine is one number at all lags, so that its lags are tested together.
    expect(Math.abs(mean[50])).toBeLessThan((3 * sd[50]) / Math.sqrt(spikes));
    expect(sd[50]).toBeCloseTo(Math.SQRT1_2, 1);
  });

  it('is undefined where no spike has LFP on both sides', () => {
    expect(spikeTriggeredLfp(sine20, clock, allNeurons(clock), 60_000).value).toBeNull();
    expect(() => spikeTriggeredLfp(sine20, clock, allNeurons(clock), -1)).toThrow(/reachMs/);
  });
});

describe('surrogates', () => {
  const window = { startMs: 0, stopMs: 10_000 };
  const times = gammaTrains('surrogate', 1, 30, 10_000, 3).timesMs;
  const sorted = (values: Float64Array) => values.every((value, k) => k === 0 || value > values[k - 1]);
  let state = 1;
  const random = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };

  it('dither moves spikes by at most the reach and keeps their number and the window', () => {
    const moved = ditherSpikes(15, window)(times, random);
    expect(moved).toHaveLength(times.length);
    expect(sorted(moved)).toBe(true);
    // Order statistics move no further than the spikes themselves.
    moved.forEach((time, k) => {
      expect(Math.abs(time - times[k])).toBeLessThanOrEqual(15);
    });
    const edge = ditherSpikes(5, window)(Float64Array.of(0, 9999.9), () => 0.01);
    expect(edge[0]).toBeCloseTo(4.9, 10);
  });

  it('interval shuffling keeps the intervals and loses their order', () => {
    const shuffled = shuffleIntervals(window)(times, random);
    const intervals = (values: Float64Array) =>
      Array.from(values, (t, k) => t - (k === 0 ? 0 : values[k - 1]));
    const before = intervals(times).sort((a, b) => a - b);
    const after = intervals(shuffled).sort((a, b) => a - b);
    after.forEach((interval, k) => {
      expect(interval).toBeCloseTo(before[k], 8);
    });
    expect(shuffled[times.length - 1]).toBeCloseTo(times[times.length - 1], 8);
    expect([...shuffled]).not.toEqual([...times]);
  });

  it('give a small p to locked spikes, a uniform one to others, and the same for the same seed', () => {
    const locking = (spikes: Float64Array) => {
      let cos = 0;
      let sin = 0;
      for (const t of spikes) {
        cos += Math.cos((2 * Math.PI * t) / 25);
        sin += Math.sin((2 * Math.PI * t) / 25);
      }
      return Math.hypot(cos, sin) / spikes.length;
    };
    const locked = Float64Array.from({ length: 300 }, (_, k) => 25 * k + 3);
    const test = surrogateTest(locked, locking, ditherSpikes(12.5, window), 199, 'seed');
    expect(test.p).toBe(1 / 200);
    expect(surrogateTest(locked, locking, ditherSpikes(12.5, window), 199, 'seed')).toEqual(test);
    let small = 0;
    for (let k = 0; k < 200; k++) {
      const [poisson] = [gammaTrains(`p ${k}`, 1, 10, 10_000).timesMs];
      if (surrogateTest(poisson, locking, shuffleIntervals(window), 19, `p ${k}`).p <= 0.1) small++;
    }
    expect(Math.abs(small / 200 - 0.1)).toBeLessThan(3 * Math.sqrt((0.1 * 0.9) / 200));
  });

  it('thinning keeps the asked number of spikes, in order', () => {
    const thin = thinSpikes(times, 50, 'thin');
    expect(thin).toHaveLength(50);
    expect(sorted(thin)).toBe(true);
    expect(thin.every((time) => times.includes(time))).toBe(true);
    expect(() => thinSpikes(times, times.length + 1, '')).toThrow(/only/);
  });

  it('refuse bad reach, counts and disorder', () => {
    expect(() => ditherSpikes(0, window)).toThrow(/ditherMs/);
    expect(() => ditherSpikes(10_001, window)).toThrow(/must not exceed the window/);
    const none = shuffleIntervals(window);
    expect(() => surrogateTest(times, () => 0, none, 0, '')).toThrow(/count/);
    expect(() => surrogateTest(Float64Array.of(2, 1), () => 0, none, 5, '')).toThrow(/ascending/);
  });
});
