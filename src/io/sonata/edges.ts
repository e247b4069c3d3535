import { writeFile } from 'node:fs/promises';
import type { Group, File as Hdf5File } from 'h5wasm/node';
import type { Network, PopulationRange } from '../../network/network.js';
import { SLICE, textAttribute, writeColumn, writeHdf5, writeSlices } from '../hdf5/hdf5.js';
import { synapseValues } from '../synapse_values.js';
import { writeMagic } from './magic.js';
import { virtualPopulation } from './nodes.js';
import { synapseModelOf } from './synapse_models.js';
import { formatTypes } from './types_csv.js';

/** Micro in nano, and milli in micro. */
const THOUSAND = 1000;
const EDGE_TYPE_BASE = 100;

export const receptorFile = (receptor: string): string => `${receptor}.json`;

/** The edges from one node population to the neurons: rows of the synapse table. */
interface EdgePopulation {
  readonly nodes: string;
  readonly firstRow: number;
  readonly rows: number;
}

const nameOf = ({ nodes }: EdgePopulation, { circuit }: Network): string => `${nodes}_to_${circuit.name}`;

/**
 * Writes edges.h5 and edge_types.csv: every synapse with the weight and the delay that the engine uses, sorted by
 * target, with the index from target to source. `syn_weight` is in uS, as NEURON's ExpSyn takes it, `delay` in ms. The
 * neurons' synapses are one edge population, those of each spike source another. An edge type is one receptor from one
 * population to another.
 */
export async function writeEdges(
  paths: { readonly edges: string; readonly edgeTypes: string },
  network: Network,
): Promise<void> {
  const { circuit, neurons, populations, spikeSources } = network;
  const types = edgeTypes(network);
  const ofNeurons = { nodes: circuit.name, firstRow: 0, rows: neurons };
  const ofSources = spikeSources.map(({ name, first, count }) => ({
    nodes: virtualPopulation(name, network),
    firstRow: first,
    rows: count,
  }));
  await writeHdf5(paths.edges, (file) => {
    writeMagic(file);
    file.create_group('edges');
    for (const edges of [ofNeurons, ...ofSources]) writeEdgePopulation(file, edges, network, types.typeOf);
  });

  const edgesOf = (sender: PopulationRange) =>
    ofSources.find(({ firstRow }) => firstRow === sender.first) ?? ofNeurons;
  const rows = types.used().map(({ id, sender, target, receptor }) => ({
    edge_type_id: EDGE_TYPE_BASE + id,
    population: nameOf(edgesOf(sender), network),
    source_query: `pop_name=='${sender.name}'`,
    target_query: `pop_name=='${populations[target].name}'`,
    receptor,
    sign: circuit.receptors[receptor].sign,
    model_template: synapseModelOf(receptor, circuit).template,
    dynamics_params: receptorFile(receptor),
  }));
  await writeFile(paths.edgeTypes, rows.length > 0 ? formatTypes(rows) : 'edge_type_id population\n');
}

/** Numbers the triples of sender, target population and receptor; `used` lists those that were asked for. */
function edgeTypes(network: Network) {
  const { populations, spikeSources, receptors } = network;
  const { target, receptor } = synapseValues(network);
  const senders = [...populations, ...spikeSources];
  const senderOf = new Uint16Array(network.synapses.rowPointers.length - 1);
  senders.forEach(({ first, count }, s) => {
    senderOf.fill(s, first, first + count);
  });
  const asked = new Set<number>();
  return {
    /** The type of a synapse of the table and of the row that it is in. */
    typeOf: (row: number, synapse: number): number => {
      const pair = senderOf[row] * populations.length + senderOf[target(synapse)];
      const type = pair * receptors.length + receptor(synapse);
      asked.add(type);
      return EDGE_TYPE_BASE + type;
    },
    used: () =>
      [...asked]
        .sort((a, b) => a - b)
        .map((id) => {
          const pair = Math.floor(id / receptors.length);
          return {
            id,
            sender: senders[Math.floor(pair / populations.length)],
            target: pair % populations.length,
            receptor: receptors[id % receptors.length],
          };
        }),
  };
}

function writeEdgePopulation(
  file: Hdf5File,
  edgePopulation: EdgePopulation,
  network: Network,
  typeOf: (row: number, synapse: number) => number,
): void {
  const { circuit, neurons } = network;
  const { target, weight_nS, delayMs } = synapseValues(network);
  const { sources, order, starts } = sortedByTarget(network, edgePopulation);
  const count = order.length;
  const name = nameOf(edgePopulation, network);
  const edges = (file.get('edges') as Group).create_group(name);
  const integers = function* (value: (k: number) => number): Iterable<Uint32Array> {
    for (let start = 0; start < count; start += SLICE)
      yield Uint32Array.from({ length: Math.min(SLICE, count - start) }, (_, k) => value(start + k));
  };
  const reals = function* (value: (synapse: number) => number): Iterable<Float64Array> {
    for (let start = 0; start < count; start += SLICE)
      yield Float64Array.from({ length: Math.min(SLICE, count - start) }, (_, k) => value(order[start + k]));
  };
  const column = (column: string, value: (k: number) => number) =>
    writeSlices(edges, column, integers(value));
  column('edge_type_id', (k) => typeOf(sources[k], order[k]));
  const sourceIds = column('source_node_id', (k) => sources[k] - edgePopulation.firstRow);
  textAttribute(sourceIds, 'node_population', edgePopulation.nodes);
  const targetIds = column('target_node_id', (k) => target(order[k]));
  textAttribute(targetIds, 'node_population', circuit.name);
  column('edge_group_id', () => 0);
  column('edge_group_index', (k) => k);
  const group = edges.create_group('0');
  const weights = reals((k) => weight_nS(k) / THOUSAND);
  writeSlices(group, 'syn_weight', weights);
  writeSlices(group, 'delay', reals(delayMs));

  // The specification has "indices" and plurals inside, BMTK "indicies" and singulars: both names, one object.
  const place = `/edges/${name}`;
  const index = edges.create_group('indices').create_group('target_to_source');
  writeColumn(
    index,
    'node_id_to_ranges',
    rangesOf(neurons, (i) => [i, i + 1]),
    [neurons, 2],
  );
  writeColumn(
    index,
    'range_to_edge_id',
    rangesOf(neurons, (i) => [starts[i], starts[i + 1]]),
    [neurons, 2],
  );
  index.create_hard_link(`${place}/indices/target_to_source/node_id_to_ranges`, 'node_id_to_range');
  edges.create_hard_link(`${place}/indices`, 'indicies');
}

const rangesOf = (count: number, range: (i: number) => readonly [number, number]): BigUint64Array => {
  const values = new BigUint64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const [start, end] = range(i);
    values[2 * i] = BigInt(start);
    values[2 * i + 1] = BigInt(end);
  }
  return values;
};

/** The synapses of some rows by target and, for one target, by row: their rows, their places in the table, and where each target's start. */
function sortedByTarget(network: Network, { firstRow, rows }: EdgePopulation) {
  const { neurons, synapses } = network;
  const { rowPointers } = synapses;
  const { target } = synapseValues(network);
  const [first, end] = [rowPointers[firstRow], rowPointers[firstRow + rows]];
  const starts = new Uint32Array(neurons + 1);
  for (let k = first; k < end; k++) starts[target(k) + 1]++;
  for (let i = 0; i < neurons; i++) starts[i + 1] += starts[i];
  const next = starts.slice();
  const sources = new Uint32Array(end - first);
  const order = new Uint32Array(end - first);
  for (let row = firstRow; row < firstRow + rows; row++)
    for (let k = rowPointers[row]; k < rowPointers[row + 1]; k++) {
      const at = next[target(k)]++;
      sources[at] = row;
      order[at] = k;
    }
  return { sources, order, starts };
}
