import type { CircuitActivity } from '../circuit_activity.js';
import { type LockingSurrogates, lockingSurrogates } from '../coupling/locking_surrogates.js';
import { groupPhaseLocking, type PhaseLocking, phaseHistogram } from '../coupling/phase_locking.js';
import { type SpikeFieldCoherence, spikeFieldCoherence } from '../coupling/spike_field_coherence.js';
import type { Estimate } from '../data.js';
import { type Notes, partOf } from '../notes.js';
import { FREQUENCY_BANDS, peakFrequency } from '../oscillation/bands.js';
import type { CoherenceResults, PopulationCoherence } from '../results.js';
import type { AnalyticSignal } from '../spectral/hilbert.js';
import { allNeurons } from '../spiketrain/trains.js';
import { coveredBy, gammaPhase, type LfpSegments } from './lfp_segments.js';

/** Bins of the histogram of spike phases. */
const PHASE_BINS = 24;
/** A cycle of the gamma band's lowest frequency: locking in the band is lost, slower changes of rate stay. */
export const SURROGATES = {
  ditherMs: 1000 / FREQUENCY_BANDS.gamma[0],
  surrogates: 199,
  maxSpikes: 20_000,
  seed: 'dither',
} as const;

/** Coherence of spikes and LFP: the numbers of results.json and the arrays behind them. */
export interface CoherenceAnalysis {
  readonly results: CoherenceResults;
  /** Of the LFP with the pooled spikes of all neurons, binned at the LFP's rate. */
  readonly pooled: SpikeFieldCoherence | null;
  /** In the order of the groups. */
  readonly populations: readonly PopulationCoupling[];
}

/** How the spikes of one population follow the LFP; null where that is not defined. */
export interface PopulationCoupling {
  readonly coherence: SpikeFieldCoherence | null;
  /** With the LFP's gamma band. */
  readonly locking: PhaseLocking | null;
  /** Spikes by gamma phase, from -pi to pi in equal bins. */
  readonly phaseCounts: Float64Array | null;
  /** The locking beside that of dithered spikes. */
  readonly surrogates: LockingSurrogates | null;
}

export function analyzeCoherence(
  activity: CircuitActivity,
  segments: Estimate<LfpSegments>,
  notes: Notes,
): CoherenceAnalysis {
  const { lfp, groups, spikes } = activity;
  if (!lfp || segments.value === null) {
    notes.undefinedAt('coherence', segments.value === null ? segments.reason : 'no LFP was given');
    return nothingKnown(activity);
  }
  const { segmentSamples } = segments.value;
  const coherenceWith = (neurons: Uint32Array, path: string) =>
    notes.valueOf(path, spikeFieldCoherence(lfp, spikes, neurons, { segmentSamples }));
  const pooled = coherenceWith(allNeurons(spikes), 'coherence');
  const phase = gammaPhase(lfp);
  const populations = groups.map(({ name, neurons }) => ({
    coherence: coherenceWith(neurons, `coherence.populations.${name}`),
    ...phaseCoupling(activity, neurons, phase),
  }));
  return {
    results: {
      ...peakOf(pooled),
      significance95: pooled?.level.msc ?? null,
      populations: Object.fromEntries(
        groups.map(({ name }, index): [string, PopulationCoherence] => {
          const { coherence, locking, surrogates } = populations[index];
          const lockingPart = (key: string, of: (value: PhaseLocking) => number) =>
            notes.valueOf(`coherence.populations.${name}.${key}`, partOf(locking, of));
          const ppc = lockingPart('ppc', ({ ppc0 }) => ppc0);
          const phaseRad = lockingPart('phaseRad', (value) => value.phaseRad);
          const surrogateP = notes.valueOf(
            `coherence.populations.${name}.surrogateP`,
            partOf(surrogates, ({ p }) => p),
          );
          return [name, { ...peakOf(coherence), ppc, phaseRad, surrogateP }];
        }),
      ),
    },
    pooled,
    populations: populations.map(({ locking, surrogates, ...rest }) => ({
      ...rest,
      locking: locking.value,
      surrogates: surrogates.value,
    })),
  };
}

function nothingKnown({ groups }: CircuitActivity): CoherenceAnalysis {
  const unknown = { peakHz: null, peak: null, ppc: null, phaseRad: null, surrogateP: null };
  const populations = Object.fromEntries(groups.map(({ name }) => [name, unknown]));
  return {
    results: { peakHz: null, peak: null, significance95: null, populations },
    pooled: null,
    populations: groups.map(() => ({ coherence: null, locking: null, phaseCounts: null, surrogates: null })),
  };
}

function phaseCoupling(
  { spikes, window, lfp }: CircuitActivity,
  neurons: Uint32Array,
  phase: Estimate<AnalyticSignal>,
): {
  locking: Estimate<PhaseLocking>;
  phaseCounts: Float64Array | null;
  surrogates: Estimate<LockingSurrogates>;
} {
  if (phase.value === null) return { locking: phase, phaseCounts: null, surrogates: phase };
  const covered = lfp ? coveredBy(lfp, window) : window;
  return {
    locking: groupPhaseLocking(spikes, neurons, phase.value, covered),
    phaseCounts: phaseHistogram(spikes, neurons, phase.value, covered, PHASE_BINS),
    surrogates:
      covered.stopMs - covered.startMs < SURROGATES.ditherMs
        ? {
            value: null,
            reason: `the LFP is shorter than the dither of ${SURROGATES.ditherMs.toFixed(1)} ms`,
          }
        : lockingSurrogates(spikes, neurons, phase.value, covered, SURROGATES),
  };
}

function peakOf(coherence: SpikeFieldCoherence | null): { peakHz: number | null; peak: number | null } {
  if (!coherence) return { peakHz: null, peak: null };
  const { frequenciesHz, msc } = coherence.coherence;
  const peak = peakFrequency({ frequenciesHz, power: msc });
  return { peakHz: peak.value?.hz ?? null, peak: peak.value?.power ?? null };
}
