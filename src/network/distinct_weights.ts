import { isExactWeight } from './synapse_word.js';

/** Largest number of different weights. With more, as with random weights, no common divisor is sought. */
const MOST_WEIGHTS = 32;
/** Largest multiple of the common divisor that the smallest weight may be. */
const MOST_PARTS = 1000;
/**
 * Relative error by which a weight may differ from a multiple of the common divisor: the rounding of decimals to
 * doubles.
 */
const TOLERANCE = 1e-12;

/** The different weights of a receptor's synapses, nS, if there are few. */
export class DistinctWeights {
  largest = 0;
  /** Of the weights above 0; infinite where there is none. */
  lightest = Number.POSITIVE_INFINITY;
  private readonly weights = new Set<number>();
  private last = 0;

  add(weight_nS: number): void {
    if (weight_nS === this.last) return;
    this.last = weight_nS;
    if (weight_nS > this.largest) this.largest = weight_nS;
    if (weight_nS > 0 && weight_nS < this.lightest) this.lightest = weight_nS;
    if (weight_nS > 0 && this.weights.size <= MOST_WEIGHTS) this.weights.add(weight_nS);
  }

  /** The largest conductance, at least `smallest_nS`, of which all weights are multiples; null if there is none. */
  commonDivisor(smallest_nS: number): number | null {
    if (this.weights.size === 0 || this.weights.size > MOST_WEIGHTS) return null;
    const lightest = Math.min(...this.weights);
    for (let parts = 1; parts <= MOST_PARTS; parts++) {
      const divisor = lightest / parts;
      if (divisor < smallest_nS) return null;
      const isMultiple = (weight: number) =>
        Math.abs(Math.round(weight / divisor) * divisor - weight) <= TOLERANCE * weight &&
        isExactWeight(Math.round(weight / divisor));
      if ([...this.weights].every(isMultiple)) return divisor;
    }
    return null;
  }
}
