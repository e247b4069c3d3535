import { type AnalysisOptions, analyzeCircuit, type CircuitAnalysis } from '../analysis/analyze_circuit.js';
import type { Network } from '../network/network.js';
import { activityOf } from './activity.js';
import type { Recording } from './recording.js';

/**
 * Analyses what a network did, without the circuit's transient; null where the recording ends within it.
 * Throws AnalysisError as {@link analyzeCircuit}.
 */
export function analyzeRecording(
  recording: Recording,
  network: Network,
  options: AnalysisOptions = {},
): CircuitAnalysis | null {
  const { transient_ms: startMs } = network.circuit.simulation;
  if (recording.stopMs <= startMs) return null;
  return analyzeCircuit(activityOf(recording, network, { startMs, stopMs: recording.stopMs }), options);
}
