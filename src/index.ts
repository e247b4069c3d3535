/** The public API for every environment: circuits, networks, engines, recording, analysis. Nothing here needs Node. */

export { type AnalysisOptions, analyzeCircuit, type CircuitAnalysis } from './analysis/analyze_circuit.js';
export { totalRatio } from './analysis/balance/ratio.js';
export type { CircuitActivity, GroupInput } from './analysis/circuit_activity.js';
export { coherenceLevel } from './analysis/coupling/spike_field_coherence.js';
export {
  AnalysisError,
  type DirectedGraph,
  type Estimate,
  type NeuronGroup,
  type SampledSignal,
  type SpikeTrains,
  type TimeWindow,
} from './analysis/data.js';
export { type BandName, bandOf, FREQUENCY_BANDS } from './analysis/oscillation/bands.js';
export { fitSpecparam, type OscillationPeak, type SpecparamFit } from './analysis/oscillation/specparam.js';
export type { Results } from './analysis/results.js';
export type { Coherence, PowerSpectrum } from './analysis/spectral/spectrum.js';
export { magnitudeSquaredCoherence, welchPsd } from './analysis/spectral/welch.js';
export {
  type AdvanceOptions,
  type Engine,
  EngineError,
  type EngineSnapshot,
  type NeuronStates,
  POPULATION_SIGNALS,
  type PopulationSignal,
  type RecordedBlock,
  SimulationFault,
  TRACE_VARIABLES,
} from './engine/engine.js';
export { createReferenceEngine } from './engine/reference/reference_engine.js';
export type { WebGpuEngineOptions } from './engine/webgpu/circuit_design.js';
export {
  type AdapterDescription,
  DeviceError,
  type DeviceHandle,
  type OpenDeviceOptions,
  openAdapterDevice,
  openDevice,
} from './engine/webgpu/device/device.js';
export { createWebGpuEngine, type WebGpuEngine } from './engine/webgpu/webgpu_engine.js';

export type { CellModel } from './mechanism/cell_model.js';
export {
  type CellType,
  type Circuit,
  type Connector,
  type ExponentialReceptor,
  INTEGRATORS,
  type Integrator,
  isKinetic,
  type Population,
  type Projection,
  populationSign,
  type Receptor,
  type SpikeSource,
  type Stimulus,
  senderCount,
} from './model/circuit.js';
export { cellOfPopulation, circuitCells } from './model/circuit_cells.js';
export {
  type CircuitFile,
  circuitJsonSchema,
  type ResolveOptions,
  resolveCircuit,
} from './model/circuit_file.js';
export { type CircuitOverride, parseOverride } from './model/circuit_overrides.js';
export type { Distribution } from './model/distribution.js';
export { PRESETS } from './model/presets.js';
export { type SourceSpikes, trainsOfSpikes } from './model/spike_source.js';
export { buildNetwork } from './network/build.js';
export type { Network, PopulationRange, SynapseTable } from './network/network.js';
export { activityOf } from './recording/activity.js';
export { analyzeRecording } from './recording/analyze_recording.js';
export { type RecordOptions, record } from './recording/record.js';
export {
  type ElectrodeRecord,
  type NeuronTrace,
  type Recording,
  type SpikeRecord,
  spikeTimeMs,
} from './recording/recording.js';
export { CircuitError, type CircuitIssue, formatIssue } from './text/circuit_error.js';
