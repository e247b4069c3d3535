import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AnalysisStage } from '../analysis/analyze_circuit.js';
import type { DeviceChoice } from '../engine/open_engine.js';
import type { Checkpoint } from '../io/checkpoint_file.js';
import { circuitHash } from '../io/circuit_hash.js';
import { defaultRunFolder } from '../io/run_folder.js';
import { requireStartable, UnfinishedRun } from '../io/unfinished_run.js';
import { type FolderRunOptions, runIntoFolder } from '../run/folder_run.js';
import type { SavedRun } from '../run/save_run.js';
import { type PreparedSimulation, prepare } from '../run/simulate.js';
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
  type SimulationOptions,
} from './arguments.js';
import { loadCircuit } from './circuit_source.js';
import { type CliIo, CommandFailed } from './cli_io.js';
import { formatFactor, Progress } from './progress.js';
import { resume } from './resume_run.js';
import { runSeeds } from './run_seeds.js';
import { StageProgress } from './stage_progress.js';
import { summarize } from './summary.js';

export interface RunCommandOptions extends SimulationOptions {
  readonly device: DeviceChoice;
  readonly seeds?: readonly number[];
  readonly out?: string;
  readonly force?: boolean;
  readonly csv?: boolean;
  readonly segment: number;
  readonly checkpointEvery?: number;
  readonly resume?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addRunCommand(program: Command, io: CliIo): void {
  program
    .command('run')
    .description('simulate a circuit and analyse what it did')
    .argument(
      '[circuit]',
      'preset, .yaml/.json file, or configuration of a SONATA network (.json)',
      'cortical-gamma',
    )
    .addOption(durationOption('simulated time, such as 5.5s or 500ms'))
    .addOption(
      new Option('--transient <time>', 'time at the start that the analysis leaves out').argParser(
        parseDuration,
      ),
    )
    .addOption(dtOption())
    .addOption(new Option('--seed <number>', 'seed of every random number').argParser(parseNumber))
    .addOption(
      new Option('--seeds <list>', 'many seeds, such as 1..64: simulated side by side, a folder for each')
        .argParser(parseSeeds)
        .conflicts(['seed', 'checkpointEvery']),
    )
    .addOption(deviceOption())
    .addOption(integratorOption())
    .option('--set <path=value>', 'set any value of the circuit; may be repeated', collect)
    .option('--out <folder>', 'where the results go (default: runs/<name>-<UTC>-<hash>)')
    .option('--force', 'replace an earlier run in the output folder')
    .option('--csv', 'also write spikes.csv and edges.csv')
    .addOption(segmentOption())
    .addOption(
      new Option('--checkpoint-every <time>', 'write a checkpoint each time so much was simulated').argParser(
        parsePositiveDuration,
      ),
    )
    .addOption(
      new Option('--resume <folder>', 'go on with an unfinished run from its last checkpoint').conflicts([
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
  if (options.out !== undefined) await requireStartable(options.out, { force });
  const prepared = await prepare(circuit, options.device);
  try {
    const out = options.out ?? defaultRunFolder(circuit.name, prepared.startedAt, circuitHash(circuit));
    // Made before the simulation, so that a place where nothing can be written does not cost its time.
    const unfinished = await UnfinishedRun.create(out, { force });
    await simulateInto(unfinished, prepared, { force, csv, segmentMs, checkpointEveryMs }, options, io);
  } finally {
    prepared.close();
  }
}

/** Simulates with progress, and prints what came of it. */
export async function simulateInto(
  unfinished: UnfinishedRun,
  prepared: PreparedSimulation,
  folderOptions: FolderRunOptions,
  options: Pick<RunCommandOptions, 'quiet' | 'json'>,
  io: CliIo,
  resumedFrom: Checkpoint | null = null,
): Promise<void> {
  const { network, engine } = prepared;
  const { circuit } = network;
  const sources = network.spikeSources.reduce((sum, { count }) => sum + count, 0);
  const note = options.quiet ? () => {} : (text: string) => io.err(`${text}\n`);
  note(
    `${circuit.name}: ${network.neurons} neurons, ${sources > 0 ? `${sources} spike sources, ` : ''}${network.synapses.count} synapses, on ${engine.description}`,
  );
  if (folderOptions.checkpointEveryMs !== null)
    note(`if it does not come to its end: nce run --resume ${unfinished.out}`);
  const progress = options.quiet ? null : new Progress(io, circuit.simulation.duration_ms);
  const stages = options.quiet ? null : new StageProgress(io);
  const runOptions = {
    signal: io.signal,
    ...(progress && { onProgress: (simulatedMs: number) => progress.update(simulatedMs) }),
    ...(stages && { onStage: (stage: AnalysisStage) => stages.update(stage) }),
  };
  const saved = await runIntoFolder(prepared, unfinished, folderOptions, runOptions, resumedFrom).finally(
    () => {
      progress?.end();
      stages?.end();
    },
  );
  report(saved, unfinished.out, options, io, note);
}

function report(
  { manifest, analysis, analysisFailure }: SavedRun,
  out: string,
  options: Pick<RunCommandOptions, 'json'>,
  io: CliIo,
  note: (text: string) => void,
): void {
  const { simulatedMs, durationMs, timings, realTimeFactor, status } = manifest;
  const isComplete = status === 'complete';
  note(
    `${simulatedMs / 1000} s simulated in ${timings.simulateSeconds.toFixed(1)} s (real-time factor ${formatFactor(realTimeFactor)}), ` +
      `analysed and written in ${(timings.analyzeSeconds + timings.writeSeconds).toFixed(1)} s`,
  );
  if (!analysis && !analysisFailure) note('the run ended within the transient: nothing was analysed');
  if (options.json)
    io.out(`${JSON.stringify({ folder: out, manifest, results: analysis?.results ?? null }, null, 2)}\n`);
  else io.out(`${analysis ? summarize(analysis.results) : ''}${'folder:'.padEnd(24)}${out}\n`);
  if (analysisFailure)
    throw new CommandFailed(`the analysis failed: ${analysisFailure.message}; the recording is in ${out}`);
  if (!isComplete)
    throw new CommandFailed(
      `stopped at ${simulatedMs} of ${durationMs} ms; what was computed is in ${out}, marked incomplete`,
    );
}
