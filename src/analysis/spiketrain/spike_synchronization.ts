/** SPIKE-synchronization (Kreuz et al. 2015): the part of spikes that have a partner in the other train. */

import { requireAscending, requireWindow } from '../checks.js';
import type { SpikeTrains, TimeWindow } from '../data.js';
import type { NeuronPairs } from './pairs.js';
import { requireNeurons, requireSpikeTrains, spikesOf } from './trains.js';

/**
 * Coincident spikes over all spikes of two trains, 0 .. 1; 1 if both are empty. Two spikes coincide if they are
 * closer than half of each of the four intervals around them; at a train's ends the window's length is used for the
 * missing interval. Parity with pyspike.spike_sync.
 *
 * @param a, b spike times in ms, ascending, within the window
 */
export function spikeSynchronization(a: Float64Array, b: Float64Array, window: TimeWindow): number {
  requireWindow(window);
  requireAscending('a', a);
  requireAscending('b', b);
  return ratio(coincidentSpikes(a, b, window), a.length + b.length);
}

/** The same over many pairs: their coincident spikes over their spikes (pyspike.spike_sync_multi). */
export function pooledSpikeSynchronization(
  trains: SpikeTrains,
  pairs: NeuronPairs,
  window: TimeWindow,
): number {
  requireSpikeTrains(trains);
  requireWindow(window);
  requireNeurons(trains, pairs.first);
  requireNeurons(trains, pairs.second);
  let coincident = 0;
  let spikes = 0;
  for (let k = 0; k < pairs.first.length; k++) {
    const a = spikesOf(trains, pairs.first[k], window);
    const b = spikesOf(trains, pairs.second[k], window);
    coincident += coincidentSpikes(a, b, window);
    spikes += a.length + b.length;
  }
  return ratio(coincident, spikes);
}

function coincidentSpikes(a: Float64Array, b: Float64Array, window: TimeWindow): number {
  const longest = window.stopMs - window.startMs;
  let coincident = 0;
  let i = 0;
  let j = 0;
  // Partners are neighbours in the merged trains: anything in between would halve the reach below their distance.
  while (i < a.length && j < b.length) {
    const reach = Math.min(halfIntervalAround(a, i, longest), halfIntervalAround(b, j, longest));
    if (a[i] === b[j] || Math.abs(a[i] - b[j]) < reach) {
      coincident += 2;
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return coincident;
}

/** Half of the shorter of the intervals before and after spike k. */
function halfIntervalAround(times: Float64Array, k: number, longest: number): number {
  const before = k > 0 ? times[k] - times[k - 1] : longest;
  const after = k < times.length - 1 ? times[k + 1] - times[k] : longest;
  return Math.min(before, after) / 2;
}

function ratio(coincident: number, spikes: number): number {
  return spikes === 0 ? 1 : coincident / spikes;
}
