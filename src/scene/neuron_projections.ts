import { Color, type LineSegments } from 'three/webgpu';
import type { Network } from '../network/network.js';
import { targetOf } from '../network/synapse_word.js';
import { COLOR } from '../report/theme.js';
import { lines } from './fixtures.js';

/** Network-wide numbers of the neurons that a neuron projects to, ascending; repeats are several synapses. */
export function targetsOf({ synapses }: Network, neuron: number): number[] {
  const targets: number[] = [];
  for (let k = synapses.rowPointers[neuron]; k < synapses.rowPointers[neuron + 1]; k++)
    targets.push(targetOf(synapses.words[2 * k]));
  return targets;
}

/** How far the colour of lines is shifted towards the background's, so that they do not cover the cells. */
const FADED = 0.55;

/** Straight lines from a neuron to its targets. */
export function createProjectionLines(network: Network, neuron: number, color: string): LineSegments {
  const { positions_um } = network;
  const soma = (i: number) => positions_um.subarray(3 * i, 3 * i + 3);
  return lines(
    targetsOf(network, neuron).flatMap((target) => [...soma(neuron), ...soma(target)]),
    new Color(color).lerp(new Color(COLOR.page), FADED),
  );
}
