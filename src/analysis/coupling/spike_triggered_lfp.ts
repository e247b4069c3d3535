import { requirePositive } from '../checks.js';
import type { Estimate, SampledSignal, SpikeTrains } from '../data.js';
import { spikesLike } from './spike_field_coherence.js';

/** Mean LFP around the spikes. */
export interface SpikeTriggeredLfp {
  /** Time after the spike of each sample, ms: -reach .. +reach. */
  readonly lagsMs: Float64Array;
  /** In the LFP's unit. */
  readonly mean: Float64Array;
  /** Standard deviation over spikes (ddof 0). */
  readonly sd: Float64Array;
  /** Spikes that entered the mean, and those that were left out because the LFP does not reach around them. */
  readonly spikes: number;
  readonly leftOut: number;
}

/**
 * Spike-triggered average of the LFP (elephant.sta.spike_triggered_average), a spike's time being that of the sample
 * it falls into. Costs samples times lags, however many spikes there are.
 *
 * @param reachMs to each side, at least one sample
 * @returns null if no spike has the LFP on both sides
 */
export function spikeTriggeredLfp(
  lfp: SampledSignal,
  trains: SpikeTrains,
  neurons: Uint32Array,
  reachMs: number,
): Estimate<SpikeTriggeredLfp> {
  requirePositive('reachMs', reachMs);
  const counts = spikesLike(lfp, trains, neurons).values;
  const sampleMs = 1000 / lfp.sampleRateHz;
  const reach = Math.max(1, Math.round(reachMs / sampleMs));
  const samples = lfp.values.length;
  const sum = new Float64Array(2 * reach + 1);
  const squares = new Float64Array(2 * reach + 1);
  let spikes = 0;
  let leftOut = 0;
  for (let k = 0; k < samples; k++) {
    if (counts[k] === 0) continue;
    if (k < reach || k + reach >= samples) {
      leftOut += counts[k];
      continue;
    }
    spikes += counts[k];
    for (let lag = 0; lag <= 2 * reach; lag++) {
      const value = lfp.values[k - reach + lag];
      sum[lag] += counts[k] * value;
      squares[lag] += counts[k] * value * value;
    }
  }
  if (spikes === 0) return { value: null, reason: `no spike has ${reachMs} ms of LFP on both sides` };
  const mean = sum.map((total) => total / spikes);
  return {
    value: {
      lagsMs: mean.map((_, lag) => (lag - reach) * sampleMs),
      mean,
      sd: squares.map((total, lag) => Math.sqrt(Math.max(0, total / spikes - mean[lag] ** 2))),
      spikes,
      leftOut,
    },
  };
}
