/**
 * Excitation against inhibition: ratios and indices of currents or conductances. All inputs are magnitudes (|I_E| and
 * |I_I| in nA, g_E and g_I in nS), so at least 0; their signs are opposite by definition.
 */

import { requireAligned, requireSignal } from '../checks.js';
import { AnalysisError, type Estimate, type SampledSignal } from '../data.js';
import { binIndex, binsOf } from '../spiketrain/binning.js';

/** Sum of the one over the sum of the other: over time, over neurons or both; null without inhibition. */
export function totalRatio(excitatory: Float64Array, inhibitory: Float64Array): Estimate<number> {
  requireMagnitudes(excitatory, inhibitory);
  const inhibition = total(inhibitory);
  if (inhibition === 0) return { value: null, reason: 'there is no inhibition' };
  return { value: total(excitatory) / inhibition };
}

/** Ratio of each neuron's means (length N); NaN where a neuron gets no inhibition: the only undefined case. */
export function ratiosByNeuron(excitatory: Float64Array, inhibitory: Float64Array): Float64Array {
  requireMagnitudes(excitatory, inhibitory);
  return excitatory.map((value, i) => (inhibitory[i] === 0 ? Number.NaN : value / inhibitory[i]));
}

/**
 * Ratio over time: of the sums in bins of `binMs`, so that instants with little input weigh little. NaN in bins
 * without inhibition.
 *
 * @param binMs at least one sample, at most the signal; a sample counts where its middle lies, and a rest that
 *   fills no bin is left out
 */
export function ratioOverTime(
  excitatory: SampledSignal,
  inhibitory: SampledSignal,
  binMs: number,
): SampledSignal {
  requireSignal('excitatory', excitatory);
  requireSignal('inhibitory', inhibitory);
  requireAligned(excitatory, inhibitory);
  requireMagnitudes(excitatory.values, inhibitory.values);
  const sampleMs = 1000 / excitatory.sampleRateHz;
  if (!(binMs >= sampleMs))
    throw new AnalysisError(`binMs is ${binMs}; it must be at least a sample, ${sampleMs}`);
  const { startMs, values } = excitatory;
  const bins = binsOf({ startMs, stopMs: startMs + values.length * sampleMs }, binMs);
  const excitation = new Float64Array(bins.count);
  const inhibition = new Float64Array(bins.count);
  for (let k = 0; k < values.length; k++) {
    const bin = binIndex(startMs + (k + 0.5) * sampleMs, bins);
    if (bin >= bins.count) break;
    excitation[bin] += values[k];
    inhibition[bin] += inhibitory.values[k];
  }
  return { sampleRateHz: 1000 / binMs, startMs, values: ratiosByNeuron(excitation, inhibition) };
}

/**
 * |E + I| / (|E| + |I|) of signed inputs of opposite sign, element by element: 0 where they cancel, 1 where one of them
 * is alone. NaN where there is neither.
 */
export function imbalanceIndices(excitatory: Float64Array, inhibitory: Float64Array): Float64Array {
  requireMagnitudes(excitatory, inhibitory);
  return excitatory.map((value, i) => Math.abs(value - inhibitory[i]) / (value + inhibitory[i]));
}

/** Mean of {@link imbalanceIndices} over the elements that have input; null if none has. */
export function meanImbalance(excitatory: Float64Array, inhibitory: Float64Array): Estimate<number> {
  let sum = 0;
  let count = 0;
  for (const index of imbalanceIndices(excitatory, inhibitory)) {
    if (Number.isNaN(index)) continue;
    sum += index;
    count++;
  }
  return count === 0
    ? { value: null, reason: 'there is neither excitation nor inhibition' }
    : { value: sum / count };
}

function total(values: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum;
}

function requireMagnitudes(excitatory: Float64Array, inhibitory: Float64Array): void {
  if (excitatory.length !== inhibitory.length) {
    throw new AnalysisError(`${excitatory.length} excitatory but ${inhibitory.length} inhibitory values`);
  }
  for (const [name, values] of Object.entries({ excitatory, inhibitory })) {
    for (let k = 0; k < values.length; k++) {
      if (!(values[k] >= 0 && values[k] < Number.POSITIVE_INFINITY)) {
        throw new AnalysisError(`${name}[${k}] is ${values[k]}; magnitudes must be finite and at least 0`);
      }
    }
  }
}
