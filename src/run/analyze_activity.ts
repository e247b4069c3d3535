import { Worker } from 'node:worker_threads';
import { type AnalysisOptions, analyzeCircuit, type CircuitAnalysis } from '../analysis/analyze_circuit.js';
import type { CircuitActivity } from '../analysis/circuit_activity.js';
import { AnalysisError } from '../analysis/data.js';
import type { AnalysisMessage, AnalysisTask } from './analysis_worker.js';
import { buffersOf } from './transferred_buffers.js';

/** A larger analysis takes seconds and runs in a separate thread. */
export const LARGE_ACTIVITY = { spikes: 1_000_000, edges: 300_000 } as const;

export interface AnalyzeActivityOptions extends AnalysisOptions {
  /** Ends the analysis of a large activity. */
  readonly signal?: AbortSignal;
}

/** The user stopped the analysis. */
export class AnalysisStopped extends Error {
  override readonly name = 'AnalysisStopped';
}

/**
 * Analyses an activity, a large one in a separate thread, so that the program stays responsive. The activity's arrays
 * may be moved to that thread: use those of the analysis afterwards. Rejects with AnalysisError as analyzeCircuit,
 * and with AnalysisStopped after an abort.
 */
export async function analyzeActivity(
  activity: CircuitActivity,
  options: AnalyzeActivityOptions = {},
): Promise<CircuitAnalysis> {
  const edges = activity.graph?.targets.length ?? 0;
  const isLarge = activity.spikes.timesMs.length >= LARGE_ACTIVITY.spikes || edges >= LARGE_ACTIVITY.edges;
  return isLarge ? analyzeInThread(activity, options) : analyzeCircuit(activity, options);
}

function analyzeInThread(
  activity: CircuitActivity,
  { onStage, signal, ...options }: AnalyzeActivityOptions,
): Promise<CircuitAnalysis> {
  return new Promise((resolve, reject) => {
    const workerData: AnalysisTask = { activity, options };
    const worker = new Worker(new URL('./analysis_worker.js', import.meta.url), {
      workerData,
      transferList: buffersOf(activity),
    });
    const stop = () => {
      reject(new AnalysisStopped('the analysis was stopped'));
      void worker.terminate();
    };
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', (message: AnalysisMessage) => {
      if ('stage' in message) onStage?.(message.stage);
      else if ('analysis' in message) resolve(message.analysis);
      else reject(errorOf(message.error));
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      reject(new Error(`the thread of the analysis ended with code ${code}`));
    });
  });
}

function errorOf({ name, message }: { readonly name: string; readonly message: string }): Error {
  return name === 'AnalysisError' ? new AnalysisError(message) : Object.assign(new Error(message), { name });
}
