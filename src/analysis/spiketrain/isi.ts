/** Inter-spike intervals and how irregular they are. */

import { requireAscending, requireCount, requireNonNegative, requireWindow } from '../checks.js';
import { AnalysisError, type Estimate, type SpikeTrains, type TimeWindow } from '../data.js';
import { neuronCount, requireNeurons, requireSpikeTrains, spikesOf } from './trains.js';

/**
 * Irregularity of each neuron (each array has length N). NaN where a neuron has fewer than 2 intervals: the only
 * undefined case.
 */
export interface Irregularity {
  /** Spikes in the window. */
  readonly spikes: Uint32Array;
  /** Coefficient of variation of the intervals: sd (ddof 0) / mean. 1 for Poisson, 0 for a clock. */
  readonly cv: Float64Array;
  /** Mean of 2 |I' - I| / (I' + I) over successive intervals (Holt et al. 1996). 1 for Poisson, 0 .. 2. */
  readonly cv2: Float64Array;
  /** Mean of 3 ((I' - I) / (I' + I))^2 (Shinomoto et al. 2003). 1 for Poisson, 0 .. 3. */
  readonly lv: Float64Array;
  /** LV corrected for a refractory period R: mean of 3 (1 - 4 I I'/(I + I')^2)(1 + 4 R/(I + I')) (Shinomoto et al. 2009). */
  readonly lvr: Float64Array;
}

/** Mean of a per-neuron statistic, and over how many neurons it was taken. */
export interface NeuronMean {
  readonly mean: number;
  readonly neurons: number;
}

/**
 * CV, CV2, LV and LvR of each neuron (elephant.statistics cv, cv2, lv, lvr).
 *
 * @param refractoryMs R of LvR in ms; 5 is Elephant's and the paper's
 */
export function irregularity(trains: SpikeTrains, window: TimeWindow, refractoryMs = 5): Irregularity {
  requireSpikeTrains(trains);
  requireWindow(window);
  requireNonNegative('refractoryMs', refractoryMs);
  const count = neuronCount(trains);
  const spikes = new Uint32Array(count);
  const cv = new Float64Array(count).fill(Number.NaN);
  const cv2 = new Float64Array(count).fill(Number.NaN);
  const lv = new Float64Array(count).fill(Number.NaN);
  const lvr = new Float64Array(count).fill(Number.NaN);
  for (let i = 0; i < count; i++) {
    const times = spikesOf(trains, i, window);
    spikes[i] = times.length;
    const intervals = times.length - 1;
    if (intervals < 2) continue;

    const mean = (times[intervals] - times[0]) / intervals;
    let squares = 0;
    let cv2Sum = 0;
    let lvSum = 0;
    let lvrSum = 0;
    let previous = 0;
    for (let k = 0; k < intervals; k++) {
      const interval = times[k + 1] - times[k];
      squares += (interval - mean) ** 2;
      if (k > 0) {
        const both = interval + previous;
        const contrast = (interval - previous) / both;
        cv2Sum += Math.abs(contrast);
        lvSum += contrast * contrast;
        // (1 - 4 I I'/(I + I')^2) is contrast^2.
        lvrSum += contrast * contrast * (1 + (4 * refractoryMs) / both);
      }
      previous = interval;
    }
    cv[i] = Math.sqrt(squares / intervals) / mean;
    cv2[i] = (2 * cv2Sum) / (intervals - 1);
    lv[i] = (3 * lvSum) / (intervals - 1);
    lvr[i] = (3 * lvrSum) / (intervals - 1);
  }
  return { spikes, cv, cv2, lv, lvr };
}

/**
 * Mean of a per-neuron statistic over the neurons of a group that fired at least `minSpikes` times.
 *
 * @param perNeuron one value per neuron of the trains; NaN (undefined) never enters the mean
 * @param spikes spikes of each neuron in the same window
 */
export function meanOverActive(
  perNeuron: Float64Array,
  spikes: Uint32Array,
  neurons: Uint32Array,
  minSpikes = 10,
): Estimate<NeuronMean> {
  requireCount('minSpikes', minSpikes, 0);
  let sum = 0;
  let count = 0;
  for (const neuron of neurons) {
    if (neuron >= perNeuron.length) {
      throw new AnalysisError(`neuron ${neuron} is not in the list of ${perNeuron.length} neurons`);
    }
    if (spikes[neuron] >= minSpikes && !Number.isNaN(perNeuron[neuron])) {
      sum += perNeuron[neuron];
      count++;
    }
  }
  if (count === 0) {
    return { value: null, reason: `no neuron with at least ${minSpikes} spikes has a defined value` };
  }
  return { value: { mean: sum / count, neurons: count } };
}

/** Intervals of a group per bin, and those that fall outside the edges. */
export interface IntervalHistogram {
  /** Length bins + 1, in ms; bin k is [edgesMs[k], edgesMs[k + 1]). */
  readonly edgesMs: Float64Array;
  readonly counts: Float64Array;
  readonly below: number;
  readonly above: number;
}

/**
 * Histogram of the group's inter-spike intervals.
 *
 * @param edgesMs strictly ascending, at least 2; equal steps for a linear axis, equal ratios for a logarithmic one
 */
export function intervalHistogram(
  trains: SpikeTrains,
  neurons: Uint32Array,
  window: TimeWindow,
  edgesMs: Float64Array,
): IntervalHistogram {
  requireSpikeTrains(trains);
  requireNeurons(trains, neurons);
  requireWindow(window);
  requireAscending('edgesMs', edgesMs);
  if (edgesMs.length < 2) throw new AnalysisError(`edgesMs has ${edgesMs.length} edges; it needs at least 2`);
  const bins = edgesMs.length - 1;
  const counts = new Float64Array(bins);
  let below = 0;
  let above = 0;
  for (const neuron of neurons) {
    const times = spikesOf(trains, neuron, window);
    for (let k = 1; k < times.length; k++) {
      const interval = times[k] - times[k - 1];
      if (interval < edgesMs[0]) below++;
      else if (interval >= edgesMs[bins]) above++;
      else counts[binAmong(edgesMs, interval)]++;
    }
  }
  return { edgesMs, counts, below, above };
}

/** Index k with edges[k] <= value < edges[k + 1]; the value lies within the edges. */
function binAmong(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (edges[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}
