import { basename, join } from 'node:path';
import type { Receptor } from '../../model/circuit.js';
import { namesIn, readHdf5, requireDataset } from '../hdf5/hdf5.js';
import { InputError } from '../input_error.js';
import type { SonataConfig } from './config.js';
import { readNumbers } from './dynamics.js';
import type { NodePlace } from './read_nodes.js';
import { receptorOfModel } from './synapse_models.js';
import { readAttribute, readIntegers, readTypes, type TypeRow } from './table.js';

const NS_PER_US = 1000;
/** Most edges: every one is listed in the circuit that a run keeps as text, which V8 holds up to 512 MiB of. */
const MAX_EDGES = 4_000_000;

/** The edges from one population or spike source to one population through one receptor; equal lengths. */
export interface SonataProjection {
  readonly from: string;
  readonly to: string;
  readonly receptor: string;
  readonly pairs: [number, number][];
  readonly weights_nS: number[];
  readonly delays_ms: number[];
}

export interface SonataEdges {
  readonly projections: readonly SonataProjection[];
  readonly receptors: Readonly<Record<string, Receptor>>;
}

/**
 * Reads all edges. `syn_weight` is in uS (as NEURON's ExpSyn takes it), times `nsyns` where there are several synapses;
 * `delay` is in ms. Throws InputError on synapses other than ExpSyn and Exp2Syn and on missing values.
 */
export async function readEdges(
  config: SonataConfig,
  placeOf: (nodePopulation: string, nodeId: number) => NodePlace | undefined,
): Promise<SonataEdges> {
  const receptors = { ...config.nce.receptors } as Record<string, Receptor>;
  const projections = new Map<string, SonataProjection>();
  let count = 0;
  for (const { edges_file, edge_types_file } of config.networks?.edges ?? [])
    for (const name of await readHdf5(edges_file, (file) => namesIn(file, 'edges'))) {
      const types = await readTypes(edge_types_file, 'edge_type_id', name);
      const receptorOf = await receptorsOf(types, config, edge_types_file, receptors);
      await readHdf5(edges_file, (file) => {
        const place = `edges/${name}`;
        const end = (which: string) => {
          const dataset = requireDataset(file, `${place}/${which}_node_id`);
          const population = String(dataset.attrs.node_population?.value ?? '');
          return { population, ids: readIntegers(file, `${place}/${which}_node_id`) };
        };
        const [source, target] = [end('source'), end('target')];
        const typeIds = readIntegers(file, `${place}/edge_type_id`);
        count += typeIds.length;
        if (count > MAX_EDGES)
          throw new InputError(
            `${edges_file}: expected at most ${MAX_EDGES} edges in all; got ${count}: a circuit file draws larger networks`,
          );
        const [weight, delay, nsyns] = ['syn_weight', 'delay', 'nsyns'].map((attribute) =>
          readAttribute(file, place, 'edge', attribute, types),
        );
        const node = ({ population, ids }: typeof source, k: number): NodePlace => {
          const found = placeOf(population, ids[k]);
          if (found === undefined)
            throw new InputError(
              `${edges_file}: edge ${k}: there is no node ${ids[k]} of ${population || 'any population'}`,
            );
          return found;
        };
        const value = (attribute: string, number: number, k: number): number => {
          if (!(number >= 0))
            throw new InputError(
              `${edges_file}: edge ${k}: ${attribute}: expected a number, at least 0; got ${number}`,
            );
          return number;
        };
        for (let k = 0; k < typeIds.length; k++) {
          const receptor = receptorOf.get(typeIds[k]);
          if (receptor === undefined)
            throw new InputError(`${edges_file}: edge type ${typeIds[k]} is not in ${edge_types_file}`);
          const [from, to] = [node(source, k), node(target, k)];
          const projection = projectionOf(projections, from.population, to.population, receptor);
          const times = Number.isNaN(nsyns[k]) ? 1 : nsyns[k];
          projection.pairs.push([from.number, to.number]);
          projection.weights_nS.push(value('syn_weight', weight[k], k) * NS_PER_US * times);
          projection.delays_ms.push(value('delay', delay[k], k));
        }
      });
    }
  return { projections: [...projections.values()], receptors };
}

function projectionOf(
  projections: Map<string, SonataProjection>,
  from: string,
  to: string,
  receptor: string,
): SonataProjection {
  const key = [from, to, receptor].join('\n');
  const known = projections.get(key);
  if (known) return known;
  const made = { from, to, receptor, pairs: [], weights_nS: [], delays_ms: [] };
  projections.set(key, made);
  return made;
}

/** The receptor of each edge type; new ones are added to `receptors`. */
async function receptorsOf(
  types: ReadonlyMap<number, TypeRow>,
  { components }: SonataConfig,
  path: string,
  receptors: Record<string, Receptor>,
): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  for (const [id, type] of types) {
    const where = `${path}: edge type ${id}`;
    const file = type.dynamics_params;
    const folder = String(components.synaptic_models_dir ?? '.');
    const parameters = file ? await readNumbers(join(folder, file)) : {};
    const template = String(type.model_template ?? parameters.level_of_detail ?? '');
    const receptor = receptorOfModel(template, parameters, type.sign, where);
    const values = JSON.stringify(Object.entries(receptor).sort());
    const isSame = (other: Receptor) => JSON.stringify(Object.entries(other).sort()) === values;
    const known = [...(type.receptor === undefined ? [] : [type.receptor]), ...Object.keys(receptors)];
    let name = known.find((other) => Object.hasOwn(receptors, other) && isSame(receptors[other]));
    if (name === undefined) {
      const wanted = type.receptor ?? (file ? basename(file, '.json') : template);
      name = wanted in receptors ? `${wanted}_${id}` : wanted;
      receptors[name] = receptor;
    }
    names.set(id, name);
  }
  return names;
}
