/** Point processes with known statistics, from a fixed seed. */

import seedrandom from 'seedrandom';
import type { SpikeTrains } from '../../../src/analysis/data.js';
import { spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';

/** `trains` independent renewal trains whose intervals are gamma distributed with whole shape (1 is Poisson). */
export function gammaTrains(
  seed: string,
  trains: number,
  rateHz: number,
  durationMs: number,
  shape = 1,
): SpikeTrains {
  const random = seedrandom(seed);
  return spikeTrainsFromLists(
    Array.from({ length: trains }, () => gammaTimes(random, rateHz, durationMs, shape)),
  );
}

function gammaTimes(random: () => number, rateHz: number, durationMs: number, shape: number): number[] {
  const meanStageMs = 1000 / rateHz / shape;
  const times: number[] = [];
  // The first second is thrown away, so that the train is in equilibrium at 0.
  let time = -1000;
  for (;;) {
    for (let stage = 0; stage < shape; stage++) time -= meanStageMs * Math.log(1 - random());
    if (time >= durationMs) return times;
    if (time >= 0) times.push(time);
  }
}

/** Mean and standard error of the mean of the values that are not NaN. */
export function meanAndError(values: ArrayLike<number>): { mean: number; error: number } {
  const defined = Array.from(values).filter((value) => !Number.isNaN(value));
  const mean = defined.reduce((sum, value) => sum + value, 0) / defined.length;
  const variance = defined.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (defined.length - 1);
  return { mean, error: Math.sqrt(variance / defined.length) };
}
