import { writeFile } from 'node:fs/promises';
import type { Network } from '../../network/network.js';
import { SLICE, textAttribute, writeColumn, writeHdf5, writeSlices } from '../hdf5.js';
import { synapseValues } from '../synapse_values.js';
import { writeMagic } from './magic.js';
import { formatTypes } from './types_csv.js';

/** Micro in nano, and milli in micro. */
const THOUSAND = 1000;

/** Name of the edge population that connects a node population to itself. */
export const edgePopulation = (nodes: string): string => `${nodes}_to_${nodes}`;
export const receptorFile = (receptor: string): string => `${receptor}.json`;

/**
 * Writes edges.h5 and edge_types.csv: every synapse with the weight and the delay that the engine uses, sorted by
 * target, with the index from target to source. `syn_weight` is in uS, as NEURON's ExpSyn takes it, `delay` in ms. An
 * edge type is one receptor from one population to another.
 */
export async function writeEdges(
  paths: { readonly edges: string; readonly edgeTypes: string },
  network: Network,
): Promise<void> {
  const { circuit, neurons, populations, receptors, synapses } = network;
  const { count } = synapses;
  const { target, receptor, weight_nS, delayMs } = synapseValues(network);
  const { sources, order, starts } = sortedByTarget(network);
  const populationOf = new Uint16Array(neurons);
  populations.forEach(({ first, count: size }, p) => {
    populationOf.fill(p, first, first + size);
  });
  const typeOf = (k: number): number =>
    (populationOf[sources[k]] * populations.length + populationOf[target(order[k])]) * receptors.length +
    receptor(order[k]);
  const used = new Set<number>();

  await writeHdf5(paths.edges, (file) => {
    writeMagic(file);
    const edges = file.create_group('edges').create_group(edgePopulation(circuit.name));
    const integers = function* (value: (k: number) => number): Iterable<Uint32Array> {
      for (let start = 0; start < count; start += SLICE)
        yield Uint32Array.from({ length: Math.min(SLICE, count - start) }, (_, k) => value(start + k));
    };
    const reals = function* (value: (synapse: number) => number): Iterable<Float64Array> {
      for (let start = 0; start < count; start += SLICE)
        yield Float64Array.from({ length: Math.min(SLICE, count - start) }, (_, k) =>
          value(order[start + k]),
        );
    };
    const types = integers((k) => {
      const type = typeOf(k);
      used.add(type);
      return EDGE_TYPE_BASE + type;
    });
    writeSlices(edges, 'edge_type_id', types);
    const sourceIds = writeSlices(
      edges,
      'source_node_id',
      integers((k) => sources[k]),
    );
    textAttribute(sourceIds, 'node_population', circuit.name);
    const targetIds = writeSlices(
      edges,
      'target_node_id',
      integers((k) => target(order[k])),
    );
    textAttribute(targetIds, 'node_population', circuit.name);
    writeSlices(
      edges,
      'edge_group_id',
      integers(() => 0),
    );
    writeSlices(
      edges,
      'edge_group_index',
      integers((k) => k),
    );
    const group = edges.create_group('0');
    writeSlices(
      group,
      'syn_weight',
      reals((k) => weight_nS(k) / THOUSAND),
    );
    writeSlices(group, 'delay', reals(delayMs));

    // The specification has "indices" and plurals inside, BMTK "indicies" and singulars: both names, one object.
    const place = `/edges/${edgePopulation(circuit.name)}`;
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
  });

  const rows = [...used]
    .sort((a, b) => a - b)
    .map((type) => {
      const name = receptors[type % receptors.length];
      const pair = Math.floor(type / receptors.length);
      return {
        edge_type_id: EDGE_TYPE_BASE + type,
        population: edgePopulation(circuit.name),
        source_query: `pop_name=='${populations[Math.floor(pair / populations.length)].name}'`,
        target_query: `pop_name=='${populations[pair % populations.length].name}'`,
        receptor: name,
        sign: circuit.receptors[name].sign,
        model_template: 'ExpSyn',
        dynamics_params: receptorFile(name),
      };
    });
  await writeFile(paths.edgeTypes, rows.length > 0 ? formatTypes(rows) : 'edge_type_id population\n');
}

const EDGE_TYPE_BASE = 100;

const rangesOf = (count: number, range: (i: number) => readonly [number, number]): BigUint64Array => {
  const values = new BigUint64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const [start, end] = range(i);
    values[2 * i] = BigInt(start);
    values[2 * i + 1] = BigInt(end);
  }
  return values;
};

/** The synapses by target and, for one target, by source: their sources, their places in the table, and where each target's start. */
function sortedByTarget(network: Network) {
  const { neurons, synapses } = network;
  const { count, rowPointers } = synapses;
  const { target } = synapseValues(network);
  const starts = new Uint32Array(neurons + 1);
  for (let k = 0; k < count; k++) starts[target(k) + 1]++;
  for (let i = 0; i < neurons; i++) starts[i + 1] += starts[i];
  const next = starts.slice();
  const sources = new Uint32Array(count);
  const order = new Uint32Array(count);
  for (let source = 0; source < neurons; source++)
    for (let k = rowPointers[source]; k < rowPointers[source + 1]; k++) {
      const at = next[target(k)]++;
      sources[at] = source;
      order[at] = k;
    }
  return { sources, order, starts };
}
