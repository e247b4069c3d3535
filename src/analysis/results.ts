import type { BalanceTightness } from './balance/co_fluctuation.js';
import type { TriadName } from './connectivity/triad_classes.js';
import type { LfpProxyName } from './lfp/proxies.js';
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
  /** LFP proxies compared, side by side; null without an LFP of at least a segment. */
  readonly lfpProxies: Readonly<Record<LfpProxyName, LfpProxyResults>> | null;
  /** Null where no neuron was recorded. */
  readonly recordedNeurons: RecordedNeuronResults | null;
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
  readonly multitaper: MultitaperResults;
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

/** Largest bin of 5-150 Hz with Slepian tapers (NW 3, K 5) over the segments of Welch's spectrum. */
export interface MultitaperResults {
  readonly peakHz: number | null;
  /** Power there, uV^2/Hz, with its jackknife interval of 95 %. */
  readonly peakPower: number | null;
  readonly interval95: readonly [lower: number, upper: number] | null;
  /** Half of the width over which a line is spread, Hz. */
  readonly halfBandwidthHz: number | null;
  /** Tapers times segments. */
  readonly averages: number | null;
}

/** One LFP proxy. */
export interface LfpProxyResults {
  readonly unit: 'uV' | 'a.u.';
  readonly formula: string;
  readonly assumptions: readonly string[];
  readonly citation: string;
  /** Largest bin of the PSD in 5-150 Hz. */
  readonly peakHz: number | null;
  /** Power of 30-80 Hz over that of 1-150 Hz. */
  readonly gammaShare: number | null;
  /** Pearson correlation with the LFP that everything else here is made from. */
  readonly correlation: number | null;
  /** Its largest value over lags up to 20 ms; the lag is positive where this proxy comes later. */
  readonly peakCorrelation: number | null;
  readonly lagMs: number | null;
}

/** Locking of one neuron's spikes to the gamma band. */
export interface OwnCurrentLocking {
  readonly spikes: number | null;
  /** PPC0 with the LFP of the others: what the neuron's own currents put into it is taken out. */
  readonly ppc: number | null;
  readonly phaseRad: number | null;
  readonly rayleighP: number | null;
  /** PPC0 with the whole LFP, and what the neuron's own currents add to it. */
  readonly ppcWithOwn: number | null;
  readonly ownEffect: number | null;
  /** Mean of the neuron's own part over the mean LFP; 0 for a neuron that is not among its sources. */
  readonly ownShareOfLfp: number | null;
}

/** What needs signals of single neurons. */
export interface RecordedNeuronResults {
  /** Golomb's chi of the membrane potentials: 1 for identical ones, 1 / sqrt(neurons) for independent ones. */
  readonly voltageChi: number | null;
  readonly populations: Readonly<
    Record<string, { readonly recorded: number; readonly voltageChi: number | null }>
  >;
  readonly neurons: readonly {
    readonly population: string;
    /** Number within the population. */
    readonly neuron: number;
    /** Of the neuron's own input, from currents at the end of each sample. */
    readonly balance: InputBalance;
    readonly locking: OwnCurrentLocking;
  }[];
}

export interface PopulationCoherence {
  readonly peakHz: number | null;
  /** Magnitude-squared coherence at the peak. */
  readonly peak: number | null;
  /** Pairwise phase consistency (PPC0) of the spikes with the LFP's gamma band. */
  readonly ppc: number | null;
  /** Mean phase of the gamma band at the spikes; 0 is its maximum, positive phases come after it. */
  readonly phaseRad: number | null;
  /** How often spikes moved within +-33 ms lock to the gamma band as firmly: (1 + reached) / (1 + 199). */
  readonly surrogateP: number | null;
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
  readonly triadsByPopulation: readonly PopulationTriads[] | null;
  readonly richClub: RichClubResults;
  readonly communities: CommunityResults;
  /** Directions ignored, against random graphs with the same degrees. */
  readonly smallWorld: { readonly sigma: number | null; readonly omega: number | null };
  readonly paths: PathResults;
}

/** Triads whose three neurons come from these populations, in whatever order. */
export interface PopulationTriads {
  readonly populations: readonly [string, string, string];
  readonly triads: Readonly<Record<TriadName, number>>;
  readonly triadZ: Readonly<Record<TriadName, number | null>> | null;
}

/** The tenth of the neurons with the most edges. */
export interface RichClubResults {
  /** Its members have more edges than this, in and out together. */
  readonly degree: number | null;
  readonly neurons: number | null;
  /** Edges among them over possible ones. */
  readonly density: number | null;
  /** The same over its mean in the random graphs of triadZ, and in their standard deviations. */
  readonly normalized: number | null;
  readonly z: number | null;
}

export interface CommunityResults {
  /** Found by Louvain's method, and the directed modularity of that division. */
  readonly count: number | null;
  readonly modularity: number | null;
  /** Directed modularity of the division into populations. */
  readonly populationModularity: number | null;
}

/** Shortest directed paths, from all neurons or a random sample of them. */
export interface PathResults {
  readonly startNeurons: number | null;
  /** Mean number of edges over the ordered pairs that have a path, and the share of pairs that have one. */
  readonly meanLength: number | null;
  readonly reachable: number | null;
  readonly globalEfficiency: number | null;
  /** Of globalEfficiency, from the sampling; 0 where no neuron was left out. */
  readonly globalEfficiencyError: number | null;
}
