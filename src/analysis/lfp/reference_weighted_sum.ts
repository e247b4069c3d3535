import { constantReason, requireAligned, requireSignal } from '../checks.js';
import type { Estimate, SampledSignal } from '../data.js';
import { mean, standardDeviation } from '../statistics.js';
import { LFP_PROXY_METHODS, type LfpProxy } from './proxies.js';

/** Excitation leads by this much: it travels down the dendrite. */
const EXCITATORY_DELAY_MS = 6;
/** Weight of inhibition against excitation. */
const INHIBITORY_WEIGHT = 1.65;

/**
 * Reference weighted sum of the currents onto pyramidal cells (Mazzoni et al. 2015): I_AMPA(t - 6 ms) - 1.65 I_GABA(t)
 * of signed currents, which is the sum of magnitudes taken here. z-scored (mean 0, sd 1, ddof 0), in a.u.
 *
 * @param excitatory, inhibitory total |I| onto the excitatory cells, any unit; same sample times. A signed current is
 *   taken by its magnitude
 * @returns the signal from 6 ms on: before, the excitation that belongs to it is not known. Null if it is shorter than
 *   that, or constant
 */
export function referenceWeightedSum(
  excitatory: SampledSignal,
  inhibitory: SampledSignal,
): Estimate<LfpProxy> {
  requireSignal('excitatory', excitatory);
  requireSignal('inhibitory', inhibitory);
  requireAligned(excitatory, inhibitory);
  const { sampleRateHz, startMs } = excitatory;
  const delaySamples = (EXCITATORY_DELAY_MS * sampleRateHz) / 1000;
  const first = Math.ceil(delaySamples);
  // Where the delay is no whole number of samples, the excitation between two of them is interpolated.
  const part = first - delaySamples;
  const count = excitatory.values.length - first;
  if (count < 2) {
    return { value: null, reason: `the currents are not longer than the delay of ${EXCITATORY_DELAY_MS} ms` };
  }
  const values = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const earlier = Math.abs(excitatory.values[k]);
    const later = part === 0 ? earlier : Math.abs(excitatory.values[k + 1]);
    const delayed = earlier + part * (later - earlier);
    values[k] = delayed + INHIBITORY_WEIGHT * Math.abs(inhibitory.values[k + first]);
  }
  const reason = constantReason('the weighted sum', values);
  if (reason !== null) return { value: null, reason };
  return {
    value: {
      method: LFP_PROXY_METHODS.referenceWeightedSum,
      signal: { sampleRateHz, startMs: startMs + (first * 1000) / sampleRateHz, values: zScored(values) },
    },
  };
}

function zScored(values: Float64Array): Float64Array {
  const centre = mean(values);
  const sd = standardDeviation(values);
  return values.map((value) => (value - centre) / sd);
}
