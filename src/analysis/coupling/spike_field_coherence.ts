/** Coherence of pooled spikes with the LFP, and the level that independent signals would reach. */

import { requirePositive, requireProbability, requireSignal } from '../checks.js';
import type { Estimate, SampledSignal, SpikeTrains } from '../data.js';
import type { SegmentOptions } from '../spectral/segments.js';
import type { Coherence } from '../spectral/spectrum.js';
import { magnitudeSquaredCoherence } from '../spectral/welch.js';
import { spikeHistogram } from '../spiketrain/rates.js';

/** Level that the coherence of independent signals exceeds with probability p, in any one bin. */
export interface CoherenceLevel {
  readonly degreesOfFreedom: number;
  /** For |C|. */
  readonly cohMag: number;
  /** For |C|^2. */
  readonly msc: number;
}

/**
 * sqrt(1 - p^(1/(dof/2 - 1))) for |C| with dof = 2 estimates; a spike train of n spikes leaves
 * dof = floor(2 n dof/(2 n + dof)) (Chronux coherr.m; Jarvis and Mitra 2001). 1 where dof is 2 or less: then every
 * coherence is possible.
 *
 * @param estimates independent ones: tapers times trials, or a Welch coherence's `effectiveAverages`
 * @param spikes of the spike train; null where neither signal is one
 */
export function coherenceLevel(estimates: number, p: number, spikes: number | null): CoherenceLevel {
  requirePositive('estimates', estimates);
  requireProbability('p', p);
  let degreesOfFreedom = 2 * estimates;
  if (spikes !== null) {
    requirePositive('spikes', spikes);
    degreesOfFreedom = Math.floor((2 * spikes * degreesOfFreedom) / (2 * spikes + degreesOfFreedom));
  }
  const msc = degreesOfFreedom <= 2 ? 1 : 1 - p ** (1 / (degreesOfFreedom / 2 - 1));
  return { degreesOfFreedom, cohMag: Math.sqrt(msc), msc };
}

/** Spikes of a group per sample of the LFP: sample k counts [start + k/rate, start + (k + 1)/rate). */
export function spikesLike(lfp: SampledSignal, trains: SpikeTrains, neurons: Uint32Array): SampledSignal {
  requireSignal('lfp', lfp);
  const bins = { startMs: lfp.startMs, binMs: 1000 / lfp.sampleRateHz, count: lfp.values.length };
  return { ...lfp, values: spikeHistogram(trains, neurons, bins) };
}

export interface SpikeFieldCoherence {
  readonly coherence: Coherence;
  /** Spikes that entered. */
  readonly spikes: number;
  /** With the spike-count correction. */
  readonly level: CoherenceLevel;
}

/**
 * Magnitude-squared coherence of the LFP with a group's pooled spike train (elephant.sta.spike_field_coherence is
 * scipy.signal.coherence of the same two signals). Grows with the number of spikes: compare groups by PPC instead.
 *
 * @param p of the level, 0 .. 1
 * @returns null without spikes, for a constant LFP, and for a single segment
 */
export function spikeFieldCoherence(
  lfp: SampledSignal,
  trains: SpikeTrains,
  neurons: Uint32Array,
  options: SegmentOptions = {},
  p = 0.05,
): Estimate<SpikeFieldCoherence> {
  const counts = spikesLike(lfp, trains, neurons);
  const spikes = counts.values.reduce((sum, count) => sum + count, 0);
  const coherence = magnitudeSquaredCoherence(lfp, counts, options);
  if (spikes === 0) return { value: null, reason: 'no spikes during the LFP' };
  if (coherence.value === null) return coherence;
  const level = coherenceLevel(coherence.value.effectiveAverages, p, spikes);
  return { value: { coherence: coherence.value, spikes, level } };
}
