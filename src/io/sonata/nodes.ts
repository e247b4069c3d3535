import { writeFile } from 'node:fs/promises';
import type { Group } from 'h5wasm/node';
import type { Network } from '../../network/network.js';
import { textAttribute, writeColumn, writeHdf5 } from '../hdf5/hdf5.js';
import { templateOf, writeDynamics } from './dynamics.js';
import { writeMagic } from './magic.js';
import { formatTypes } from './types_csv.js';

/** Node type of population `p`, those of the spike sources after them. */
const nodeTypeOf = (population: number): number => 100 + population;

/** Node population of a spike source's virtual nodes; its node ids count from 0. */
export const virtualPopulation = (source: string, { circuit }: Network): string =>
  source === circuit.name ? `${source}_source` : source;

/**
 * Writes nodes.h5 and node_types.csv: one node population `name` of all neurons, whose node ids are their network-wide
 * numbers, and one node type for each population of the circuit. Group 0 has the soma's x, y, z in um and `v_init` in mV.
 * Every spike source is a node population of virtual nodes.
 */
export async function writeNodes(
  paths: { readonly nodes: string; readonly nodeTypes: string },
  network: Network,
): Promise<void> {
  const { circuit, neurons, populations, spikeSources, positions_um, start } = network;
  await writeHdf5(paths.nodes, (file) => {
    writeMagic(file);
    const all = file.create_group('nodes');
    const types = new Int32Array(neurons);
    populations.forEach(({ first, count }, p) => {
      types.fill(nodeTypeOf(p), first, first + count);
    });
    const group = writeNodeTable(all, circuit.name, types);
    ['x', 'y', 'z'].forEach((axis, a) => {
      const values = Float32Array.from({ length: neurons }, (_, i) => positions_um[3 * i + a]);
      textAttribute(writeColumn(group, axis, values), 'units', 'um');
    });
    textAttribute(writeColumn(group, 'v_init', start.V_mV), 'units', 'mV');
    spikeSources.forEach(({ name, count }, s) => {
      const type = nodeTypeOf(populations.length + s);
      writeNodeTable(all, virtualPopulation(name, network), new Int32Array(count).fill(type));
    });
  });
  const rows = populations.map(({ name }, p) => {
    return {
      node_type_id: nodeTypeOf(p),
      population: circuit.name,
      pop_name: name,
      model_type: 'single_compartment',
      model_template: templateOf(circuit.populations[name].cell),
      dynamics_params: `${name}.json`,
    };
  });
  const virtual = spikeSources.map(({ name }, s) => ({
    node_type_id: nodeTypeOf(populations.length + s),
    population: virtualPopulation(name, network),
    pop_name: name,
    model_type: 'virtual',
    model_template: 'NULL',
    dynamics_params: 'NULL',
  }));
  await writeFile(paths.nodeTypes, formatTypes([...rows, ...virtual]));
}

/** Writes the columns of a node population, whose ids count from 0; gives the group of its attributes. */
function writeNodeTable(all: Group, name: string, types: Int32Array): Group {
  const nodes = all.create_group(name);
  const ids = Uint32Array.from(types, (_, i) => i);
  writeColumn(nodes, 'node_type_id', types);
  writeColumn(nodes, 'node_id', ids);
  writeColumn(nodes, 'node_group_id', new Uint32Array(types.length));
  writeColumn(nodes, 'node_group_index', ids);
  return nodes.create_group('0');
}

/** Writes `<population>.json`, the parameters of each population's cell; `pathOf` gives each file its place. */
export async function writeCellDynamics(
  pathOf: (file: string) => string,
  { circuit }: Network,
): Promise<void> {
  for (const [name, { cell }] of Object.entries(circuit.populations))
    await writeDynamics(pathOf(`${name}.json`), circuit.cellTypes[cell]);
}
