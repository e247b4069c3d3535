/** The public API in Node: everything of index.ts, and what needs Dawn or files. */

export { DEVICE_CHOICES, type DeviceChoice, type EngineRecord } from './engine/open_engine.js';
export {
  type DevicePreference,
  type NodeDeviceChoice,
  type OpenNodeDeviceOptions,
  openNodeDevice,
} from './engine/webgpu/node/node_device.js';
export * from './index.js';
export { type ActivityFiles, type ExternalActivity, readActivity } from './io/activity_files.js';
export { canonicalJson, circuitHash } from './io/circuit_hash.js';
export { readSpikesH5, type SpikeEvents, writeSpikesH5 } from './io/hdf5/spikes_h5.js';
export { InputError } from './io/input_error.js';
export { type ReadCircuitOptions, readCircuit } from './io/read_circuit.js';
export { type Manifest, readManifest } from './io/run_folder/manifest.js';
export { defaultRunFolder } from './io/run_folder/output_folder.js';
export { readRun, type StoredRun } from './io/run_folder/recording_files.js';
export { readSonataCircuit, type SonataCircuit } from './io/sonata/read.js';
export { type Dashboard, renderDashboard } from './report/dashboard.js';
export type { RunDescription } from './report/header.js';
export { type PhaseDiagram, renderPhaseDiagram } from './report/phase_diagram.js';
export { renderReport } from './report/report_html.js';
export { type AnalyzeActivityOptions, analyzeActivity, LARGE_ACTIVITY } from './run/analyze_activity.js';
export { type CheckpointedRunOptions, resumeRun, runWithCheckpoints } from './run/checkpointed_run.js';
export { RunUnfinished } from './run/folder_run.js';
export { type SavedRun, type SaveRunOptions, saveRun } from './run/save_run.js';
export {
  type PreparedSimulation,
  prepare,
  type RunOptions,
  type SimulateOptions,
  type Simulation,
  simulate,
} from './run/simulate.js';
export { simulateEnsemble } from './run/simulate_ensemble.js';
export { type EnsembleExecutorOptions, ensembleExecutor } from './sweep/ensemble_executor.js';
export type { ExecutionContext, SweepExecutor, SweepTask } from './sweep/executor.js';
export { phaseDiagram } from './sweep/phase_diagram.js';
export { configurationOf, planSweep, type SweepPlan, type SweepPoint } from './sweep/plan.js';
export { readPlan } from './sweep/plan_file.js';
export { type ProcessExecutorOptions, processExecutor } from './sweep/process_executor.js';
export type { SweepFailure, SweepOutcome, SweepResult } from './sweep/result.js';
export { type RunSweepOptions, runSweep, type SweepProgress } from './sweep/run_sweep.js';
export { type SweepStatus, sweepStatus } from './sweep/status.js';
export { parseSweep, readSweepFile, type SweepFile } from './sweep/sweep_file.js';
export { defaultSweepFolder, SweepFolder } from './sweep/sweep_folder.js';
export { sweepJsonSchema } from './sweep/sweep_schema.js';
export { type SweepTable, sweepTable, writeSweepTable } from './sweep/table.js';
