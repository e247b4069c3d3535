/** Asynchronous or synchronous, regular or irregular: the label, and the numbers and thresholds behind it. */

import { requirePositive } from '../checks.js';
import type { Estimate, SpikeTrains, TimeWindow } from '../data.js';
import { irregularity, meanOverActive } from './isi.js';
import { type CountSynchrony, countSynchrony } from './synchrony.js';

/** The four states of Brunel 2000 (J. Comput. Neurosci. 8, 183), where they have no sharp borders. */
export type PopulationStateLabel =
  | 'asynchronous irregular'
  | 'asynchronous regular'
  | 'synchronous irregular'
  | 'synchronous regular';

/** Where this engine draws the borders. They are conventions: read the numbers beside the label. */
export interface StateThresholds {
  /** Irregular from this mean CV of the intervals on. */
  readonly irregularCv: number;
  /** Synchronous from this modulation of the population rate on (see CountSynchrony.rateModulation). */
  readonly synchronousModulation: number;
}

/** Half way from a clock (CV 0) to Poisson (1); a population rate that swings by half its mean. */
export const DEFAULT_STATE_THRESHOLDS: StateThresholds = {
  irregularCv: 0.5,
  synchronousModulation: 0.5 / Math.SQRT2,
};

export interface PopulationState {
  readonly label: PopulationStateLabel;
  readonly thresholds: StateThresholds;
  /** Mean over the neurons with at least 10 spikes. */
  readonly cv: number;
  readonly cvNeurons: number;
  readonly synchrony: CountSynchrony;
}

/**
 * State of a group.
 *
 * @param binMs bins of the synchrony: fluctuations slower than this count. 5 ms resolves rhythms up to 100 Hz
 * @returns null if no neuron has 10 spikes, or if synchrony is undefined
 */
export function populationState(
  trains: SpikeTrains,
  neurons: Uint32Array,
  window: TimeWindow,
  binMs = 5,
  thresholds: StateThresholds = DEFAULT_STATE_THRESHOLDS,
): Estimate<PopulationState> {
  requirePositive('irregularCv', thresholds.irregularCv);
  requirePositive('synchronousModulation', thresholds.synchronousModulation);
  const synchrony = countSynchrony(trains, neurons, window, binMs);
  if (synchrony.value === null) return synchrony;
  const { cv: cvs, spikes } = irregularity(trains, window);
  const cv = meanOverActive(cvs, spikes, neurons);
  if (cv.value === null) return cv;

  const timing =
    synchrony.value.rateModulation >= thresholds.synchronousModulation ? 'synchronous' : 'asynchronous';
  const intervals = cv.value.mean >= thresholds.irregularCv ? 'irregular' : 'regular';
  return {
    value: {
      label: `${timing} ${intervals}`,
      thresholds,
      cv: cv.value.mean,
      cvNeurons: cv.value.neurons,
      synchrony: synchrony.value,
    },
  };
}
