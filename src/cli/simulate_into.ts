import type { AnalysisStage } from '../analysis/analyze_circuit.js';
import type { Checkpoint } from '../io/run_folder/checkpoint_file.js';
import type { UnfinishedRun } from '../io/run_folder/unfinished_run.js';
import { type FolderRunOptions, runIntoFolder } from '../run/folder_run.js';
import type { SavedRun } from '../run/save_run.js';
import type { PreparedSimulation } from '../run/simulate.js';
import { type CliIo, CommandFailed } from './cli_io.js';
import { formatFactor, Progress } from './progress.js';
import type { RunCommandOptions } from './run_options.js';
import { StageProgress } from './stage_progress.js';
import { summarize } from './summary.js';

/** Simulates with progress, and prints the outcome. */
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
    note(`to continue after an interruption: nce run --resume ${unfinished.out}`);
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
      `stopped at ${simulatedMs} of ${durationMs} ms; the results so far are in ${out}, marked incomplete`,
    );
}
