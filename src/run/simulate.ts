import { EngineError, type EngineSnapshot } from '../engine/engine.js';
import { type DeviceChoice, type EngineRecord, openEngine } from '../engine/open_engine.js';
import type { Circuit } from '../model/circuit.js';
import { type CircuitFile, resolveCircuit } from '../model/circuit_file.js';
import { assembleNetwork } from '../network/assemble.js';
import type { Network } from '../network/network.js';
import { type BlockStore, BlocksInMemory } from '../recording/block_store.js';
import { assembleRecording } from '../recording/record.js';
import type { Recording } from '../recording/recording.js';
import { CircuitError } from '../text/circuit_error.js';
import { machineBytes, requireMemory } from './memory_need.js';
import { RecoveringEngine, type Reopen, type Restart } from './recovering_engine.js';

/** Simulated time between two restore points in memory, ms: what a lost device costs at most. */
const RESTORE_EVERY_MS = 10_000;

export interface RunOptions {
  /** Ends the simulation early; what was recorded until then is returned, marked incomplete. */
  readonly signal?: AbortSignal;
  /** Called after every block with the simulated time so far. */
  readonly onProgress?: (simulatedMs: number) => void;
}

export interface SimulateOptions extends RunOptions {
  /** Default `auto`. */
  readonly device?: DeviceChoice;
}

/** How far a run is, and its restarts. */
export interface RunState {
  readonly snapshot: EngineSnapshot;
  readonly startedAt: Date;
  /** Wall-clock time of the simulation so far, s. */
  readonly simulateSeconds: number;
  readonly restarts: readonly Restart[];
}

/** Where a run's blocks are stored, and what is notified of its restore points. */
export interface Keeping {
  /** Holds the blocks up to the point where the run continues. */
  readonly store: BlockStore;
  /** Simulated time between two restore points, ms, with one at the start; null for a few in between. There is one at the end. */
  readonly everyMs: number | null;
  readonly onRestorePoint: (state: RunState) => void;
}

/** A network on an engine, before its first step; with the wall-clock time that this took. */
export interface PreparedSimulation {
  readonly startedAt: Date;
  readonly network: Network;
  readonly engine: EngineRecord;
  readonly buildSeconds: number;
  /** Finding the device and making the engine on it. */
  readonly compileSeconds: number;
  /**
   * Simulates the circuit's duration, once; continues automatically when a device is lost. Rejects with
   * SimulationFault on numerical blow-up, DeviceError where the device fails for good, and with what `keeping`
   * throws.
   */
  run(options?: RunOptions, keeping?: Keeping): Promise<Simulation>;
  /** Frees engine and device. */
  close(): void;
}

/** A simulated circuit. */
export interface Simulation extends Omit<PreparedSimulation, 'run' | 'close'> {
  readonly recording: Recording;
  /** Circuits that were simulated side by side; 1 where it was alone. Timings are the share of each. */
  readonly ensembleMembers: number;
  readonly simulateSeconds: number;
  readonly restarts: readonly Restart[];
}

/**
 * Builds and simulates a circuit. Rejects with CircuitError where the network cannot be built or does not fit the
 * engine, DeviceError where there is no device of the choice, SimulationFault on numerical blow-up.
 */
export async function simulate(
  circuit: Circuit,
  { device = 'auto', ...options }: SimulateOptions = {},
): Promise<Simulation> {
  // It may have been changed since it was resolved.
  const prepared = await prepare(resolveCircuit(circuit as CircuitFile), device);
  try {
    return await prepared.run(options);
  } finally {
    prepared.close();
  }
}

/** The first half of {@link simulate}, for callers with something to do in between; the circuit is as resolved. */
export async function prepare(
  circuit: Circuit,
  device: Parameters<typeof openEngine>[1],
  resumeFrom: RunState | null = null,
): Promise<PreparedSimulation> {
  const startedAt = resumeFrom?.startedAt ?? new Date();
  requireMemory(circuit, machineBytes());
  const [network, buildSeconds] = await timed(() => whileMaking(async () => assembleNetwork(circuit)));
  const snapshot = resumeFrom?.snapshot ?? null;
  const [opened, compileSeconds] = await timed(() =>
    whileMaking(() => openEngine(network, device, snapshot)),
  );
  const made = { startedAt, network, engine: opened.record, buildSeconds, compileSeconds };
  let close = opened.close;
  return {
    ...made,
    run: async (options = {}, keeping) => {
      const store = keeping?.store ?? new BlocksInMemory();
      const reopen: Reopen = (choice, restorePoint) => openEngine(network, choice, restorePoint);
      const engine = new RecoveringEngine(circuit.simulation.dt_ms, opened, reopen, store, snapshot);
      close = () => engine.close();
      const progress = { circuit, startedAt };
      const { restarts, simulateSeconds } = await runToEnd(engine, progress, options, keeping, resumeFrom);
      const complete = engine.stepsDone === stepsOf(circuit);
      const recording = assembleRecording(network, store, complete);
      return { ...made, recording, ensembleMembers: 1, simulateSeconds, restarts };
    },
    close: () => close(),
  };
}

export const stepsOf = ({ simulation }: Circuit): number =>
  Math.round(simulation.duration_ms / simulation.dt_ms);

/** Advances an engine to the end of the circuit's duration, or until the abort, with restore points on the way. */
export async function runToEnd(
  engine: RecoveringEngine,
  { circuit, startedAt }: { readonly circuit: Circuit; readonly startedAt: Date },
  { signal, onProgress }: RunOptions,
  keeping?: Keeping,
  resumedFrom: RunState | null = null,
): Promise<Omit<RunState, 'snapshot' | 'startedAt'>> {
  const { dt_ms: dtMs } = circuit.simulation;
  const stop = stepsOf(circuit);
  const interval = Math.max(1, Math.round((keeping?.everyMs ?? RESTORE_EVERY_MS) / dtMs));
  const begin = performance.now();
  const earlier = resumedFrom
    ? [...resumedFrom.restarts, { simulatedMs: engine.stepsDone * dtMs, reason: 'resumed from a checkpoint' }]
    : [];
  const soFar = () => ({
    restarts: [...earlier, ...engine.restarts],
    simulateSeconds: (resumedFrom?.simulateSeconds ?? 0) + (performance.now() - begin) / 1000,
  });
  const keep = async () => {
    const snapshot = await engine.keepRestorePoint();
    keeping?.onRestorePoint({ snapshot, startedAt, ...soFar() });
  };
  if (keeping && keeping.everyMs !== null) await keep();
  while (engine.stepsDone < stop && !signal?.aborted) {
    const next = Math.min(stop, interval * (Math.floor(engine.stepsDone / interval) + 1));
    await engine.advanceTo(next, signal, ({ stepsDone }) => onProgress?.(stepsDone * dtMs));
    if (keeping || engine.stepsDone < stop) await keep();
  }
  return soFar();
}

/** Before the first step every refusal of network and engine is about the circuit. */
export async function whileMaking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof EngineError)) throw error;
    const issue = { path: '', source: null, line: null, column: null, message: error.message };
    throw new CircuitError([issue], { cause: error });
  }
}

/** What `work` gives, and how long it took in s. */
export async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1000];
}
