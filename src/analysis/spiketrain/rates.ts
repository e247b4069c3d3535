/** Firing rates: mean per neuron, and histograms over time. */

import { requireWindow } from '../checks.js';
import type { Estimate, SampledSignal, SpikeTrains, TimeWindow } from '../data.js';
import { addCounts, addOccupied, type Bins, binsOf } from './binning.js';
import { neuronCount, requireNeurons, requireSpikeTrains, spikesOf } from './trains.js';

/** Number of spikes of each neuron in the window (length N). */
export function spikeCounts(trains: SpikeTrains, window: TimeWindow): Uint32Array {
  requireSpikeTrains(trains);
  requireWindow(window);
  const counts = new Uint32Array(neuronCount(trains));
  for (let i = 0; i < counts.length; i++) counts[i] = spikesOf(trains, i, window).length;
  return counts;
}

/** Mean rate of each neuron in Hz (length N): spikes over the window's length (elephant.statistics.mean_firing_rate). */
export function meanRatesHz(trains: SpikeTrains, window: TimeWindow): Float64Array {
  const seconds = (window.stopMs - window.startMs) / 1000;
  return Float64Array.from(spikeCounts(trains, window), (count) => count / seconds);
}

/** Mean over the group of the neurons' mean rates, in Hz; null for an empty group. */
export function groupRateHz(trains: SpikeTrains, neurons: Uint32Array, window: TimeWindow): Estimate<number> {
  requireSpikeTrains(trains);
  requireNeurons(trains, neurons);
  requireWindow(window);
  if (neurons.length === 0) return { value: null, reason: 'the group has no neurons' };
  let spikes = 0;
  for (const neuron of neurons) spikes += spikesOf(trains, neuron, window).length;
  return { value: spikes / neurons.length / ((window.stopMs - window.startMs) / 1000) };
}

/**
 * Spikes of the group per bin (length `bins.count`; elephant.statistics.time_histogram, output 'counts').
 *
 * @param counting 'spikes' counts every spike, 'neurons' each neuron at most once a bin (Elephant's `binary`)
 */
export function spikeHistogram(
  trains: SpikeTrains,
  neurons: Uint32Array,
  bins: Bins,
  counting: 'spikes' | 'neurons' = 'spikes',
): Float64Array {
  requireSpikeTrains(trains);
  requireNeurons(trains, neurons);
  // One bin more at each side: which bin a spike near the window's ends belongs to is for the binning to say.
  const window = {
    startMs: bins.startMs - bins.binMs,
    stopMs: bins.startMs + (bins.count + 1) * bins.binMs,
  };
  const counts = new Float64Array(bins.count);
  const add = counting === 'spikes' ? addCounts : addOccupied;
  for (const neuron of neurons) add(counts, spikesOf(trains, neuron, window), bins);
  return counts;
}

/**
 * Rate of the group over time in Hz per neuron, in bins of `binMs`: sample k is the mean over
 * [start + k binMs, start + (k + 1) binMs).
 *
 * @returns null for an empty group
 * @throws AnalysisError if a bin is longer than the window
 */
export function populationRate(
  trains: SpikeTrains,
  neurons: Uint32Array,
  window: TimeWindow,
  binMs: number,
): Estimate<SampledSignal> {
  const bins = binsOf(window, binMs);
  const counts = spikeHistogram(trains, neurons, bins);
  if (neurons.length === 0) return { value: null, reason: 'the group has no neurons' };
  const hzPerSpike = 1000 / (binMs * neurons.length);
  for (let k = 0; k < counts.length; k++) counts[k] *= hzPerSpike;
  return { value: { sampleRateHz: 1000 / binMs, startMs: window.startMs, values: counts } };
}
