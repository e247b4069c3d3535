import { type AnalysisOptions, analyzeCircuit, type CircuitAnalysis } from '../analysis/analyze_circuit.js';
import type { CircuitActivity } from '../analysis/circuit_activity.js';
import type { Network } from '../network/network.js';
import { activityOf } from './activity.js';
import type { Recording } from './recording.js';

/** What a network did, to be analysed without the circuit's transient; null where the recording ends within it. */
export function activityAfterTransient(recording: Recording, network: Network): CircuitActivity | null {
  const { transient_ms: startMs } = network.circuit.simulation;
  if (recording.stopMs <= startMs) return null;
  return activityOf(recording, network, { startMs, stopMs: recording.stopMs });
}

/**
 * Analyses what a network did, without the circuit's transient; null where the recording ends within it.
 * Throws AnalysisError as {@link analyzeCircuit}.
 */
export function analyzeRecording(
  recording: Recording,
  network: Network,
  options: AnalysisOptions = {},
): CircuitAnalysis | null {
  const activity = activityAfterTransient(recording, network);
  return activity && analyzeCircuit(activity, options);
}
