import { writeFile } from 'node:fs/promises';
import type { Network } from '../../network/network.js';
import { textAttribute, writeColumn, writeHdf5 } from '../hdf5.js';
import { mechanismOf, writeDynamics } from './dynamics.js';
import { writeMagic } from './magic.js';
import { formatTypes } from './types_csv.js';

/** Node type of population `p`. */
export const nodeTypeOf = (population: number): number => 100 + population;

/**
 * Writes nodes.h5 and node_types.csv: one node population `name` of all neurons, whose node ids are their network-wide
 * numbers, and one node type for each population of the circuit. Group 0 has the soma's x, y, z in um and `v_init` in mV.
 */
export async function writeNodes(
  paths: { readonly nodes: string; readonly nodeTypes: string },
  network: Network,
): Promise<void> {
  const { circuit, neurons, populations, positions_um, start } = network;
  await writeHdf5(paths.nodes, (file) => {
    writeMagic(file);
    const nodes = file.create_group('nodes').create_group(circuit.name);
    const ids = Uint32Array.from({ length: neurons }, (_, i) => i);
    const types = new Int32Array(neurons);
    populations.forEach(({ first, count }, p) => {
      types.fill(nodeTypeOf(p), first, first + count);
    });
    writeColumn(nodes, 'node_type_id', types);
    writeColumn(nodes, 'node_id', ids);
    writeColumn(nodes, 'node_group_id', new Uint32Array(neurons));
    writeColumn(nodes, 'node_group_index', ids);
    const group = nodes.create_group('0');
    ['x', 'y', 'z'].forEach((axis, a) => {
      const values = Float32Array.from({ length: neurons }, (_, i) => positions_um[3 * i + a]);
      textAttribute(writeColumn(group, axis, values), 'units', 'um');
    });
    textAttribute(writeColumn(group, 'v_init', start.V_mV), 'units', 'mV');
  });
  const rows = populations.map(({ name }, p) => {
    const cell = circuit.cellTypes[circuit.populations[name].cell];
    return {
      node_type_id: nodeTypeOf(p),
      population: circuit.name,
      pop_name: name,
      model_type: 'single_compartment',
      model_template: `nrn:${mechanismOf(cell.kinetics)}`,
      dynamics_params: `${name}.json`,
    };
  });
  await writeFile(paths.nodeTypes, formatTypes(rows));
}

/** Writes `<population>.json`, the parameters of each population's cell; `pathOf` gives each file its place. */
export async function writeCellDynamics(
  pathOf: (file: string) => string,
  { circuit }: Network,
): Promise<void> {
  for (const [name, { cell }] of Object.entries(circuit.populations))
    await writeDynamics(pathOf(`${name}.json`), circuit.cellTypes[cell]);
}
