/** Spike trains: how they are built, checked, cut to a window and read. */

import { requireCount, requireWindow } from '../checks.js';
import { AnalysisError, type SpikeTrains, type TimeWindow } from '../data.js';

// A train is checked once; estimators that call requireSpikeTrains then pay nothing for trains made here.
const checkedTrains = new WeakSet<SpikeTrains>();

/**
 * Spike trains from (neuron, time) pairs in any order.
 *
 * @param neurons neuron of each spike, 0 .. neuronCount - 1
 * @param timesMs time of each spike in ms, finite, at least 0; same length
 * @param neuronCount number of neurons, silent ones included
 * @throws AnalysisError on unequal lengths, a neuron that is not in the list, a time that is negative or not
 *   finite, or two spikes of one neuron at the same time
 */
export function spikeTrainsFromEvents(
  neurons: ArrayLike<number>,
  timesMs: ArrayLike<number>,
  neuronCount: number,
): SpikeTrains {
  requireCount('neuronCount', neuronCount, 0);
  if (neurons.length !== timesMs.length) {
    throw new AnalysisError(`${neurons.length} neurons but ${timesMs.length} times; each spike needs both`);
  }
  const offsets = new Uint32Array(neuronCount + 1);
  for (let k = 0; k < neurons.length; k++) {
    const neuron = neurons[k];
    if (!(neuron >= 0 && neuron < neuronCount && Number.isInteger(neuron))) {
      throw new AnalysisError(
        `spike ${k} belongs to neuron ${neuron}, which is not in the list of ${neuronCount} neurons`,
      );
    }
    offsets[neuron + 1]++;
  }
  for (let i = 0; i < neuronCount; i++) offsets[i + 1] += offsets[i];

  const next = offsets.slice(0, neuronCount);
  const sorted = new Float64Array(timesMs.length);
  for (let k = 0; k < neurons.length; k++) sorted[next[neurons[k]]++] = timesMs[k];
  for (let i = 0; i < neuronCount; i++) sortIfNeeded(sorted.subarray(offsets[i], offsets[i + 1]));
  return spikeTrains(sorted, offsets);
}

/**
 * Spike trains from one list of times per neuron.
 *
 * @param lists times in ms of each neuron, strictly ascending, at least 0
 * @throws AnalysisError as {@link spikeTrains}
 */
export function spikeTrainsFromLists(lists: readonly ArrayLike<number>[]): SpikeTrains {
  const offsets = new Uint32Array(lists.length + 1);
  for (let i = 0; i < lists.length; i++) offsets[i + 1] = offsets[i] + lists[i].length;
  const timesMs = new Float64Array(offsets[lists.length]);
  for (let i = 0; i < lists.length; i++) timesMs.set(lists[i], offsets[i]);
  return spikeTrains(timesMs, offsets);
}

/**
 * Spike trains over arrays that are compressed by neuron already; the arrays are kept, not copied.
 *
 * @throws AnalysisError on offsets that do not partition `timesMs`, and on times that are negative, not finite,
 *   or not strictly ascending within a neuron
 */
export function spikeTrains(timesMs: Float64Array, offsets: Uint32Array): SpikeTrains {
  const trains = { timesMs, offsets };
  requireSpikeTrains(trains);
  return trains;
}

/** Throws AnalysisError unless `trains` keep what {@link SpikeTrains} promises; a pair of arrays is checked once. */
export function requireSpikeTrains(trains: SpikeTrains): void {
  if (checkedTrains.has(trains)) return;
  const { timesMs, offsets } = trains;
  const count = offsets.length - 1;
  if (count < 0 || offsets[0] !== 0 || offsets[count] !== timesMs.length) {
    throw new AnalysisError(`offsets must run from 0 to the number of spikes, ${timesMs.length}`);
  }
  for (let i = 0; i < count; i++) {
    if (offsets[i + 1] < offsets[i]) throw new AnalysisError(`offsets[${i + 1}] is below offsets[${i}]`);
    let previous = Number.NEGATIVE_INFINITY;
    for (let k = offsets[i]; k < offsets[i + 1]; k++) {
      const time = timesMs[k];
      if (!(time >= 0 && time < Number.POSITIVE_INFINITY)) {
        throw new AnalysisError(`neuron ${i} has a spike at ${time} ms; times must be finite and at least 0`);
      }
      if (!(time > previous)) {
        throw new AnalysisError(
          `neuron ${i} has a spike at ${time} ms after one at ${previous} ms; times must ascend strictly`,
        );
      }
      previous = time;
    }
  }
  checkedTrains.add(trains);
}

export function neuronCount(trains: SpikeTrains): number {
  return trains.offsets.length - 1;
}

/** Spike times in ms of one neuron within the window: a view, not a copy. */
export function spikesOf(trains: SpikeTrains, neuron: number, window: TimeWindow): Float64Array {
  const first = trains.offsets[neuron];
  const end = trains.offsets[neuron + 1];
  return trains.timesMs.subarray(
    lowerBound(trains.timesMs, first, end, window.startMs),
    lowerBound(trains.timesMs, first, end, window.stopMs),
  );
}

/** The trains without the spikes outside the window; times are unchanged. */
export function restrictToWindow(trains: SpikeTrains, window: TimeWindow): SpikeTrains {
  requireSpikeTrains(trains);
  requireWindow(window);
  const count = neuronCount(trains);
  const offsets = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = offsets[i] + spikesOf(trains, i, window).length;
  const timesMs = new Float64Array(offsets[count]);
  for (let i = 0; i < count; i++) timesMs.set(spikesOf(trains, i, window), offsets[i]);
  return spikeTrains(timesMs, offsets);
}

/** Throws AnalysisError unless each of `neurons` is a row of `trains`. */
export function requireNeurons(trains: SpikeTrains, neurons: Uint32Array): void {
  const count = neuronCount(trains);
  for (let k = 0; k < neurons.length; k++) {
    if (neurons[k] >= count) {
      throw new AnalysisError(`neuron ${neurons[k]} is not in the list of ${count} neurons`);
    }
  }
}

/** Every neuron of the trains, ascending. */
export function allNeurons(trains: SpikeTrains): Uint32Array {
  return Uint32Array.from({ length: neuronCount(trains) }, (_, i) => i);
}

/** First index in [first, end) whose value is at least `value`; `end` if there is none. */
export function lowerBound(ascending: Float64Array, first: number, end: number, value: number): number {
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sortIfNeeded(times: Float64Array): void {
  for (let k = 1; k < times.length; k++) {
    if (!(times[k] >= times[k - 1])) {
      times.sort();
      return;
    }
  }
}
