import { pcg3d } from '../../network/counter_random.js';
import type { PlannedStimulus } from '../plan.js';
import type { NeuronInput } from './membrane.js';

const words = new Uint32Array(3);

/**
 * What a stimulus does to a neuron in one step: it adds to the current or to a conductance of `input`, and draws the next
 * state of a noise current, [slot][neuron]. Counterpart of shaders/neuron/stimulus.wgsl.
 */
export function applyStimulus(
  stimulus: PlannedStimulus,
  step: number,
  neuron: number,
  input: NeuronInput,
  noiseStates: readonly Float64Array[],
): void {
  if (step < stimulus.startStep || step >= stimulus.stopStep) return;
  if (stimulus.kind === 'current') {
    input.I += stimulus.amplitude_uA_cm2;
    return;
  }
  pcg3d(neuron, step, stimulus.key, words);
  if (stimulus.kind === 'poisson') {
    const { thresholds, receptor, weight_mS_cm2 } = stimulus;
    let events = 0;
    while (events < thresholds.length && words[0] >= thresholds[events]) events++;
    input.g[receptor] += events * weight_mS_cm2;
    return;
  }
  const noise = noiseStates[stimulus.slot];
  input.I += noise[neuron];
  const [u, v] = [(words[0] + 0.5) / 2 ** 32, (words[1] + 0.5) / 2 ** 32];
  const normal = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  noise[neuron] =
    stimulus.mean_uA_cm2 +
    (noise[neuron] - stimulus.mean_uA_cm2) * stimulus.decay +
    stimulus.increment_uA_cm2 * normal;
}
