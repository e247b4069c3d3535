import type { AnalysisOptions } from '../analysis/analyze_circuit.js';
import type { DeviceChoice } from '../engine/open_engine.js';
import { UnfinishedRun } from '../io/run_folder/unfinished_run.js';
import type { Circuit } from '../model/circuit.js';
import { type CircuitFile, resolveCircuit } from '../model/circuit_file.js';
import { prepareFromCheckpoint, runIntoFolder } from './folder_run.js';
import { loadWriters } from './load_writers.js';
import type { SavedRun } from './save_run.js';
import { prepare, type RunOptions } from './simulate.js';

export interface CheckpointedRunOptions extends RunOptions, Pick<AnalysisOptions, 'onStage'> {
  /** Default `auto`. */
  readonly device?: DeviceChoice;
  /** Simulated time between two checkpoints, ms; default 10,000. */
  readonly checkpointEveryMs?: number;
  /** Also spikes.csv and edges.csv. */
  readonly csv?: boolean;
  /** Segment of Welch's spectrum and coherence, ms; default 1000. */
  readonly segmentMs?: number;
  /** Replaces an earlier run in the folder, and discards an unfinished one. */
  readonly force?: boolean;
}

const DEFAULT_EVERY_MS = 10_000;

/**
 * Simulates a circuit and writes it to a folder, with checkpoints on the disk. Whatever ends the process, {@link
 * resumeRun} continues from the last checkpoint to the same result. Rejects with RunUnfinished where it was stopped,
 * the device failed for good or the disk is full, as `nce run` says; with InputError if the folder exists; else as
 * {@link simulate}.
 */
export async function runWithCheckpoints(
  circuit: Circuit,
  out: string,
  options: CheckpointedRunOptions = {},
): Promise<SavedRun> {
  const {
    device = 'auto',
    checkpointEveryMs = DEFAULT_EVERY_MS,
    csv = false,
    segmentMs = 1000,
    force = false,
    ...runOptions
  } = options;
  await loadWriters();
  // It may have been changed since it was resolved.
  const prepared = await prepare(resolveCircuit(circuit as CircuitFile), device);
  try {
    const unfinished = await UnfinishedRun.create(out, { force });
    return await runIntoFolder(
      prepared,
      unfinished,
      { csv, segmentMs, force, checkpointEveryMs },
      runOptions,
    );
  } finally {
    prepared.close();
  }
}

/**
 * Continues an unfinished run of `out` from its last checkpoint, with the same settings, on the same kind of device.
 * `force` also continues a run that a process on another machine started. Rejects with InputError where there is
 * none, another process has it, or its checkpoint is damaged, of another version or device; else as {@link
 * runWithCheckpoints}.
 */
export async function resumeRun(
  out: string,
  {
    force = false,
    ...runOptions
  }: Omit<CheckpointedRunOptions, 'device' | 'checkpointEveryMs' | 'csv' | 'segmentMs'> = {},
): Promise<SavedRun> {
  const { run, checkpoint } = await UnfinishedRun.reopen(out, { force });
  let isHandedOver = false;
  try {
    await loadWriters();
    const prepared = await prepareFromCheckpoint(checkpoint, { circuit: null, device: null });
    try {
      isHandedOver = true;
      return await runIntoFolder(prepared, run, checkpoint.options, runOptions, checkpoint);
    } finally {
      prepared.close();
    }
  } finally {
    if (!isHandedOver) run.release();
  }
}
