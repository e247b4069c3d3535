/** The thread of analyze_activity.ts: analyses the one activity that it is given. */
import { parentPort, workerData } from 'node:worker_threads';
import {
  type AnalysisOptions,
  type AnalysisStage,
  analyzeCircuit,
  type CircuitAnalysis,
} from '../analysis/analyze_circuit.js';
import type { CircuitActivity } from '../analysis/circuit_activity.js';
import { buffersOf } from './transferred_buffers.js';

export interface AnalysisTask {
  readonly activity: CircuitActivity;
  readonly options: Omit<AnalysisOptions, 'onStage'>;
}

export type AnalysisMessage =
  | { readonly stage: AnalysisStage }
  | { readonly analysis: CircuitAnalysis }
  | { readonly error: { readonly name: string; readonly message: string } };

const post = (message: AnalysisMessage, transfer: readonly ArrayBuffer[] = []) =>
  parentPort?.postMessage(message, transfer);

const { activity, options }: AnalysisTask = workerData;
try {
  const analysis = analyzeCircuit(activity, { ...options, onStage: (stage) => post({ stage }) });
  post({ analysis }, buffersOf(analysis));
} catch (error) {
  const { name, message } = error as Error;
  post({ error: { name, message } });
}
