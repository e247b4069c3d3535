import type { BalanceTightness } from './balance/co_fluctuation.js';
import type { TriadName } from './connectivity/triad_classes.js';
import type { BandName } from './oscillation/bands.js';
import type { OscillationPeak } from './oscillation/specparam.js';
import type { PopulationStateLabel } from './spiketrain/population_state.js';

/**
 * The document results.json ("nce-results/1"). A quantity that cannot be computed is null; `notes` has the reason
 * under its path ("oscillation.peakHz") or that of the part it belongs to ("oscillation").
 */
export interface Results {
  readonly schema: 'nce-results/1';
  readonly circuit: CircuitResults;
  /** What was analysed, ms; the transient before it is left out. */
  readonly window: { readonly startMs: number; readonly stopMs: number };
  readonly firing: FiringResults;
  readonly balance: BalanceResults;
  readonly oscillation: OscillationResults;
  readonly coherence: CoherenceResults;
  readonly connectivity: ConnectivityResults;
  /** Reason by path, for every null above. */
  readonly notes: Readonly<Record<string, string>>;
}

export interface CircuitResults {
  readonly neurons: number;
  readonly synapses: number | null;
  /** Neurons by population. */
  readonly populations: Readonly<Record<string, number>>;
}

/** Means over neurons; CV, CV2 and LV over those with at least 10 spikes, Fano over those with any. */
export interface PopulationFiring {
  readonly neurons: number;
  readonly rateHz: number | null;
  readonly cvIsi: number | null;
  readonly cv2: number | null;
  readonly lv: number | null;
  readonly fano: number | null;
  /** Neurons that enter cvIsi, cv2 and lv. */
  readonly neuronsInCv: number;
  /** Neurons without a spike in the window. */
  readonly silentNeurons: number;
  /** Asynchronous or synchronous, regular or irregular, with the number behind the first word. */
  readonly state: PopulationStateLabel | null;
  /** Standard deviation of the population rate over its mean in 5 ms bins, beyond that of independent neurons. */
  readonly rateModulation: number | null;
  /** Mean pairwise correlation of spike counts in 5 ms bins. */
  readonly countCorrelation: number | null;
}

export interface FiringResults extends Omit<PopulationFiring, 'rateHz' | 'neurons'> {
  readonly meanRateHz: number | null;
  readonly spikes: number;
  readonly populations: Readonly<Record<string, PopulationFiring>>;
}

/** Synaptic input; currents are those of all neurons together, excitatory inward and inhibitory outward. */
export interface InputBalance {
  /** Total |excitatory| over total |inhibitory| synaptic current. */
  readonly eiRatio: number | null;
  /** Total excitatory over total inhibitory conductance. */
  readonly conductanceRatio: number | null;
  /** Mean of ||I_E| - |I_I|| / (|I_E| + |I_I|) over time: 0 where they cancel, 1 where one is alone. */
  readonly imbalance: number | null;
  /** Pearson correlation of |I_E| and |I_I| over time. */
  readonly correlation: number | null;
  /** The largest one over lags, and the lag: positive where inhibition follows excitation. */
  readonly peakCorrelation: number | null;
  readonly lagMs: number | null;
  /** Whether inhibition follows fast changes too (tight), slow ones only (loose) or neither. */
  readonly tightness: BalanceTightness['label'] | null;
}

export interface BalanceResults extends InputBalance {
  /** Slope of log10 power of the LFP at 30-50 Hz: an estimate of E/I that a gamma rhythm makes meaningless. */
  readonly spectralSlope: number | null;
  readonly populations: Readonly<Record<string, InputBalance>>;
}

export interface OscillationDetail {
  /** 10 log10 of a band's power over what the aperiodic part alone would give. */
  readonly bandPowerOverAperiodic_dB: Readonly<Record<BandName, number | null>>;
  /** Exponent of the aperiodic part by IRASA, beside specparam's. */
  readonly irasaExponent: number | null;
  /** Stretches where the gamma amplitude reaches twice its median. */
  readonly gammaBursts: {
    readonly perSecond: number | null;
    /** Share of the time, 0..1. */
    readonly occupancy: number | null;
    readonly meanDurationMs: number | null;
  };
}

export interface OscillationResults extends OscillationDetail {
  /** Frequency of the largest bin of the PSD in 5-150 Hz. */
  readonly peakHz: number | null;
  readonly peakBand: BandName | null;
  readonly bandPower_uV2: Readonly<Record<BandName, number | null>>;
  /** specparam: log10 P = offset - exponent log10 f, and the peaks above it. */
  readonly aperiodic: { readonly offset: number | null; readonly exponent: number | null };
  readonly peaks: readonly OscillationPeak[] | null;
}

export interface PopulationCoherence {
  readonly peakHz: number | null;
  /** Magnitude-squared coherence at the peak. */
  readonly peak: number | null;
  /** Pairwise phase consistency (PPC0) of the spikes with the LFP's gamma band. */
  readonly ppc: number | null;
  /** Mean phase of the gamma band at the spikes; 0 is its maximum, positive phases come after it. */
  readonly phaseRad: number | null;
}

export interface CoherenceResults {
  readonly peakHz: number | null;
  readonly peak: number | null;
  /** Magnitude-squared coherence that independent signals exceed in one bin of twenty, by the number of spikes. */
  readonly significance95: number | null;
  readonly populations: Readonly<Record<string, PopulationCoherence>>;
}

export interface Spread {
  readonly mean: number | null;
  readonly sd: number | null;
}

export interface ConnectivityResults {
  readonly density: number | null;
  readonly reciprocity: number | null;
  readonly clustering: number | null;
  readonly transitivity: number | null;
  readonly triads: Readonly<Record<TriadName, number>> | null;
  /** (observed - mean) / sd over random graphs in which every neuron keeps its degrees to and from each population. */
  readonly triadZ: Readonly<Record<TriadName, number | null>> | null;
  readonly reciprocityZ: number | null;
  readonly clusteringZ: number | null;
  readonly inDegree: Spread;
  readonly outDegree: Spread;
}
