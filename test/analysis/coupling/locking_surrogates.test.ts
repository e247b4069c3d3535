import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { lockingSurrogates } from '../../../src/analysis/coupling/locking_surrogates.js';
import { AnalysisError } from '../../../src/analysis/data.js';
import { spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';

const RATE_HZ = 1000;
const HZ = 40;
const window = { startMs: 0, stopMs: 4000 };
const cycle = (ms: number) => (2 * Math.PI * HZ * ms) / 1000;
const times = Float64Array.from({ length: 4000 }, (_, k) => k + 0.5);
const phase = {
  sampleRateHz: RATE_HZ,
  startMs: 0,
  real: times.map((t) => Math.cos(cycle(t))),
  imag: times.map((t) => Math.sin(cycle(t))),
};
const OPTIONS = { ditherMs: 25, surrogates: 199, maxSpikes: 10_000, seed: 'test' };

/** 30 Hz over the window, thinned to 1 + depth cos(phase). */
function train(seed: string, depth: number): number[] {
  const random = seedrandom.alea(seed);
  const found: number[] = [];
  for (let t = 0; ; ) {
    t -= Math.log(1 - random()) / (0.03 * (1 + depth));
    if (t >= window.stopMs) return found;
    if (random() * (1 + depth) < 1 + depth * Math.cos(cycle(t))) found.push(t);
  }
}

describe('dithered surrogates of phase locking', () => {
  it('has the least p that the surrogates allow for spikes that follow the phase', () => {
    const trains = spikeTrainsFromLists([train('a', 0.8), train('b', 0.8)]);
    const found = lockingSurrogates(trains, Uint32Array.of(0, 1), phase, window, OPTIONS);
    expect(found.value).toMatchObject({
      p: 1 / 200,
      surrogates: 199,
      neurons: 2,
      spikes: trains.timesMs.length,
    });
  });

  it('has p below 0.2 in a fifth of the trains that do not', () => {
    const trains = spikeTrainsFromLists(Array.from({ length: 200 }, (_, k) => train(`free ${k}`, 0)));
    let below = 0;
    for (let k = 0; k < 200; k++) {
      const found = lockingSurrogates(trains, Uint32Array.of(k), phase, window, {
        ...OPTIONS,
        surrogates: 49,
        seed: `${k}`,
      });
      if ((found.value?.p ?? 1) <= 0.2) below++;
    }
    // Binomial with p 0.2: within three standard deviations.
    expect(Math.abs(below - 40)).toBeLessThan(3 * Math.sqrt(200 * 0.2 * 0.8));
  });

  it('tests evenly spaced neurons where there are more spikes than wanted', () => {
    const trains = spikeTrainsFromLists(Array.from({ length: 12 }, (_, k) => train(`many ${k}`, 0.5)));
    const neurons = Uint32Array.from({ length: 12 }, (_, k) => k);
    const found = lockingSurrogates(trains, neurons, phase, window, { ...OPTIONS, maxSpikes: 500 });
    expect(found.value?.neurons).toBeLessThan(12);
    expect(found.value?.spikes).toBeLessThan(800);
  });

  it('is undefined below 2 spikes, and refuses a dither longer than the window', () => {
    const single = spikeTrainsFromLists([[5]]);
    expect(lockingSurrogates(single, Uint32Array.of(0), phase, window, OPTIONS)).toMatchObject({
      value: null,
      reason: expect.stringMatching(/at least 2/),
    });
    const pair = spikeTrainsFromLists([[5, 9]]);
    expect(() =>
      lockingSurrogates(pair, Uint32Array.of(0), phase, window, { ...OPTIONS, ditherMs: 5000 }),
    ).toThrow(AnalysisError);
  });
});
