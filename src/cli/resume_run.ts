import type { Command } from 'commander';
import type { Checkpoint } from '../io/run_folder/checkpoint_file.js';
import { UnfinishedRun } from '../io/run_folder/unfinished_run.js';
import type { Circuit } from '../model/circuit.js';
import { type CircuitFile, resolveCircuit } from '../model/circuit_file.js';
import { prepareFromCheckpoint } from '../run/folder_run.js';
import { loadWriters } from '../run/load_writers.js';
import { overridesOf } from './arguments.js';
import { loadCircuit } from './circuit_source.js';
import type { CliIo } from './cli_io.js';
import type { RunCommandOptions } from './run_options.js';
import { simulateInto } from './simulate_into.js';

/**
 * `nce run --resume`: all settings are those of the checkpoint. Circuit, values and device may be repeated and must
 * be the same; what is written and how often can be changed.
 */
export async function resume(folder: string, command: Command, io: CliIo): Promise<void> {
  const options = command.opts<RunCommandOptions>();
  const { run, checkpoint } = await UnfinishedRun.reopen(folder, { force: options.force ?? false });
  let isHandedOver = false;
  try {
    await loadWriters();
    const circuit = await circuitGiven(command, options, checkpoint, io);
    const device = options.device === 'auto' ? null : options.device;
    const prepared = await prepareFromCheckpoint(checkpoint, { circuit, device });
    try {
      isHandedOver = true;
      const { csv, segmentMs, checkpointEveryMs, force } = checkpoint.options;
      const folderOptions = {
        force,
        csv: options.csv ?? csv,
        segmentMs: isGiven(command, 'segment') ? options.segment : segmentMs,
        checkpointEveryMs: options.checkpointEvery ?? checkpointEveryMs,
      };
      await simulateInto(run, prepared, folderOptions, options, io, checkpoint);
    } finally {
      prepared.close();
    }
  } finally {
    if (!isHandedOver) run.release();
  }
}

const isGiven = (command: Command, option: string): boolean => command.getOptionValueSource(option) === 'cli';

/** The circuit of the command line; null where neither it nor any of its values is given. */
async function circuitGiven(
  command: Command,
  options: RunCommandOptions,
  { circuit }: Checkpoint,
  io: CliIo,
): Promise<Circuit | null> {
  const overrides = overridesOf(options);
  if (command.args.length > 0)
    return loadCircuit(command.args[0], overrides, (note) => {
      if (!options.quiet) io.err(`${note}\n`);
    });
  if (overrides.length === 0) return null;
  return resolveCircuit(circuit as CircuitFile, { source: 'the circuit of the checkpoint', overrides });
}
