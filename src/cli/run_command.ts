import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DeviceChoice } from '../engine/open_engine.js';
import { circuitHash } from '../io/circuit_hash.js';
import { MANIFEST_FILE } from '../io/manifest.js';
import { createRunFolder, defaultRunFolder, requireFree } from '../io/run_folder.js';
import { fillRunFolder, type SavedRun } from '../run/save_run.js';
import { type PreparedSimulation, prepare, type Simulation } from '../run/simulate.js';
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
import { runSeeds } from './run_seeds.js';
import { summarize } from './summary.js';

export interface RunCommandOptions extends SimulationOptions {
  readonly device: DeviceChoice;
  readonly seeds?: readonly number[];
  readonly out?: string;
  readonly force?: boolean;
  readonly csv?: boolean;
  readonly segment: number;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addRunCommand(program: Command, io: CliIo): void {
  program
    .command('run')
    .description('simulate a circuit and analyse what it did')
    .argument('[circuit]', 'preset or .yaml/.json file', 'cortical-gamma')
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
        .conflicts('seed'),
    )
    .addOption(deviceOption())
    .addOption(integratorOption())
    .option('--set <path=value>', 'set any value of the circuit; may be repeated', collect)
    .option('--out <folder>', 'where the results go (default: runs/<name>-<UTC>-<hash>)')
    .option('--force', 'replace an earlier run in the output folder')
    .option('--csv', 'also write spikes.csv and edges.csv')
    .addOption(segmentOption())
    .option('--quiet', 'no notes and no progress')
    .option('--json', 'print the results as one JSON document')
    .action((circuit: string, options: RunCommandOptions) =>
      options.seeds ? runSeeds(circuit, options.seeds, options, io) : run(circuit, options, io),
    );
}

/** Segment of Welch's spectrum and coherence. */
export const segmentOption = (): Option =>
  new Option('--segment <time>', "segment of Welch's spectrum and coherence")
    .argParser((text) => {
      const ms = parseDuration(text);
      if (!(ms > 0)) throw new InvalidArgumentError('expected a time above 0.');
      return ms;
    })
    .default(1000, '1s');

async function run(nameOrFile: string, options: RunCommandOptions, io: CliIo): Promise<void> {
  const circuit = await loadCircuit(nameOrFile, overridesOf(options));
  const { force = false, csv = false, segment: segmentMs } = options;
  if (options.out !== undefined) await requireFree(options.out, { force }, MANIFEST_FILE);

  const note = options.quiet ? () => {} : (text: string) => io.err(`${text}\n`);
  const prepared = await prepare(circuit, options.device);
  try {
    const { network, engine, startedAt } = prepared;
    const out = options.out ?? defaultRunFolder(circuit.name, startedAt, circuitHash(circuit));
    // Made before the simulation, so that a place where nothing can be written does not cost its time.
    const folder = await createRunFolder(out, { force });
    try {
      note(
        `${circuit.name}: ${network.neurons} neurons, ${network.synapses.count} synapses, on ${engine.description}`,
      );
      const simulation = await runWithProgress(prepared, options, io);
      report(await fillRunFolder(folder, simulation, { csv, segmentMs }), out, options, io, note);
    } catch (error) {
      await folder.discard();
      throw error;
    }
  } finally {
    prepared.close();
  }
}

async function runWithProgress(
  prepared: PreparedSimulation,
  options: RunCommandOptions,
  io: CliIo,
): Promise<Simulation> {
  if (options.quiet) return prepared.run({ signal: io.signal });
  const progress = new Progress(io, prepared.network.circuit.simulation.duration_ms);
  try {
    return await prepared.run({
      signal: io.signal,
      onProgress: (simulatedMs) => progress.update(simulatedMs),
    });
  } finally {
    progress.end();
  }
}

function report(
  { manifest, analysis, analysisFailure }: SavedRun,
  out: string,
  options: RunCommandOptions,
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
