import { AnalysisError } from '../analysis/data.js';
import type { Results } from '../analysis/results.js';
import { SimulationFault } from '../engine/engine.js';
import { InputError } from '../io/input_error.js';
import { type Versions, versions } from '../io/versions.js';
import { analyzeRecording } from '../recording/analyze_recording.js';
import type { Simulation } from '../run/simulate.js';
import { CircuitError } from '../text/circuit_error.js';
import { readable } from '../text/printable.js';
import type { SweepAnalysis } from './plan.js';

/** The result of one configuration: results/HASH.json of a sweep's folder. */
export interface SweepResult {
  readonly schema: 'nce-sweep-result/1';
  /** Of the configuration. */
  readonly hash: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly versions: Versions;
  /** What computed it. */
  readonly engine: string;
  readonly spikes: number;
  readonly results: Results;
}

/** Why a configuration has no result: failures/HASH.json. */
export interface SweepFailure {
  readonly schema: 'nce-sweep-failure/1';
  readonly hash: string;
  readonly failedAt: string;
  readonly message: string;
  /** Whether it would fail again, as after a blow-up but not after a process was killed. */
  readonly isPermanent: boolean;
}

export type SweepOutcome = { readonly result: SweepResult } | { readonly failure: SweepFailure };

/** Analyses a simulated configuration. Throws AnalysisError as analyzeCircuit, InputError where it was stopped early. */
export function resultOf(simulation: Simulation, analysis: SweepAnalysis, hash: string): SweepResult {
  const { recording, network, startedAt, engine } = simulation;
  if (!recording.complete) throw new InputError(`the simulation was stopped at ${recording.stopMs} ms`);
  const analyzed = analyzeRecording(recording, network, analysis);
  if (!analyzed) throw new InputError('the run ended within its transient: nothing was analysed');
  return {
    schema: 'nce-sweep-result/1',
    hash,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    versions: versions(),
    engine: engine.description,
    spikes: recording.spikes.steps.length,
    results: analyzed.results,
  };
}

export function failureOf(error: unknown, hash: string): SweepFailure {
  const isPermanent = [CircuitError, InputError, AnalysisError, SimulationFault].some(
    (kind) => error instanceof kind,
  );
  return {
    schema: 'nce-sweep-failure/1',
    hash,
    failedAt: new Date().toISOString(),
    message: readable((error as Error).message),
    isPermanent,
  };
}
