import type { AnalysisOptions } from '../analysis/analyze_circuit.js';
import { EngineError, SimulationFault } from '../engine/engine.js';
import { choiceOf } from '../engine/open_engine.js';
import { DeviceError } from '../engine/webgpu/device/device.js';
import { circuitHash } from '../io/circuit_hash.js';
import { InputError } from '../io/input_error.js';
import type { Checkpoint } from '../io/run_folder/checkpoint_file.js';
import type { UnfinishedRun } from '../io/run_folder/unfinished_run.js';
import { type Versions, versions } from '../io/versions.js';
import { asWriteError, WriteError } from '../io/write_file.js';
import type { Circuit } from '../model/circuit.js';
import { type CircuitFile, resolveCircuit } from '../model/circuit_file.js';
import { fillRunFolder, type SavedRun } from './save_run.js';
import { type PreparedSimulation, prepare, type RunOptions, type RunState } from './simulate.js';

export type FolderRunOptions = Checkpoint['options'];

/** A run ended early and can be resumed. */
export class RunUnfinished extends Error {
  override readonly name = 'RunUnfinished';

  constructor(reason: string, out: string, simulatedMs: number, cause: unknown) {
    super(
      `${reason}\nthe run up to ${simulatedMs} ms is kept: nce run --resume ${out} continues from there`,
      {
        cause,
      },
    );
  }
}

/**
 * Simulates, analyses and writes a run; its recordings go to the disk while it runs. With `checkpointEveryMs` a
 * checkpoint is written at the start, at each multiple of it, at the end and at a stop: whatever ends the run, it can be
 * resumed from the last. Without, one is written when the device fails for good, the results cannot be written or the terminal is closed.
 *
 * Rejects with RunUnfinished where it can be resumed; else as PreparedSimulation.run, with WriteError or InputError.
 */
export async function runIntoFolder(
  prepared: PreparedSimulation,
  unfinished: UnfinishedRun,
  options: FolderRunOptions,
  { onStage, ...runOptions }: RunOptions & Pick<AnalysisOptions, 'onStage'>,
  resumedFrom: Checkpoint | null = null,
): Promise<SavedRun> {
  const { network, engine } = prepared;
  const { circuit } = network;
  const { recordings } = unfinished;
  const everyMs = options.checkpointEveryMs;
  let latest = resumedFrom;
  const keep = (state: RunState) => {
    const checkpoint: Checkpoint = {
      circuitHash: circuitHash(circuit),
      circuit,
      versions: versions(),
      engine: { description: engine.description, driver: engine.adapter?.driver ?? null },
      startedAt: state.startedAt.toISOString(),
      simulateSeconds: state.simulateSeconds,
      restarts: [...state.restarts],
      options,
      log: recordings.position,
      snapshot: state.snapshot,
    };
    if (everyMs !== null) unfinished.writeCheckpoint(checkpoint);
    latest = checkpoint;
  };
  try {
    const simulation = await prepared.run(runOptions, { store: recordings, everyMs, onRestorePoint: keep });
    const { recording } = simulation;
    const isKept = everyMs !== null || runOptions.signal?.reason instanceof Hangup;
    if (isKept && !recording.complete)
      throw new Stopped(`stopped at ${recording.stopMs} of ${circuit.simulation.duration_ms} ms`);
    const folder = unfinished.outputs(options);
    try {
      const saved = await fillRunFolder(folder, simulation, { ...options, ...(onStage && { onStage }) });
      unfinished.discard();
      return saved;
    } catch (error) {
      folder.discard();
      throw asWriteError(unfinished.out, error);
    }
  } catch (error) {
    throw end(unfinished, latest, error as Error, circuit);
  }
}

class Stopped extends Error {}

/** Reason of a signal that asks for a stop after which the run can be resumed: its terminal was closed. */
export class Hangup extends Error {}

/** Keeps what can be resumed, removes the rest, and says what to throw. */
function end(unfinished: UnfinishedRun, latest: Checkpoint | null, error: Error, circuit: Circuit): Error {
  // A blow-up would happen again.
  if (error instanceof SimulationFault) {
    unfinished.discard();
    return error;
  }
  // An InputError: the place of the results was taken, or cannot be made any more.
  const expected = [EngineError, DeviceError, WriteError, InputError, Stopped];
  const isExpected = expected.some((kind) => error instanceof kind);
  if (isExpected && latest && !unfinished.isResumable) writeIfPossible(unfinished, latest);
  const { isResumable, out } = unfinished;
  unfinished.release();
  if (!isResumable || !isExpected || !latest) return error;
  const simulatedMs = latest.snapshot.stepsDone * circuit.simulation.dt_ms;
  return new RunUnfinished(error.message, out, simulatedMs, error);
}

/** On a disk that is full of other things there is no checkpoint: `error` of the run is then the whole message. */
function writeIfPossible(unfinished: UnfinishedRun, checkpoint: Checkpoint): void {
  try {
    unfinished.writeCheckpoint(checkpoint);
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
  }
}

/**
 * Builds the network of a checkpoint again and opens the same kind of engine where it stopped. Rejects with
 * InputError where circuit, versions or engine are not the ones of the checkpoint. `circuit` and `device` are
 * required by the caller.
 */
export async function prepareFromCheckpoint(
  checkpoint: Checkpoint,
  {
    circuit,
    device,
  }: { readonly circuit: Circuit | null; readonly device: Parameters<typeof prepare>[1] | null },
): Promise<PreparedSimulation> {
  const { engine, snapshot, simulateSeconds, restarts } = checkpoint;
  if (circuit && circuitHash(circuit) !== checkpoint.circuitHash)
    throw refusal(`it belongs to another circuit or to other values (${checkpoint.circuitHash.slice(0, 8)})`);
  const own = resolveCircuit(checkpoint.circuit as CircuitFile, { source: 'the circuit of the checkpoint' });
  if (circuitHash(own) !== checkpoint.circuitHash) throw refusal('its circuit is not the one that it names');
  requireSameVersions(checkpoint.versions);
  if (device && (device === 'cpu') !== (snapshot.kind === 'float64'))
    throw refusal(`it was computed by ${engine.description}, not on the device "${device}"`);
  const prepared = await prepare(own, device ?? choiceOf(engine.driver), {
    snapshot,
    startedAt: new Date(checkpoint.startedAt),
    simulateSeconds,
    restarts,
  });
  const { description } = prepared.engine;
  if (description === engine.description) return prepared;
  prepared.close();
  throw refusal(`it was computed by ${engine.description}, but this machine has ${description}`);
}

const refusal = (reason: string): InputError => new InputError(`the checkpoint cannot be resumed: ${reason}`);

/** Also Node's version counts: the network is built with its Math functions, and Dawn compiles the kernels. */
function requireSameVersions(written: Versions): void {
  const own = versions();
  for (const name of Object.keys(own) as (keyof Versions)[])
    if (written[name] !== own[name])
      throw refusal(`it was written with ${name} ${written[name]}, but this is ${own[name]}`);
}
