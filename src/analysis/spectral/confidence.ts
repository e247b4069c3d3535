import { AnalysisError } from '../data.js';

/** What a coherence was averaged over. */
export interface CoherenceAverages {
  /** Tapers times trials (or independent segments), e.g. `effectiveAverages` of a coherence. */
  readonly averages: number;
  /** Spikes in all trials where one signal is a spike train; leave out for continuous signals. */
  readonly spikes?: number;
}

/**
 * Level that |C| of independent signals exceeds with probability `p`: sqrt(1 - p^(1/(dof/2 - 1))), dof = 2 averages,
 * lowered to trunc(2 spikes dof/(2 spikes + dof)) by a finite number of spikes (Chronux coherr `confC`). Square it for
 * magnitude-squared coherence. It is 1 where dof is 2 or less: no coherence is then significant.
 * @throws AnalysisError unless 0 < p < 1, averages > 0 and spikes >= 1.
 */
export function coherenceSignificanceLevel({ averages, spikes }: CoherenceAverages, p: number): number {
  if (!(p > 0 && p < 1)) throw new AnalysisError(`p is ${p}; allowed: above 0 and below 1`);
  if (!(averages > 0)) throw new AnalysisError(`averages is ${averages}; allowed: above 0`);
  if (spikes !== undefined && !(spikes >= 1))
    throw new AnalysisError(`spikes is ${spikes}; allowed: at least 1`);
  const full = 2 * averages;
  const dof = spikes === undefined ? full : Math.trunc((2 * spikes * full) / (2 * spikes + full));
  return dof <= 2 ? 1 : Math.sqrt(1 - p ** (1 / (dof / 2 - 1)));
}
