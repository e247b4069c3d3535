/** LFP from spikes alone, each adding its cell type's unitary field (Telenczuk et al. 2020). */

import { requireNonNegative, requirePositive } from '../checks.js';
import { AnalysisError, type NeuronGroup, type SpikeTrains, type TimeWindow } from '../data.js';
import { binsOf } from '../spiketrain/binning.js';
import { neuronCount, requireNeurons, requireSpikeTrains, spikesOf } from '../spiketrain/trains.js';
import { LFP_PROXY_METHODS, type LfpProxy } from './proxies.js';

/** Layer of the electrode, one of the four depths that were modelled. */
export type KernelLayer = 'deep' | 'soma' | 'superficial' | 'surface';

/**
 * Amplitudes in uV by layer from ModelDB 266508, demo_LFP-kernel.hoc; times and distances as in tklfp. (The Python
 * demonstration beside the .hoc swaps the amplitudes of the two types.)
 */
export const UNITARY_FIELD = {
  delayMs: 10.4,
  axonSpeed_mm_ms: 0.2,
  spaceConstant_mm: 0.2,
  excitatory: { sdMs: 3.15, amplitude_uV: { deep: -0.16, soma: 0.48, superficial: 0.24, surface: -0.08 } },
  inhibitory: { sdMs: 2.1, amplitude_uV: { deep: -0.2, soma: 3, superficial: -1.2, surface: 0.3 } },
} as const;

/** Beyond 6 sd a kernel is below 2e-8 of its peak. */
const KERNEL_REACH_SD = 6;

/** Potential of the spikes at one electrode, sampled. */
export interface SpikeKernelInput {
  readonly trains: SpikeTrains;
  /** Their neurons' spikes count; each group needs a sign. */
  readonly groups: readonly NeuronGroup[];
  /** Distance of each neuron from the electrode along the layer, mm (length N). */
  readonly lateralDistances_mm: Float64Array;
  readonly layer: KernelLayer;
  readonly window: TimeWindow;
  readonly sampleRateHz: number;
}

/**
 * Sum of A exp(-r/lambda) exp(-(t - t_spike - delay - r/v)^2/(2 sd^2)) over the spikes, in uV; sample k is taken in
 * the middle of its interval. Spikes before the window count where their field reaches into it.
 *
 * @throws AnalysisError on a group without a sign, and a distance that is negative or not finite
 */
export function spikeKernelLfp(input: SpikeKernelInput): LfpProxy {
  const { trains, groups, lateralDistances_mm, layer, window, sampleRateHz } = input;
  requireSpikeTrains(trains);
  requirePositive('sampleRateHz', sampleRateHz);
  if (lateralDistances_mm.length !== neuronCount(trains)) {
    throw new AnalysisError(`${lateralDistances_mm.length} distances for ${neuronCount(trains)} neurons`);
  }
  const sampleMs = 1000 / sampleRateHz;
  const values = new Float64Array(binsOf(window, sampleMs).count);
  const firstMs = window.startMs + sampleMs / 2;
  for (const group of groups) {
    requireNeurons(trains, group.neurons);
    if (group.sign === null) {
      throw new AnalysisError(`group ${group.name} has no sign; its kernel is not known`);
    }
    const { sdMs, amplitude_uV } = UNITARY_FIELD[group.sign];
    const reachMs = KERNEL_REACH_SD * sdMs;
    for (const neuron of group.neurons) {
      const distance = lateralDistances_mm[neuron];
      requireNonNegative(`lateralDistances_mm[${neuron}]`, distance);
      const delayMs = UNITARY_FIELD.delayMs + distance / UNITARY_FIELD.axonSpeed_mm_ms;
      const amplitude = amplitude_uV[layer] * Math.exp(-distance / UNITARY_FIELD.spaceConstant_mm);
      const spikes = spikesOf(trains, neuron, {
        startMs: window.startMs - delayMs - reachMs,
        stopMs: window.stopMs,
      });
      for (let k = 0; k < spikes.length; k++) {
        addGaussian(values, amplitude, spikes[k] + delayMs - firstMs, sdMs, sampleMs);
      }
    }
  }
  return {
    method: LFP_PROXY_METHODS.spikeKernels,
    signal: { sampleRateHz, startMs: window.startMs, values },
  };
}

/**
 * Adds a Gaussian whose peak lies `peakMs` after the first sample. Each value follows from the one before by a factor
 * that itself shrinks by a constant factor, so that a spike costs two exponentials.
 */
function addGaussian(
  into: Float64Array,
  amplitude: number,
  peakMs: number,
  sdMs: number,
  sampleMs: number,
): void {
  const first = Math.max(0, Math.ceil((peakMs - KERNEL_REACH_SD * sdMs) / sampleMs));
  const last = Math.min(into.length - 1, Math.floor((peakMs + KERNEL_REACH_SD * sdMs) / sampleMs));
  const step = sampleMs / sdMs;
  const x = (first * sampleMs - peakMs) / sdMs;
  let value = amplitude * Math.exp(-0.5 * x * x);
  let factor = Math.exp(-step * (x + 0.5 * step));
  const shrink = Math.exp(-step * step);
  for (let k = first; k <= last; k++) {
    into[k] += value;
    value *= factor;
    factor *= shrink;
  }
}
