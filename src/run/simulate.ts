import { EngineError } from '../engine/engine.js';
import { type DeviceChoice, type EngineRecord, openEngine } from '../engine/open_engine.js';
import type { Circuit } from '../model/circuit.js';
import { CircuitError } from '../model/circuit_error.js';
import { buildNetwork } from '../network/build.js';
import type { Network } from '../network/network.js';
import { record } from '../recording/record.js';
import type { Recording } from '../recording/recording.js';
import { machineBytes, requireMemory } from './memory_need.js';

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

/** A network on an engine, before its first step; with the wall-clock time that this took. */
export interface PreparedSimulation {
  readonly startedAt: Date;
  readonly network: Network;
  readonly engine: EngineRecord;
  readonly buildSeconds: number;
  /** Finding the device and making the engine on it. */
  readonly compileSeconds: number;
  /** Simulates the circuit's duration, once. Rejects with SimulationFault on numerical blow-up. */
  run(options?: RunOptions): Promise<Simulation>;
  /** Frees engine and device. */
  close(): void;
}

/** A simulated circuit. */
export interface Simulation extends Omit<PreparedSimulation, 'run' | 'close'> {
  readonly recording: Recording;
  /** Circuits that were simulated side by side; 1 where it was alone. Timings are the share of each. */
  readonly ensembleMembers: number;
  readonly simulateSeconds: number;
}

/**
 * Builds and simulates a circuit. Rejects with CircuitError where the network cannot be built or does not fit the
 * engine, DeviceError where there is no device of the choice, SimulationFault on numerical blow-up.
 */
export async function simulate(
  circuit: Circuit,
  { device = 'auto', ...options }: SimulateOptions = {},
): Promise<Simulation> {
  const prepared = await prepare(circuit, device);
  try {
    return await prepared.run(options);
  } finally {
    prepared.close();
  }
}

/** The first half of {@link simulate}, for callers with something to do in between. */
export async function prepare(circuit: Circuit, device: DeviceChoice): Promise<PreparedSimulation> {
  const startedAt = new Date();
  requireMemory(circuit, machineBytes());
  const [network, buildSeconds] = await timed(() => whileMaking(async () => buildNetwork(circuit)));
  const [opened, compileSeconds] = await timed(() => whileMaking(() => openEngine(network, device)));
  const made = { startedAt, network, engine: opened.record, buildSeconds, compileSeconds };
  return {
    ...made,
    run: async (options = {}) => {
      const { duration_ms: durationMs } = circuit.simulation;
      const [recording, simulateSeconds] = await timed(() =>
        record(opened.engine, { durationMs, ...options }),
      );
      return { ...made, recording, ensembleMembers: 1, simulateSeconds };
    },
    close: opened.close,
  };
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
