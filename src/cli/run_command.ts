import { type Command, InvalidArgumentError, Option } from 'commander';
import { circuitHash } from '../io/circuit_hash.js';
import { defaultRunFolder } from '../io/run_folder/output_folder.js';
import { requireStartable, UnfinishedRun } from '../io/run_folder/unfinished_run.js';
import { loadWriters } from '../run/load_writers.js';
import { prepare } from '../run/simulate.js';
import {
  collect,
  deviceOption,
  dtOption,
  durationOption,
  integratorOption,
  overridesOf,
  parseDuration,
  parseNumber,
  parseSeeds,
} from './arguments.js';
import { loadCircuit } from './circuit_source.js';
import type { CliIo } from './cli_io.js';
import { resume } from './resume_run.js';
import type { RunCommandOptions } from './run_options.js';
import { runSeeds } from './run_seeds.js';
import { simulateInto } from './simulate_into.js';

export function addRunCommand(program: Command, io: CliIo): void {
  program
    .command('run')
    .description('simulate a circuit and analyse its activity')
    .argument(
      '[circuit]',
      'preset, .yaml/.json file, or configuration of a SONATA network (.json)',
      'cortical-gamma',
    )
    .addOption(durationOption('simulated time, such as 5.5s or 500ms'))
    .addOption(
      new Option('--transient <time>', 'initial time that the analysis discards').argParser(parseDuration),
    )
    .addOption(dtOption())
    .addOption(new Option('--seed <number>', 'seed of every random number').argParser(parseNumber))
    .addOption(
      new Option(
        '--seeds <list>',
        'several seeds, such as 1..64: simulated side by side, one folder for each',
      )
        .argParser(parseSeeds)
        .conflicts(['seed', 'checkpointEvery']),
    )
    .addOption(deviceOption())
    .addOption(integratorOption())
    .option('--set <path=value>', 'set any value of the circuit; may be repeated', collect)
    .option('--out <folder>', 'folder for the results (default: runs/<name>-<UTC>-<hash>)')
    .option('--force', 'replace an earlier run in the output folder')
    .option('--csv', 'also write spikes.csv and edges.csv')
    .addOption(segmentOption())
    .addOption(
      new Option(
        '--checkpoint-every <time>',
        'write a checkpoint after each such interval of simulated time',
      ).argParser(parsePositiveDuration),
    )
    .addOption(
      new Option('--resume <folder>', 'continue an unfinished run from its last checkpoint').conflicts([
        'out',
        'seeds',
      ]),
    )
    .option('--quiet', 'no notes and no progress')
    .option('--json', 'print the results as one JSON document')
    .action((circuit: string, options: RunCommandOptions, command: Command) => {
      if (options.resume !== undefined) return resume(options.resume, command, io);
      return options.seeds ? runSeeds(circuit, options.seeds, options, io) : run(circuit, options, io);
    });
}

/** Segment of Welch's spectrum and coherence. */
export const segmentOption = (): Option =>
  new Option('--segment <time>', "segment of Welch's spectrum and coherence")
    .argParser(parsePositiveDuration)
    .default(1000, '1s');

function parsePositiveDuration(text: string): number {
  const ms = parseDuration(text);
  if (!(ms > 0)) throw new InvalidArgumentError('expected a time above 0.');
  return ms;
}

async function run(nameOrFile: string, options: RunCommandOptions, io: CliIo): Promise<void> {
  const circuit = await loadCircuit(nameOrFile, overridesOf(options), (note) => {
    if (!options.quiet) io.err(`${note}\n`);
  });
  const {
    force = false,
    csv = false,
    segment: segmentMs,
    checkpointEvery: checkpointEveryMs = null,
  } = options;
  if (options.out !== undefined) requireStartable(options.out, { force });
  await loadWriters();
  const prepared = await prepare(circuit, options.device);
  try {
    const out = options.out ?? defaultRunFolder(circuit.name, prepared.startedAt, circuitHash(circuit));
    // Created before the simulation, so that no simulation is lost because the folder cannot be written.
    const unfinished = await UnfinishedRun.create(out, { force });
    await simulateInto(unfinished, prepared, { force, csv, segmentMs, checkpointEveryMs }, options, io);
  } finally {
    prepared.close();
  }
}
