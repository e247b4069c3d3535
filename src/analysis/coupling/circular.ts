/** Statistics of directions on the circle, from their sums. */

/** Number of phases and the sum of their unit vectors. */
export interface PhaseSum {
  readonly count: number;
  readonly cos: number;
  readonly sin: number;
}

/** Length of the mean vector, 0 .. 1: the phase-locking value. Biased upward by about 1/sqrt(n) for few phases. */
export function phaseLockingValue({ count, cos, sin }: PhaseSum): number {
  return Math.hypot(cos, sin) / count;
}

/**
 * Mean cosine between all pairs of different phases: (|sum|^2 - n)/(n (n - 1)). Unbiased by the number of phases, so it
 * may fall below 0 (Vinck et al. 2010; FieldTrip ft_connectivity_ppc). NaN below 2 phases.
 */
export function pairwisePhaseConsistency({ count, cos, sin }: PhaseSum): number {
  return count < 2 ? Number.NaN : (cos * cos + sin * sin - count) / (count * (count - 1));
}

/**
 * The same over pairs from different epochs only, for spikes that depend on each other within an epoch
 * (PPC1, Vinck et al. 2012; FieldTrip method 'ppc1'). NaN where all phases are in one epoch.
 */
export function pairwisePhaseConsistencyAcross(epochs: readonly PhaseSum[]): number {
  let count = 0;
  let cos = 0;
  let sin = 0;
  let squares = 0;
  let pairs = 0;
  for (const epoch of epochs) {
    count += epoch.count;
    cos += epoch.cos;
    sin += epoch.sin;
    squares += epoch.cos * epoch.cos + epoch.sin * epoch.sin;
    pairs += epoch.count * epoch.count;
  }
  return count * count === pairs ? Number.NaN : (cos * cos + sin * sin - squares) / (count * count - pairs);
}

/** Rayleigh's test that directions are uniform. */
export interface RayleighTest {
  /** n R^2. */
  readonly z: number;
  /**
   * Probability of a z as large under uniform directions, by the expansion to order 1/n^2 (Mardia 1972), held within
   * 0 .. 1; the share of uniform samples below 0.01, 0.05 and 0.5 is right from 10 phases on (simulated).
   */
  readonly p: number;
}

export function rayleighTest(sum: PhaseSum): RayleighTest {
  const n = sum.count;
  const z = (sum.cos * sum.cos + sum.sin * sum.sin) / n;
  const first = (2 * z - z ** 2) / (4 * n);
  const second = (24 * z - 132 * z ** 2 + 76 * z ** 3 - 9 * z ** 4) / (288 * n * n);
  return { z, p: Math.min(1, Math.max(0, Math.exp(-z) * (1 + first - second))) };
}

/** Unit vectors of phases in radians, added up. */
export function sumPhases(phasesRad: ArrayLike<number>): PhaseSum {
  let cos = 0;
  let sin = 0;
  for (let k = 0; k < phasesRad.length; k++) {
    cos += Math.cos(phasesRad[k]);
    sin += Math.sin(phasesRad[k]);
  }
  return { count: phasesRad.length, cos, sin };
}
