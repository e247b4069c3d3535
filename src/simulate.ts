import { type AnalysisOptions, analyzeCircuit, type CircuitAnalysis } from './analysis/analyze_circuit.js';
import type { TimeWindow } from './analysis/data.js';
import { EngineError } from './engine/engine.js';
import { type DeviceChoice, type EngineRecord, openEngine } from './engine/open_engine.js';
import type { Circuit } from './model/circuit.js';
import { CircuitError } from './model/circuit_error.js';
import { buildNetwork } from './network/build.js';
import type { Network } from './network/network.js';
import { activityOf } from './recording/activity.js';
import { record } from './recording/record.js';
import type { Recording } from './recording/recording.js';

export interface SimulateOptions {
  /** Default `auto`. */
  readonly device?: DeviceChoice;
  /** Ends the simulation early; what was recorded until then is returned, marked incomplete. */
  readonly signal?: AbortSignal;
  /** Called once, when the engine is there and the simulation starts. */
  readonly onStart?: (network: Network, engine: EngineRecord) => void | Promise<void>;
  /** Called after every block with the simulated time so far. */
  readonly onProgress?: (simulatedMs: number) => void;
}

/** A simulated circuit, with the wall-clock time that it took. */
export interface Simulation {
  readonly network: Network;
  readonly recording: Recording;
  readonly engine: EngineRecord;
  readonly buildSeconds: number;
  /** Finding the device and making the engine on it. */
  readonly compileSeconds: number;
  readonly simulateSeconds: number;
}

/**
 * Builds and simulates a circuit. Rejects with CircuitError where the network cannot be built or does not fit the
 * engine, DeviceError where there is no device of the choice, SimulationFault on numerical blow-up.
 */
export async function simulate(circuit: Circuit, options: SimulateOptions = {}): Promise<Simulation> {
  const { device = 'auto', signal, onStart, onProgress } = options;
  const [network, buildSeconds] = await timed(() => whileMaking(async () => buildNetwork(circuit)));
  const [opened, compileSeconds] = await timed(() => whileMaking(() => openEngine(network, device)));
  try {
    await onStart?.(network, opened.record);
    const [recording, simulateSeconds] = await timed(() =>
      record(opened.engine, {
        durationMs: circuit.simulation.duration_ms,
        ...(signal && { signal }),
        ...(onProgress && { onProgress }),
      }),
    );
    return { network, recording, engine: opened.record, buildSeconds, compileSeconds, simulateSeconds };
  } finally {
    opened.close();
  }
}

/** Before the first step every refusal of network and engine is about the circuit. */
async function whileMaking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof EngineError)) throw error;
    const issue = { path: '', source: null, line: null, column: null, message: error.message };
    throw new CircuitError([issue], { cause: error });
  }
}

/** The window that the analysis of a recording uses: all but the transient; null where the run ended within it. */
export function analysisWindow(recording: Recording, circuit: Circuit): TimeWindow | null {
  const { transient_ms: startMs } = circuit.simulation;
  return recording.stopMs > startMs ? { startMs, stopMs: recording.stopMs } : null;
}

/** Analyses what a network did, without the transient; null where the run ended within it. Throws AnalysisError. */
export function analyze(
  { recording, network }: Pick<Simulation, 'recording' | 'network'>,
  options: AnalysisOptions = {},
): CircuitAnalysis | null {
  const window = analysisWindow(recording, network.circuit);
  return window && analyzeCircuit(activityOf(recording, network, window), options);
}

/** What `work` gives, and how long it took in s. */
export async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1000];
}
