import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../src/network/build.js';
import { DistinctWeights } from '../../src/network/distinct_weights.js';
import { weightQuantaOf } from '../../src/network/synapse_word.js';
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
    const { synapses } = buildNetwork(
      circuitOf({
        name: 'two strengths',
        populations: { A: { cell: 'pyramidal-rs', neurons: 20 }, B: { cell: 'pv-fs', neurons: 20 } },
        projections: [
          {
            from: 'A',
            to: 'B',
            receptor: 'AMPA',
            weight_nS: 0.35,
            delay_ms: 1,
            connector: { kind: 'all-to-all' },
          },
          {
            from: 'B',
            to: 'B',
            receptor: 'AMPA',
            weight_nS: 1.2,
            delay_ms: 1,
            connector: { kind: 'all-to-all' },
          },
        ],
      }),
    );
    const quanta = Array.from({ length: synapses.count }, (_, k) =>
      weightQuantaOf(synapses.words[2 * k + 1]),
    );
    expect(new Set(quanta)).toEqual(new Set([7, 24]));
    const ofOneNeuron = 20 * 7 + 20 * 24;
    expect(synapses.largestInput).toBeGreaterThanOrEqual(ofOneNeuron - 24);
    expect(synapses.largestInput).toBeLessThanOrEqual(ofOneNeuron + 1);
  });
});
