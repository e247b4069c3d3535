import type { SynapseTable } from './network.js';
import { MAX_DELAY_STEPS, packTarget, packWeight } from './synapse_word.js';
import { weightQuantum } from './synapses.js';

/** Synapses one by one, in any order; equal lengths. */
export interface Edges {
  /** Network-wide numbers of the neurons. */
  readonly sources: Uint32Array;
  readonly targets: Uint32Array;
  readonly receptors: Uint8Array;
  readonly weights_nS: Float64Array;
  readonly delays_ms: Float64Array;
}

/**
 * The table of synapses that are given rather than drawn. Throws RangeError where a delay has more steps than fit; a
 * delay is rounded to whole steps and a weight to the quantum of its receptor, as for drawn ones.
 */
export function synapsesFromEdges(
  { sources, targets, receptors, weights_nS, delays_ms }: Edges,
  neurons: number,
  receptorCount: number,
  dt_ms: number,
): SynapseTable {
  const count = sources.length;
  const steps = Uint32Array.from(delays_ms, (delay) => Math.round(delay / dt_ms));
  const maxDelaySteps = steps.reduce((a, b) => Math.max(a, b), 0);
  if (maxDelaySteps > MAX_DELAY_STEPS)
    throw new RangeError(
      `a delay of ${maxDelaySteps * dt_ms} ms is ${maxDelaySteps} steps of ${dt_ms} ms; at most ${MAX_DELAY_STEPS} steps fit`,
    );
  const largestWeight = new Float64Array(receptorCount);
  const inputSum = Array.from({ length: receptorCount }, () => new Float64Array(neurons));
  const rowPointers = new Float64Array(neurons + 1);
  for (let k = 0; k < count; k++) {
    rowPointers[sources[k] + 1]++;
    inputSum[receptors[k]][targets[k]] += weights_nS[k];
    largestWeight[receptors[k]] = Math.max(largestWeight[receptors[k]], weights_nS[k]);
  }
  for (let i = 0; i < neurons; i++) rowPointers[i + 1] += rowPointers[i];
  const quantum_nS = Float64Array.from(inputSum, (sums, r) =>
    weightQuantum(
      largestWeight[r],
      sums.reduce((a, b) => Math.max(a, b), 0),
    ),
  );

  const next = rowPointers.slice();
  const order = new Uint32Array(count);
  for (let k = 0; k < count; k++) order[next[sources[k]]++] = k;
  for (let i = 0; i < neurons; i++)
    order
      .subarray(rowPointers[i], rowPointers[i + 1])
      .sort((a, b) => targets[a] - targets[b] || receptors[a] - receptors[b] || a - b);
  const words = new Uint32Array(2 * count);
  order.forEach((edge, k) => {
    words[2 * k] = packTarget(targets[edge], receptors[edge]);
    const quanta = Math.round(weights_nS[edge] / quantum_nS[receptors[edge]]);
    words[2 * k + 1] = packWeight(quanta, steps[edge]);
  });
  const minDelaySteps = count > 0 ? steps.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY) : 0;
  return { count, rowPointers, words, quantum_nS, minDelaySteps, maxDelaySteps };
}
