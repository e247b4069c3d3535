import type { AnalysisOptions, CircuitAnalysis } from '../analysis/analyze_circuit.js';
import { circuitHash } from '../io/circuit_hash.js';
import type { Manifest } from '../io/run_folder/manifest.js';
import { commitRun, OutputFolder, RUN_FOLDER } from '../io/run_folder/output_folder.js';
import { RECORDING_FILES, spikeEvents, writeRecording } from '../io/run_folder/recording_files.js';
import { neuronIdentities, writeEdges, writeSpikes } from '../io/tables/run_tables.js';
import { versions } from '../io/versions.js';
import { asWriteError, isSystemError, WriteError } from '../io/write_file.js';
import { activityAfterTransient } from '../recording/analyze_recording.js';
import { writeAnalysis } from './analysis_outputs.js';
import { analyzeActivity } from './analyze_activity.js';
import { type Simulation, timed } from './simulate.js';

export interface SaveRunOptions extends AnalysisOptions {
  /** Also spikes.csv and edges.csv. */
  readonly csv?: boolean;
}

export interface SavedRun {
  readonly manifest: Manifest;
  /** Null where the run ended within the transient, and where the analysis failed. */
  readonly analysis: CircuitAnalysis | null;
  /** Why there are no results: the recording is kept even then, for another analysis. */
  readonly analysisFailure: Error | null;
}

/**
 * Analyses a run and writes its folder, which appears only when it is complete. Rejects with InputError where the
 * folder exists (with `force`, where it holds no earlier run or other files) or cannot be created, with WriteError
 * where the disk refuses.
 */
export async function saveRun(
  path: string,
  simulation: Simulation,
  { force = false, ...options }: SaveRunOptions & { readonly force?: boolean } = {},
): Promise<SavedRun> {
  const folder = OutputFolder.create(path, { force }, RUN_FOLDER);
  try {
    return await fillRunFolder(folder, simulation, options);
  } catch (error) {
    folder.discard();
    throw asWriteError(path, error);
  }
}

/** Writes everything into the folder, the manifest last, and moves it to its place. */
export async function fillRunFolder(
  folder: OutputFolder,
  simulation: Simulation,
  { csv = false, ...analysisOptions }: SaveRunOptions,
): Promise<SavedRun> {
  const { network, recording, engine, startedAt, buildSeconds, compileSeconds, simulateSeconds } = simulation;
  const { circuit } = network;
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
    if (!csv) return;
    await writeSpikes(folder.file('spikes.csv'), spikeEvents(recording));
    await writeEdges(folder.file('edges.csv'), network);
  });
  const [analyzed, analyzeSeconds] = await timed(() => analyzeInto(folder, simulation, analysisOptions));
  const manifest = await commitRun(folder, {
    status: recording.complete ? 'complete' : 'incomplete',
    startedAt: startedAt.toISOString(),
    versions: versions(),
    circuit: { name: circuit.name, hash: circuitHash(circuit) },
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
    analysisFailure: analyzed.analysisFailure?.message ?? null,
    ensembleMembers: simulation.ensembleMembers,
    restarts: simulation.restarts,
    timings: { buildSeconds, compileSeconds, simulateSeconds, analyzeSeconds, writeSeconds },
    realTimeFactor: recording.stopMs / 1000 / simulateSeconds,
  });
  return { manifest, ...analyzed };
}

async function analyzeInto(
  folder: OutputFolder,
  { network, recording, engine }: Simulation,
  options: AnalysisOptions,
): Promise<Omit<SavedRun, 'manifest'>> {
  const { name, simulation } = network.circuit;
  try {
    const activity = activityAfterTransient(recording, network);
    const analysis = activity && (await analyzeActivity(activity, options));
    await writeAnalysis(folder, analysis, neuronIdentities(network), {
      name,
      seed: simulation.seed,
      adapter: engine.description,
      integrator: simulation.integrator,
      dtMs: simulation.dt_ms,
      // Wall-clock time would make the dashboards of equal runs differ; the manifest has it.
      realTimeFactor: null,
      complete: recording.complete,
    });
    return { analysis, analysisFailure: null };
  } catch (error) {
    // A full disk is not a failure of the analysis.
    if (isSystemError(error) || error instanceof WriteError) throw error;
    return { analysis: null, analysisFailure: error as Error };
  }
}
