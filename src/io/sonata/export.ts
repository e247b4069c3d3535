import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Circuit } from '../../model/circuit.js';
import type { Network } from '../../network/network.js';
import { drawVaried } from '../../network/varied_constants.js';
import { writeSpikesH5 } from '../hdf5/spikes_h5.js';
import { current_nA } from '../membrane_current.js';
import { RECORDING_FILES } from '../run_folder/recording_files.js';
import type { RunSource } from '../run_folder/run_source.js';
import { receptorFile, writeEdges } from './edges.js';
import { virtualPopulation, writeCellDynamics, writeNodes } from './nodes.js';
import { traceReports, writeEcp, writeTraceReport } from './reports.js';
import { synapseModelOf } from './synapse_models.js';

/** Files of a SONATA folder. */
const FILES = {
  nodes: 'network/nodes.h5',
  nodeTypes: 'network/node_types.csv',
  edges: 'network/edges.h5',
  edgeTypes: 'network/edge_types.csv',
  cells: 'components/cells',
  synapses: 'components/synapses',
  inputs: 'inputs',
  spikes: 'output/spikes.h5',
  ecp: 'output/ecp.h5',
  signedEcp: 'output/ecp_signed.h5',
  nodeSets: 'node_sets.json',
  circuit: 'circuit_config.json',
  simulation: 'simulation_config.json',
} as const;

const MS_PER_S = 1000;

/**
 * Writes a run as SONATA: network, components, configuration, spikes, traces and LFP. `pathOf` gives each file, named
 * relative to the folder, its place. Layout: SONATA developer guide 0.1, with both spellings where readers differ.
 */
export async function exportSonata(run: RunSource, pathOf: (file: string) => string): Promise<void> {
  const { circuit, network, file } = run;
  for (const name of [FILES.nodes, `${FILES.cells}/x`, `${FILES.synapses}/x`, FILES.spikes])
    await mkdir(dirname(pathOf(name)), { recursive: true });
  await writeNodes({ nodes: pathOf(FILES.nodes), nodeTypes: pathOf(FILES.nodeTypes) }, network);
  await writeCellDynamics((name) => pathOf(`${FILES.cells}/${name}`), network);
  await writeEdges({ edges: pathOf(FILES.edges), edgeTypes: pathOf(FILES.edgeTypes) }, network);
  for (const name of Object.keys(circuit.receptors)) {
    const { template, parameters } = synapseModelOf(name, circuit);
    const about = { level_of_detail: template.toLowerCase(), ...parameters };
    await writeJson(pathOf(`${FILES.synapses}/${receptorFile(name)}`), about);
  }
  await writeInputs(run, pathOf);
  // The run's own spike file has this layout already.
  await copyFile(file(RECORDING_FILES.spikes), pathOf(FILES.spikes));
  const reports = [...(await writeTraces(run, pathOf)), ...(await writeLfp(run, pathOf))];
  await writeJson(pathOf(FILES.circuit), circuitConfig());
  await writeJson(pathOf(FILES.simulation), simulationConfig(run, Object.fromEntries(reports)));
  await writeJson(pathOf(FILES.nodeSets), nodeSets(network));
}

const writeJson = (path: string, value: unknown): Promise<void> =>
  writeFile(path, `${JSON.stringify(value, null, 2)}\n`);

type Report = readonly [name: string, settings: Readonly<Record<string, string | number>>];

async function writeTraces(run: RunSource, pathOf: (file: string) => string): Promise<Report[]> {
  if (!run.hasTraces) return [];
  const { circuit, network, manifest, file } = run;
  const { sampleRate_hz: sampleRateHz } = circuit.recording;
  const tracesCsv = file(RECORDING_FILES.traces);
  const nodeIds = recordedNodes(network);
  // As many whole samples as the simulated time has; rounding, because 1200.0000001 ms are 1200.
  const frames = Math.floor((manifest.simulatedMs * sampleRateHz) / MS_PER_S + 1e-6);
  const reports = traceReports(tracesCsv);
  for (const report of reports)
    await writeTraceReport(pathOf(`output/${report.name}.h5`), tracesCsv, report, {
      nodes: circuit.name,
      nodeIds,
      frames,
      sampleRateHz,
    });
  return reports.map(({ name, column, units }) => [
    name,
    {
      cells: RECORDED,
      variable_name: column.replace(/_(mV|nS)$/, '').replace(/^V$/, 'v'),
      module: 'membrane_report',
      sections: 'soma',
      dt: MS_PER_S / sampleRateHz,
      unit: units,
      file_name: `${name}.h5`,
    },
  ]);
}

async function writeLfp({ circuit, file }: RunSource, pathOf: (file: string) => string): Promise<Report[]> {
  const { lfp, sampleRate_hz } = circuit.recording;
  if (!lfp) return [];
  const write = (name: string, signed: boolean) =>
    writeEcp(pathOf(name), file(RECORDING_FILES.lfp), lfp.electrodes, sampleRate_hz, signed);
  await write(FILES.ecp, false);
  await write(FILES.signedEcp, true);
  const report = (name: string): Report => [
    name,
    {
      cells: LFP_SOURCES,
      variable_name: 'v',
      module: 'extracellular',
      electrode_channels: 'all',
      dt: MS_PER_S / sampleRate_hz,
      unit: 'mV',
      file_name: `${name}.h5`,
    },
  ];
  return [report('ecp'), report('ecp_signed')];
}

const RECORDED = 'recorded';
const LFP_SOURCES = 'lfp_sources';

function circuitConfig() {
  return {
    target_simulator: 'NEURON',
    manifest: { $BASE_DIR: '.', $NETWORK_DIR: '$BASE_DIR/network', $COMPONENT_DIR: '$BASE_DIR/components' },
    components: {
      point_neuron_models_dir: '$COMPONENT_DIR/cells',
      synaptic_models_dir: '$COMPONENT_DIR/synapses',
    },
    networks: {
      nodes: [{ nodes_file: '$NETWORK_DIR/nodes.h5', node_types_file: '$NETWORK_DIR/node_types.csv' }],
      edges: [{ edges_file: '$NETWORK_DIR/edges.h5', edge_types_file: '$NETWORK_DIR/edge_types.csv' }],
    },
  };
}

const inputFile = (source: string): string => `${FILES.inputs}/${source}.h5`;

/** Writes the given spikes of every spike source. */
async function writeInputs({ circuit, network }: RunSource, pathOf: (file: string) => string): Promise<void> {
  for (const [name, { trains_ms }] of Object.entries(circuit.spikeSources)) {
    const spikes = trains_ms.flatMap((train, neuron) => train.map((timeMs) => ({ timeMs, neuron })));
    spikes.sort((a, b) => a.timeMs - b.timeMs || a.neuron - b.neuron);
    await mkdir(dirname(pathOf(inputFile(name))), { recursive: true });
    await writeSpikesH5(pathOf(inputFile(name)), virtualPopulation(name, network), {
      timesMs: Float64Array.from(spikes, ({ timeMs }) => timeMs),
      neurons: Uint32Array.from(spikes, ({ neuron }) => neuron),
    });
  }
}

function* spikeInputs({ circuit }: RunSource): Iterable<[string, object]> {
  for (const name of Object.keys(circuit.spikeSources))
    yield [
      `spikes_${name}`,
      { input_type: 'spikes', module: 'sonata', input_file: `$BASE_DIR/${inputFile(name)}`, node_set: name },
    ];
}

/** Constant and step currents are SONATA's current clamps; what SONATA has no word for is kept under `nce`. */
function simulationConfig(run: RunSource, reports: object) {
  const { circuit, network, manifest } = run;
  const { simulation, populations, mechanisms, cellTypes, receptors, stimuli, recording } = circuit;
  const cells = Object.values(populations).map(({ cell }) => cellTypes[cell]);
  const thresholds = new Set(cells.map((cell) => cell.spikeThreshold_mV));
  return {
    manifest: { $BASE_DIR: '.', $OUTPUT_DIR: '$BASE_DIR/output' },
    network: '$BASE_DIR/circuit_config.json',
    node_sets_file: '$BASE_DIR/node_sets.json',
    run: {
      tstart: 0,
      tstop: manifest.simulatedMs,
      dt: simulation.dt_ms,
      ...(thresholds.size === 1 && { spike_threshold: cells[0].spikeThreshold_mV }),
    },
    conditions: { celsius: simulation.temperature_C },
    inputs: Object.fromEntries([...currentClamps(circuit), ...spikeInputs(run)]),
    output: { output_dir: '$OUTPUT_DIR', spikes_file: 'spikes.h5', spikes_sort_order: 'time' },
    reports,
    nce: {
      circuitHash: manifest.circuit.hash,
      versions: manifest.versions,
      seed: simulation.seed,
      integrator: simulation.integrator,
      transient_ms: simulation.transient_ms,
      mechanisms,
      receptors,
      quantum_nS: Object.fromEntries(
        network.receptors.map((name, r) => [name, network.synapses.quantum_nS[r]]),
      ),
      initial: Object.fromEntries(startsBeyondPotential(network)),
      vary: Object.fromEntries(
        network.populations.flatMap(({ name }) => {
          const drawn = [...drawVaried(circuit, name)].map(([path, values]) => [path, [...values]]);
          return drawn.length > 0 ? [[name, Object.fromEntries(drawn)]] : [];
        }),
      ),
      stimuli,
      recording,
    },
  };
}

/** What SONATA's v_init does not say of the start: closed gates, and conductances. */
function* startsBeyondPotential({
  circuit,
  populations,
  receptors,
  start,
}: Network): Iterable<[string, object]> {
  for (const { name, first, count } of populations) {
    const { gates, conductance_nS } = circuit.populations[name].initial;
    if (gates === 'steady-state' && Object.keys(conductance_nS).length === 0) continue;
    const conductances = Object.keys(conductance_nS).map((receptor) => [
      receptor,
      [...start.conductance_nS[receptors.indexOf(receptor)].subarray(first, first + count)],
    ]);
    yield [name, { gates, conductance_nS: Object.fromEntries(conductances) }];
  }
}

function* currentClamps({
  stimuli,
  populations,
  cellTypes,
  simulation,
}: Circuit): Iterable<[string, object]> {
  for (const [k, stimulus] of stimuli.entries()) {
    if (stimulus.kind !== 'constant-current' && stimulus.kind !== 'step-current') continue;
    const { start_ms: delay, stop_ms } =
      stimulus.kind === 'step-current' ? stimulus : { start_ms: 0, stop_ms: undefined };
    const { area_um2 } = cellTypes[populations[stimulus.to].cell];
    yield [
      `current_${k}`,
      {
        input_type: 'current_clamp',
        module: 'IClamp',
        node_set: stimulus.to,
        amp: current_nA(stimulus.amplitude_uA_cm2, area_um2),
        delay,
        duration: (stop_ms ?? simulation.duration_ms) - delay,
      },
    ];
  }
}

/** Node ids of the recorded neurons, in the order of traces.csv. */
function recordedNodes({ circuit, populations }: Network): number[] {
  const firstOf = new Map(populations.map(({ name, first }) => [name, first]));
  return circuit.recording.traces.flatMap(({ population, neurons }) =>
    neurons.map((neuron) => firstOf.get(population)! + neuron),
  );
}

/** One set for each population, the recorded neurons and the sources of the LFP. */
function nodeSets(network: Network) {
  const { name: population, populations, recording } = network.circuit;
  const sets: Record<string, unknown> = Object.fromEntries(
    Object.keys(populations).map((pop_name) => [pop_name, { population, pop_name }]),
  );
  for (const { name } of network.spikeSources)
    sets[name] = { population: virtualPopulation(name, network), pop_name: name };
  if (recording.lfp) sets[LFP_SOURCES] = recording.lfp.populations;
  if (recording.traces.length > 0) sets[RECORDED] = { population, node_id: recordedNodes(network) };
  return sets;
}
