import { type Command, Option } from 'commander';
import type { CircuitAnalysis } from '../analysis/analyze_circuit.js';
import type { DeviceChoice } from '../engine/open_engine.js';
import { circuitHash } from '../io/circuit_hash.js';
import { MANIFEST_FILE, type Manifest, versions } from '../io/manifest.js';
import { RECORDING_FILES, spikeEvents, writeRecording } from '../io/recording_files.js';
import {
  commitRun,
  createRunFolder,
  defaultRunFolder,
  type OutputFolder,
  requireFree,
} from '../io/run_folder.js';
import { neuronIdentities, writeEdges, writeSpikes } from '../io/run_tables.js';
import type { Circuit } from '../model/circuit.js';
import { analyze, type Simulation, simulate, timed } from '../simulate.js';
import { writeAnalysis } from './analysis_outputs.js';
import {
  collect,
  deviceOption,
  dtOption,
  durationOption,
  integratorOption,
  overridesOf,
  parseDuration,
  parseNumber,
  type SimulationOptions,
} from './arguments.js';
import { loadCircuit } from './circuit_source.js';
import { type CliIo, CommandFailed } from './cli_io.js';
import { formatFactor, Progress } from './progress.js';
import { summarize } from './summary.js';

interface RunOptions extends SimulationOptions {
  readonly device: DeviceChoice;
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
    .addOption(deviceOption())
    .addOption(integratorOption())
    .option('--set <path=value>', 'set any value of the circuit; may be repeated', collect)
    .option('--out <folder>', 'where the results go (default: runs/<name>-<UTC>-<hash>)')
    .option('--force', 'replace an earlier run in the output folder')
    .option('--csv', 'also write spikes.csv and edges.csv')
    .addOption(segmentOption())
    .option('--quiet', 'no notes and no progress')
    .option('--json', 'print the results as one JSON document')
    .action((circuit: string, options: RunOptions) => run(circuit, options, io));
}

/** Segment of Welch's spectrum and coherence. */
export const segmentOption = (): Option =>
  new Option('--segment <time>', "segment of Welch's spectrum and coherence")
    .argParser(parseDuration)
    .default(1000, '1s');

async function run(nameOrFile: string, options: RunOptions, io: CliIo): Promise<void> {
  const circuit = await loadCircuit(nameOrFile, overridesOf(options));
  const startedAt = new Date();
  const hash = circuitHash(circuit);
  const force = options.force ?? false;
  const out = options.out ?? defaultRunFolder(circuit.name, startedAt, hash);
  await requireFree(out, { force }, MANIFEST_FILE);

  const note = options.quiet ? () => {} : (text: string) => io.err(`${text}\n`);
  let folder: OutputFolder | null = null;
  try {
    let progress: Progress | null = null;
    const simulation = await simulate(circuit, {
      device: options.device,
      signal: io.signal,
      onStart: async (network, engine) => {
        folder = await createRunFolder(out, { force });
        note(
          `${circuit.name}: ${network.neurons} neurons, ${network.synapses.count} synapses, on ${engine.description}`,
        );
        if (!options.quiet) progress = new Progress(io, circuit.simulation.duration_ms);
      },
      onProgress: (simulatedMs) => progress?.update(simulatedMs),
    }).finally(() => progress?.end());
    const written = await writeRun(folder as unknown as OutputFolder, {
      circuit,
      hash,
      startedAt,
      simulation,
      options,
    });
    report(written, out, options, io, note);
  } catch (error) {
    await (folder as OutputFolder | null)?.discard();
    throw error;
  }
}

interface Work {
  readonly circuit: Circuit;
  readonly hash: string;
  readonly startedAt: Date;
  readonly simulation: Simulation;
  readonly options: RunOptions;
}

async function writeRun(folder: OutputFolder, { circuit, hash, startedAt, simulation, options }: Work) {
  const { network, recording, engine } = simulation;
  const [analysis, analyzeSeconds] = await timed(async () =>
    analyze(simulation, { segmentMs: options.segment }),
  );
  const {
    dt_ms: dtMs,
    duration_ms: durationMs,
    transient_ms: transientMs,
    seed,
    integrator,
  } = circuit.simulation;
  const [, writeSeconds] = await timed(async () => {
    await folder.writeJson(RECORDING_FILES.circuit, circuit);
    await writeRecording((file) => folder.file(file), circuit, recording);
    await writeAnalysis(folder, analysis, neuronIdentities(network), {
      name: circuit.name,
      seed,
      adapter: engine.description,
      integrator,
      dtMs,
      realTimeFactor: null,
      complete: recording.complete,
    });
    if (options.csv) {
      await writeSpikes(folder.file('spikes.csv'), spikeEvents(recording));
      await writeEdges(folder.file('edges.csv'), network);
    }
  });
  const { buildSeconds, compileSeconds, simulateSeconds } = simulation;
  const manifest = await commitRun(folder, {
    schema: 'nce-manifest/1',
    status: recording.complete ? 'complete' : 'incomplete',
    startedAt: startedAt.toISOString(),
    versions: versions(),
    circuit: { name: circuit.name, hash },
    seed,
    dtMs,
    integrator,
    durationMs,
    simulatedMs: recording.stopMs,
    transientMs,
    neurons: network.neurons,
    synapses: network.synapses.count,
    spikes: recording.spikes.steps.length,
    engine,
    fixedPointQuantum_nS: Object.fromEntries(
      network.receptors.map((name, r) => [name, network.synapses.quantum_nS[r]]),
    ),
    timings: { buildSeconds, compileSeconds, simulateSeconds, analyzeSeconds, writeSeconds },
    realTimeFactor: recording.stopMs / 1000 / simulateSeconds,
  });
  return { manifest, analysis };
}

function report(
  { manifest, analysis }: { manifest: Manifest; analysis: CircuitAnalysis | null },
  out: string,
  options: RunOptions,
  io: CliIo,
  note: (text: string) => void,
): void {
  const { simulatedMs, durationMs, timings, realTimeFactor, status } = manifest;
  const isComplete = status === 'complete';
  note(
    `${simulatedMs / 1000} s simulated in ${timings.simulateSeconds.toFixed(1)} s (real-time factor ${formatFactor(realTimeFactor)}), ` +
      `analysed and written in ${(timings.analyzeSeconds + timings.writeSeconds).toFixed(1)} s`,
  );
  if (!analysis) note('the run ended within the transient: nothing was analysed');
  if (options.json)
    io.out(`${JSON.stringify({ folder: out, manifest, results: analysis?.results ?? null }, null, 2)}\n`);
  else io.out(`${analysis ? summarize(analysis.results) : ''}${'folder:'.padEnd(24)}${out}\n`);
  if (!isComplete)
    throw new CommandFailed(
      `stopped at ${simulatedMs} of ${durationMs} ms; what was computed is in ${out}, marked incomplete`,
    );
}
