import { join } from 'node:path';
import type { CellData } from '../../mechanism/cell_schema.js';
import { namesIn, readHdf5 } from '../hdf5/hdf5.js';
import { InputError } from '../input_error.js';
import type { SonataConfig } from './config.js';
import { cellOf, HH_CELSIUS, isNeuronHh, readParameters } from './dynamics.js';
import { readAttribute, readIntegers, readTypes, type TypeRow } from './table.js';

/** The nodes of one node type: a population of the circuit, or a spike source where they are virtual. */
interface SonataNodeGroup {
  readonly name: string;
  readonly nodePopulation: string;
  readonly nodeIds: number[];
}

export interface SonataPopulation extends SonataNodeGroup {
  readonly cell: CellData;
  /** x, y, z in um of each node, NaN where the file does not say. */
  readonly positions_um: number[];
  /** Potential at the start, mV; NaN where the file does not say. */
  readonly vInit_mV: number[];
}

export interface SonataNodes {
  readonly populations: readonly SonataPopulation[];
  /** Virtual nodes, which only send spikes. */
  readonly sources: readonly SonataNodeGroup[];
}

/** Where a node is in the circuit. */
export interface NodePlace {
  readonly population: string;
  /** From 0 within the population or spike source. */
  readonly number: number;
}

const NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** Reads all nodes. Throws InputError on nodes that are neither single compartments nor virtual. */
export async function readNodes(config: SonataConfig): Promise<SonataNodes> {
  const populations: SonataPopulation[] = [];
  const sources: SonataNodeGroup[] = [];
  for (const { nodes_file, node_types_file } of config.networks?.nodes ?? [])
    for (const name of await readHdf5(nodes_file, (file) => namesIn(file, 'nodes'))) {
      const types = await readTypes(node_types_file, 'node_type_id', name);
      const cells = await cellsOf(types, config, node_types_file);
      await readHdf5(nodes_file, (file) => {
        const place = `nodes/${name}`;
        const typeIds = readIntegers(file, `${place}/node_type_id`);
        const ids = namesIn(file, place).includes('node_id')
          ? readIntegers(file, `${place}/node_id`)
          : Uint32Array.from(typeIds, (_, k) => k);
        const [x, y, z, v] = ['x', 'y', 'z', 'v_init'].map((attribute) =>
          readAttribute(file, place, 'node', attribute, types),
        );
        const byType = new Map<number, SonataPopulation>();
        const sourceByType = new Map<number, SonataNodeGroup>();
        const newGroup = (typeId: number, wanted: readonly (string | undefined)[]): SonataNodeGroup => ({
          name: uniqueName([...wanted, `type_${typeId}`], [...populations, ...sources]),
          nodePopulation: name,
          nodeIds: [],
        });
        for (let k = 0; k < typeIds.length; k++) {
          const cell = cells.get(typeIds[k]);
          if (cell === undefined)
            throw new InputError(`${nodes_file}: node type ${typeIds[k]} is not in ${node_types_file}`);
          if (cell === null) {
            let source = sourceByType.get(typeIds[k]);
            if (!source) {
              source = newGroup(typeIds[k], [types.get(typeIds[k])?.pop_name, name]);
              sourceByType.set(typeIds[k], source);
              sources.push(source);
            }
            source.nodeIds.push(ids[k]);
            continue;
          }
          let population = byType.get(typeIds[k]);
          if (!population) {
            population = {
              ...newGroup(typeIds[k], [types.get(typeIds[k])?.pop_name]),
              cell,
              positions_um: [],
              vInit_mV: [],
            };
            byType.set(typeIds[k], population);
            populations.push(population);
          }
          population.nodeIds.push(ids[k]);
          population.positions_um.push(x[k], y[k], z[k]);
          population.vInit_mV.push(v[k]);
        }
      });
    }
  return { populations, sources };
}

/** Finds nodes by their SONATA names; undefined for one that is not there. Throws InputError where two share an id. */
export function nodePlaces({ populations, sources }: SonataNodes) {
  const places = new Map<string, Map<number, NodePlace>>();
  for (const { name, nodePopulation, nodeIds } of [...populations, ...sources]) {
    const ofPopulation = places.get(nodePopulation) ?? new Map<number, NodePlace>();
    places.set(nodePopulation, ofPopulation);
    nodeIds.forEach((id, number) => {
      if (ofPopulation.has(id)) throw new InputError(`node ${id} of ${nodePopulation} occurs twice`);
      ofPopulation.set(id, { population: name, number });
    });
  }
  return (nodePopulation: string, nodeId: number): NodePlace | undefined =>
    places.get(nodePopulation)?.get(nodeId);
}

/** The cells of the node types; null for virtual ones. */
async function cellsOf(
  types: ReadonlyMap<number, TypeRow>,
  { components, run, conditions: { celsius = HH_CELSIUS } }: SonataConfig,
  path: string,
): Promise<Map<number, CellData | null>> {
  const cells = new Map<number, CellData | null>();
  for (const [id, { model_type, model_template = '', dynamics_params }] of types) {
    const where = `${path}: node type ${id}`;
    if (model_type !== 'single_compartment' && model_type !== 'virtual')
      throw new InputError(
        `${where}: model_type: expected single_compartment or virtual; got ${model_type ?? 'none'}`,
      );
    if (model_type === 'virtual') {
      cells.set(id, null);
      continue;
    }
    const folder = String(components.point_neuron_models_dir ?? '.');
    const parameters = dynamics_params ? await readParameters(join(folder, dynamics_params)) : {};
    const cell = cellOf(model_template, parameters, where, run.spike_threshold);
    if (isNeuronHh(model_template) && celsius !== HH_CELSIUS)
      throw new InputError(
        `${where}: the mechanism hh is computed at ${HH_CELSIUS} degrees C; conditions.celsius is ${celsius}`,
      );
    cells.set(id, cell);
  }
  return cells;
}

/** The first name that a circuit can have and that is free. */
function uniqueName(wanted: readonly (string | undefined)[], taken: readonly SonataNodeGroup[]): string {
  const names = [...wanted, `${wanted.at(-1)}_${taken.length}`];
  return names.find((name) => name && NAME.test(name) && !taken.some((other) => other.name === name))!;
}
