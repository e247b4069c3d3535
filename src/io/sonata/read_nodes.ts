import { join } from 'node:path';
import type { CellType } from '../../model/cell_type.js';
import { namesIn, readHdf5 } from '../hdf5.js';
import { InputError } from '../input_error.js';
import type { SonataConfig } from './config.js';
import { cellOf, readParameters } from './dynamics.js';
import { readAttribute, readIntegers, readTypes, type TypeRow } from './table.js';

/** The simulated nodes of one node type: a population of the circuit. */
export interface SonataPopulation {
  readonly name: string;
  readonly nodePopulation: string;
  readonly cell: CellType;
  readonly nodeIds: number[];
  /** x, y, z in um of each node, NaN where the file does not say. */
  readonly positions_um: number[];
  /** Potential at the start, mV; NaN where the file does not say. */
  readonly vInit_mV: number[];
}

export interface SonataNodes {
  readonly populations: readonly SonataPopulation[];
  /** Node populations of virtual nodes, which only send spikes. */
  readonly virtual: ReadonlySet<string>;
}

const NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** Reads all nodes. Throws InputError on nodes that are neither single compartments nor virtual. */
export async function readNodes(config: SonataConfig): Promise<SonataNodes> {
  const populations: SonataPopulation[] = [];
  const virtual = new Set<string>();
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
        for (let k = 0; k < typeIds.length; k++) {
          const cell = cells.get(typeIds[k]);
          if (cell === undefined)
            throw new InputError(`${nodes_file}: node type ${typeIds[k]} is not in ${node_types_file}`);
          if (cell === null) {
            virtual.add(name);
            continue;
          }
          let population = byType.get(typeIds[k]);
          if (!population) {
            const unique = uniqueName(types.get(typeIds[k])!, typeIds[k], populations);
            population = {
              name: unique,
              nodePopulation: name,
              cell,
              nodeIds: [],
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
  return { populations, virtual };
}

/** The cells of the node types; null for virtual ones. */
async function cellsOf(
  types: ReadonlyMap<number, TypeRow>,
  { components }: SonataConfig,
  path: string,
): Promise<Map<number, CellType | null>> {
  const cells = new Map<number, CellType | null>();
  for (const [id, { model_type, model_template = '', dynamics_params }] of types) {
    const where = `${path}: node type ${id}`;
    if (model_type !== 'single_compartment' && model_type !== 'virtual')
      throw new InputError(
        `${where}: model_type: expected single_compartment or virtual; got ${model_type ?? 'none'}`,
      );
    const folder = String(components.point_neuron_models_dir ?? '.');
    const parameters = dynamics_params ? await readParameters(join(folder, dynamics_params)) : {};
    cells.set(id, model_type === 'virtual' ? null : cellOf(model_template, parameters, where));
  }
  return cells;
}

function uniqueName(type: TypeRow, id: number, taken: readonly SonataPopulation[]): string {
  const wanted = [type.pop_name, `type_${id}`, `type_${id}_${taken.length}`];
  return wanted.find((name) => name && NAME.test(name) && !taken.some((other) => other.name === name))!;
}
