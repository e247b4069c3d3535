import { copyFile } from 'node:fs/promises';
import type { Network } from '../network/network.js';
import { readSpikesH5 } from './hdf5/spikes_h5.js';
import { RECORDING_FILES } from './run_folder/recording_files.js';
import type { RunSource } from './run_folder/run_source.js';
import { synapseValues } from './synapse_values.js';
import { csvSlices } from './tables/csv_slices.js';
import { writeNpy } from './tables/npy.js';
import { lfpColumn, writeEdges, writeSpikes } from './tables/run_tables.js';

type PathOf = (file: string) => string;

function noteSpikeSources({ spikeSources }: Network, note: (text: string) => void): void {
  for (const { name } of spikeSources)
    note(`spikeSources.${name}: omitted from the edges, which contain only synapses between neurons`);
}

/**
 * Writes a run as CSV: spikes.csv and edges.csv beside the tables that the run has already. `note` gets what is
 * omitted.
 */
export async function exportCsv(
  { manifest, network, file }: RunSource,
  pathOf: PathOf,
  note: (text: string) => void,
): Promise<void> {
  noteSpikeSources(network, note);
  await writeSpikes(pathOf('spikes.csv'), await readSpikesH5(file(RECORDING_FILES.spikes)));
  await writeEdges(pathOf('edges.csv'), network);
  const written = ['spikes.csv', 'edges.csv'];
  for (const name of Object.keys(manifest.outputs))
    if (name.endsWith('.csv') && !written.includes(name)) await copyFile(file(name), pathOf(name));
}

/**
 * Writes a run as NumPy arrays: spike_times_ms [spikes] f8 and spike_neurons [spikes] u4 sorted by time, positions_um
 * [neurons, 3] f4, lfp_uV [samples, electrodes] f4, and edge_source, edge_target u4, edge_weight_nS, edge_delay_ms f8
 * [synapses between neurons], sorted by source. `note` gets what is omitted.
 */
export async function exportNpy(
  { circuit, network, file }: RunSource,
  pathOf: PathOf,
  note: (text: string) => void,
): Promise<void> {
  noteSpikeSources(network, note);
  const { timesMs, neurons } = await readSpikesH5(file(RECORDING_FILES.spikes));
  writeNpy(pathOf('spike_times_ms.npy'), '<f8', [timesMs.length], [timesMs]);
  writeNpy(pathOf('spike_neurons.npy'), '<u4', [neurons.length], [neurons]);
  writeNpy(pathOf('positions_um.npy'), '<f4', [network.neurons, 3], [network.positions_um]);
  if (circuit.recording.lfp)
    writeLfpNpy(pathOf('lfp_uV.npy'), file(RECORDING_FILES.lfp), circuit.recording.lfp.electrodes.length);
  writeEdgesNpy(pathOf, network);
}

function writeLfpNpy(path: string, lfpCsv: string, electrodes: number): void {
  let samples = 0;
  for (const { rows } of csvSlices(lfpCsv)) samples += rows;
  const columns = Array.from({ length: electrodes }, (_, e) => lfpColumn(e));
  function* pieces(): Iterable<Float32Array> {
    for (const slice of csvSlices(lfpCsv)) yield slice.interleaved(columns);
  }
  writeNpy(path, '<f4', [samples, electrodes], pieces());
}

function writeEdgesNpy(pathOf: PathOf, network: Network): void {
  const { rowPointers } = network.synapses;
  const count = rowPointers[network.neurons];
  const { target, weight_nS, delayMs } = synapseValues(network);
  function* rows<T>(piece: (source: number, length: number, start: number) => T): Iterable<T> {
    for (let source = 0; source < network.neurons; source++)
      yield piece(source, rowPointers[source + 1] - rowPointers[source], rowPointers[source]);
  }
  const integers = (value: (k: number) => number) =>
    rows((_, length, start) => Uint32Array.from({ length }, (_, i) => value(start + i)));
  const reals = (value: (k: number) => number) =>
    rows((_, length, start) => Float64Array.from({ length }, (_, i) => value(start + i)));
  const sources = rows((source, length) => new Uint32Array(length).fill(source));
  writeNpy(pathOf('edge_source.npy'), '<u4', [count], sources);
  writeNpy(pathOf('edge_target.npy'), '<u4', [count], integers(target));
  writeNpy(pathOf('edge_weight_nS.npy'), '<f8', [count], reals(weight_nS));
  writeNpy(pathOf('edge_delay_ms.npy'), '<f8', [count], reals(delayMs));
}
