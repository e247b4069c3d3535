import { type Command, Option } from 'commander';
import type { CircuitAnalysis } from '../analysis/analyze_circuit.js';
import type { CircuitActivity } from '../analysis/circuit_activity.js';
import { readActivity } from '../io/activity_files.js';
import { InputError } from '../io/input_error.js';
import { folderKind, requireFree, writeFolder } from '../io/run_folder/output_folder.js';
import { readRun } from '../io/run_folder/recording_files.js';
import { type NeuronIdentity, neuronIdentities } from '../io/tables/run_tables.js';
import { assembleNetwork } from '../network/assemble.js';
import { activityAfterTransient } from '../recording/analyze_recording.js';
import type { RunDescription } from '../report/header.js';
import { writeAnalysis } from '../run/analysis_outputs.js';
import { analyzeActivity } from '../run/analyze_activity.js';
import { durationOption, parseDuration } from './arguments.js';
import type { CliIo } from './cli_io.js';
import { segmentOption } from './run_command.js';
import { StageProgress } from './stage_progress.js';
import { summarize } from './summary.js';

interface AnalyzeOptions {
  readonly spikes?: string;
  readonly neurons?: string;
  readonly lfp?: string;
  readonly edges?: string;
  readonly duration?: number;
  readonly transient?: number;
  readonly segment: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

interface Analyzed {
  readonly analysis: CircuitAnalysis;
  readonly identities: Iterable<NeuronIdentity>;
  readonly run: RunDescription;
}

const ANALYSIS_FOLDER = folderKind('an analysis');

type Analyze = (activity: CircuitActivity) => Promise<CircuitAnalysis>;

export function addAnalyzeCommand(program: Command, io: CliIo): void {
  program
    .command('analyze')
    .description('analyse a run folder or external data')
    .argument('[folder]', 'folder of a run')
    .option('--spikes <file>', 'neuron,time_ms as .csv, SONATA as .h5, or the Units of .nwb')
    .option('--neurons <file>', 'neuron,population[,x_um,y_um,z_um]')
    .option('--lfp <file>', 'time_ms,lfp_uV as .csv, or the ElectricalSeries of .nwb')
    .option('--edges <file>', 'source,target[,weight_nS,delay_ms]')
    .addOption(durationOption('recorded time; needed with --spikes'))
    .addOption(new Option('--transient <time>', 'initial time to discard').argParser(parseDuration))
    .addOption(segmentOption())
    .option('--out <folder>', 'folder for the results; needed with --spikes')
    .option('--force', 'replace an earlier analysis in the output folder')
    .option('--json', 'print the results as one JSON document')
    .action((folder: string | undefined, options: AnalyzeOptions) => runAnalyze(folder, options, io));
}

async function runAnalyze(folder: string | undefined, options: AnalyzeOptions, io: CliIo): Promise<void> {
  const out = options.out ?? null;
  const force = options.force ?? false;
  if (out !== null) requireFree(out, { force }, ANALYSIS_FOLDER);
  const analyze: Analyze = (activity) => {
    const stages = new StageProgress(io);
    return analyzeActivity(activity, {
      segmentMs: options.segment,
      signal: io.signal,
      onStage: (stage) => stages.update(stage),
    }).finally(() => stages.end());
  };
  const { analysis, identities, run } = await (folder === undefined
    ? analyzeFiles(options, analyze)
    : analyzeRun(folder, options, analyze));
  if (out !== null)
    await writeFolder(out, { force }, ANALYSIS_FOLDER, (results) =>
      writeAnalysis(results, analysis, identities, run),
    );
  if (options.json) io.out(`${JSON.stringify(analysis.results, null, 2)}\n`);
  else io.out(`${summarize(analysis.results)}${out === null ? '' : `${'folder:'.padEnd(24)}${out}\n`}`);
}

async function analyzeRun(folder: string, options: AnalyzeOptions, analyze: Analyze): Promise<Analyzed> {
  for (const option of ['spikes', 'neurons', 'lfp', 'edges', 'duration'] as const)
    if (options[option] !== undefined)
      throw new InputError(`--${option} is for other data; ${folder} is a run's folder`);
  const { manifest, circuit, recording } = await readRun(folder);
  const { transient: transient_ms = circuit.simulation.transient_ms } = options;
  const network = assembleNetwork({ ...circuit, simulation: { ...circuit.simulation, transient_ms } });
  const activity = activityAfterTransient(recording, network);
  if (!activity)
    throw new InputError(
      `--transient: expected less than the ${recording.stopMs} ms of the run; got ${transient_ms}`,
    );
  return {
    analysis: await analyze(activity),
    identities: neuronIdentities(network),
    run: {
      name: circuit.name,
      seed: circuit.simulation.seed,
      adapter: manifest.engine.description,
      integrator: circuit.simulation.integrator,
      dtMs: circuit.simulation.dt_ms,
      realTimeFactor: null,
      complete: recording.complete,
    },
  };
}

async function analyzeFiles(options: AnalyzeOptions, analyze: Analyze): Promise<Analyzed> {
  const { spikes, neurons, lfp, edges, duration, transient = 0, out } = options;
  if (spikes === undefined) throw new InputError("expected a run's folder or --spikes FILE");
  if (duration === undefined) throw new InputError('--spikes needs --duration, the time that was recorded');
  if (out === undefined) throw new InputError('--spikes needs --out, the folder for the results');
  if (!(duration > 0)) throw new InputError(`--duration: expected a time above 0 ms; got ${duration}`);
  if (!(transient >= 0 && transient < duration))
    throw new InputError(`--transient: expected a time from 0 to below ${duration} ms; got ${transient}`);
  const files = {
    spikes,
    ...(neurons !== undefined && { neurons }),
    ...(lfp !== undefined && { lfp }),
    ...(edges !== undefined && { edges }),
  };
  const { activity, identities } = await readActivity(files, { startMs: transient, stopMs: duration });
  return {
    analysis: await analyze(activity),
    identities,
    run: {
      name: spikes,
      seed: null,
      adapter: null,
      integrator: null,
      dtMs: null,
      realTimeFactor: null,
      complete: true,
    },
  };
}
