import { withinWindow } from './activity_window.js';
import type { CircuitActivity } from './circuit_activity.js';
import { AnalysisError } from './data.js';
import { Notes } from './notes.js';
import type { Results } from './results.js';
import { analyzeBalance, type BalanceAnalysis } from './sections/balance_section.js';
import { analyzeCoherence, type CoherenceAnalysis } from './sections/coherence_section.js';
import { analyzeConnectivity, type ConnectivityAnalysis } from './sections/connectivity_section.js';
import { analyzeFiring, type FiringAnalysis } from './sections/firing_section.js';
import { analyzeLfpProxies, type LfpProxiesAnalysis } from './sections/lfp_proxies_section.js';
import { lfpSegments } from './sections/lfp_segments.js';
import { analyzeOscillation, type OscillationAnalysis } from './sections/oscillation_section.js';
import { analyzeRecordedNeurons } from './sections/recorded_neurons_section.js';

export interface AnalysisOptions {
  /** Segment of Welch's spectrum and coherence, ms, above 0; default 1000. */
  readonly segmentMs?: number;
  /** Random graphs that connectivity is compared with; default 20, or none past 300,000 edges. */
  readonly nullGraphs?: number;
  /** Called before each part of the analysis. */
  readonly onStage?: (stage: AnalysisStage) => void;
}

/** The parts of an analysis, in their order. */
export const ANALYSIS_STAGES = [
  'spike trains',
  'firing',
  'balance',
  'oscillation',
  'coherence',
  'connectivity',
  'LFP proxies',
  'recorded neurons',
] as const;
export type AnalysisStage = (typeof ANALYSIS_STAGES)[number];

/** All that the analysis found: the document results.json, and the arrays that figures and tables are made of. */
export interface CircuitAnalysis {
  readonly results: Results;
  /** What was analysed: the given activity within its window. */
  readonly activity: CircuitActivity;
  readonly firing: FiringAnalysis;
  readonly balance: BalanceAnalysis;
  readonly oscillation: OscillationAnalysis;
  readonly coherence: CoherenceAnalysis;
  readonly connectivity: ConnectivityAnalysis;
  readonly lfpProxies: LfpProxiesAnalysis;
}

/**
 * Analyses a run or external data within `activity.window`. What the data does not hold (LFP, currents, edges) leaves
 * its quantities null, with the reason in `results.notes`.
 *
 * @throws AnalysisError on data that is not valid: times not ascending, samples that are not finite, a window without
 *   length, neurons outside the list
 */
export function analyzeCircuit(activity: CircuitActivity, options: AnalysisOptions = {}): CircuitAnalysis {
  const { segmentMs = 1000, nullGraphs = null, onStage } = options;
  if (!(segmentMs > 0 && Number.isFinite(segmentMs))) {
    throw new AnalysisError(`segmentMs is ${segmentMs}; it must be a finite number above 0`);
  }
  const stage = <T>(name: AnalysisStage, work: () => T): T => {
    onStage?.(name);
    return work();
  };
  const notes = new Notes();
  const given = stage('spike trains', () => withinWindow(activity));
  const segments = lfpSegments(given.lfp, segmentMs);
  const firing = stage('firing', () => analyzeFiring(given, notes));
  const balance = stage('balance', () => analyzeBalance(given, notes));
  const oscillation = stage('oscillation', () => analyzeOscillation(given, segments, notes));
  const coherence = stage('coherence', () => analyzeCoherence(given, segments, notes));
  const connectivity = stage('connectivity', () => analyzeConnectivity(given, nullGraphs, notes));
  const lfpProxies = stage('LFP proxies', () => analyzeLfpProxies(given, activity.spikes, segments, notes));
  const recordedNeurons = stage('recorded neurons', () => analyzeRecordedNeurons(given, notes));
  const { neurons, synapses, groups, window } = given;
  if (synapses === null) notes.undefinedAt('circuit.synapses', 'no edges were given');
  const results: Results = {
    schema: 'nce-results/1',
    circuit: {
      neurons,
      synapses,
      populations: Object.fromEntries(groups.map((group) => [group.name, group.neurons.length])),
    },
    window,
    firing: firing.results,
    balance: balance.results,
    oscillation: oscillation.results,
    coherence: coherence.results,
    connectivity: connectivity.results,
    lfpProxies: lfpProxies.results,
    recordedNeurons,
    notes: notes.reasons,
  };
  return { results, activity: given, firing, balance, oscillation, coherence, connectivity, lfpProxies };
}
