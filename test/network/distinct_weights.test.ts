import { describe, expect, it } from 'vitest';
import { cobahh } from '../../src/bench/cobahh.js';
import { buildNetwork } from '../../src/network/build.js';
import { DistinctWeights } from '../../src/network/distinct_weights.js';
import { targetOf, weightQuantaOf } from '../../src/network/synapse_word.js';
import { circuitOf } from '../engine/support.js';

const divisorOf = (weights: readonly number[], smallest = 1e-4) => {
  const distinct = new DistinctWeights();
  for (const weight of weights) distinct.add(weight);
  return distinct.commonDivisor(smallest);
};

describe('the common divisor of weights', () => {
  it('is the largest conductance that all are multiples of', () => {
    expect(divisorOf([6, 6, 6])).toBe(6);
    expect(divisorOf([6, 0, 67])).toBeCloseTo(1, 12);
    expect(divisorOf([0.35, 1.2, 0.35])).toBeCloseTo(0.05, 12);
  });

  it('is none where there is none, where it is too small, or where weights are many', () => {
    expect(divisorOf([1, Math.SQRT2])).toBeNull();
    expect(divisorOf([0.35, 1.2], 0.06)).toBeNull();
    expect(divisorOf(Array.from({ length: 100 }, (_, i) => i + 1))).toBeNull();
    expect(divisorOf([])).toBeNull();
  });

  it('makes the weights of a network exact and small', () => {
    const input = cobahh({ neurons: 40, synapsesPerNeuron: 30, delayMs: 1, live: true });
    const projections = input.projections?.map((projection) => ({
      ...projection,
      receptor: 'excitatory',
      weight_nS: projection.from === 'E' ? 0.35 : 1.2,
    }));
    const { synapses } = buildNetwork(circuitOf({ ...input, ...(projections && { projections }) }));
    const quanta = Array.from({ length: synapses.count }, (_, k) =>
      weightQuantaOf(synapses.words[2 * k + 1]),
    );
    expect(new Set(quanta)).toEqual(new Set([7, 24]));
    const sums = new Float64Array(40);
    for (let k = 0; k < synapses.count; k++) sums[targetOf(synapses.words[2 * k])] += quanta[k];
    const largest = Math.max(...sums);
    expect(synapses.largestInput).toBeGreaterThanOrEqual(largest);
    expect(synapses.largestInput).toBeLessThanOrEqual(1.002 * largest + 1);
  });
});
