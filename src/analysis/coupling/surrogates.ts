/** Spike trains that keep some of a train's structure and lose its timing, and the p-values they give. */

import seedrandom from 'seedrandom';
import { requireAscending, requireCount, requirePositive, requireWindow } from '../checks.js';
import { AnalysisError, type TimeWindow } from '../data.js';

/** Makes a surrogate of a train; successive ones take successive numbers of `random`, uniform in [0, 1). */
export type Surrogate = (timesMs: Float64Array, random: () => number) => Float64Array;

/**
 * Moves every spike by its own uniform amount within +-ditherMs: keeps the rate on slower scales
 * (elephant.spike_train_surrogates.dither_spikes). A spike that would leave the window is reflected at its end, so that
 * the number of spikes stays.
 */
export function ditherSpikes(ditherMs: number, window: TimeWindow): Surrogate {
  const move = ditherWithin(ditherMs, window);
  return (timesMs, random) => timesMs.map((time) => move(time, random())).sort();
}

/** A dithered time from a time and a number in [0, 1). */
export function ditherWithin(
  ditherMs: number,
  window: TimeWindow,
): (timeMs: number, uniform: number) => number {
  requirePositive('ditherMs', ditherMs);
  requireWindow(window);
  const { startMs, stopMs } = window;
  if (ditherMs > stopMs - startMs) {
    throw new AnalysisError(`ditherMs is ${ditherMs}; it must not exceed the window, ${stopMs - startMs} ms`);
  }
  return (timeMs, uniform) => {
    const moved = timeMs + (2 * uniform - 1) * ditherMs;
    if (moved < startMs) return 2 * startMs - moved;
    return moved >= stopMs ? 2 * stopMs - moved : moved;
  };
}

/**
 * Puts the intervals (and the time to the first spike) into random order: keeps their distribution and with it rate and
 * CV, and loses their order and any time-locking (elephant.spike_train_surrogates.shuffle_isis).
 */
export function shuffleIntervals(window: TimeWindow): Surrogate {
  requireWindow(window);
  return (timesMs, random) => {
    const intervals = timesMs.map((time, k) => time - (k === 0 ? window.startMs : timesMs[k - 1]));
    for (let k = intervals.length - 1; k > 0; k--) {
      const other = Math.floor(random() * (k + 1));
      [intervals[k], intervals[other]] = [intervals[other], intervals[k]];
    }
    let time = window.startMs;
    return intervals.map((interval) => {
      time += interval;
      return time;
    });
  };
}

/** A statistic of a train beside the same statistic of its surrogates. */
export interface SurrogateTest {
  readonly observed: number;
  readonly surrogates: Float64Array;
  /** (1 + surrogates at least as large) / (1 + surrogates): never 0 (North et al. 2002). */
  readonly p: number;
}

/**
 * How often chance reaches the observed statistic, larger being more extreme.
 *
 * @param count surrogates; the least p is 1/(count + 1)
 * @param seed the same seed gives the same surrogates
 */
export function surrogateTest(
  timesMs: Float64Array,
  statistic: (timesMs: Float64Array) => number,
  surrogate: Surrogate,
  count: number,
  seed: string,
): SurrogateTest {
  requireCount('count', count, 1);
  requireAscending('timesMs', timesMs);
  const random = seedrandom(seed);
  const observed = statistic(timesMs);
  const surrogates = new Float64Array(count);
  let reached = 0;
  for (let k = 0; k < count; k++) {
    surrogates[k] = statistic(surrogate(timesMs, random));
    if (!(surrogates[k] < observed)) reached++;
  }
  return { observed, surrogates, p: (1 + reached) / (1 + count) };
}

/** `count` spikes drawn without replacement, in order: for comparing trains at equal numbers of spikes. */
export function thinSpikes(timesMs: Float64Array, count: number, seed: string): Float64Array {
  requireCount('count', count, 0);
  if (count > timesMs.length) {
    throw new AnalysisError(`count is ${count}; the train has only ${timesMs.length} spikes`);
  }
  const random = seedrandom(seed);
  let wanted = count;
  return timesMs.filter((_, k) => {
    const take = random() * (timesMs.length - k) < wanted;
    if (take) wanted--;
    return take;
  });
}
