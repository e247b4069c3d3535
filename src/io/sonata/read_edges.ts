import { basename, join } from 'node:path';
import type { Receptor } from '../../model/circuit.js';
import type { Edges } from '../../network/synapses_from_edges.js';
import { namesIn, readHdf5, requireDataset } from '../hdf5.js';
import { InputError } from '../input_error.js';
import type { SonataConfig } from './config.js';
import { readParameters } from './dynamics.js';
import { readAttribute, readIntegers, readTypes, type TypeRow } from './table.js';

const NS_PER_US = 1000;
/** A receptor whose file does not give its sign excites where it reverses above this, between rest and threshold. */
const EXCITES_ABOVE_mV = -50;

/** Gives a node's network-wide number; undefined for a node that is not simulated. */
export type NeuronOf = (nodePopulation: string, nodeId: number) => number | undefined;

export interface SonataEdges {
  readonly edges: Edges;
  readonly receptors: Readonly<Record<string, Receptor>>;
  /** Edges whose source is virtual, by edge population. */
  readonly fromVirtual: ReadonlyMap<string, number>;
}

/**
 * Reads all edges between simulated nodes. `syn_weight` is in uS (as NEURON's ExpSyn takes it), times `nsyns` where there
 * are several synapses; `delay` is in ms. Throws InputError on synapses other than ExpSyn and on missing values.
 */
export async function readEdges(
  config: SonataConfig,
  neuronOf: NeuronOf,
  virtual: ReadonlySet<string>,
): Promise<SonataEdges> {
  const receptors: Record<string, Receptor> = {};
  const parts: Edges[] = [];
  const fromVirtual = new Map<string, number>();
  for (const { edges_file, edge_types_file } of config.networks?.edges ?? [])
    for (const name of await readHdf5(edges_file, (file) => namesIn(file, 'edges'))) {
      const types = await readTypes(edge_types_file, 'edge_type_id', name);
      const receptorOf = await receptorsOf(types, config, edge_types_file, receptors);
      const part = await readHdf5(edges_file, (file): Edges => {
        const place = `edges/${name}`;
        const end = (which: string) => {
          const dataset = requireDataset(file, `${place}/${which}_node_id`);
          const population = String(dataset.attrs.node_population?.value ?? '');
          return { population, ids: readIntegers(file, `${place}/${which}_node_id`) };
        };
        const [source, target] = [end('source'), end('target')];
        if (virtual.has(source.population) && source.ids.length > 0) {
          fromVirtual.set(name, source.ids.length);
          return noEdges(0);
        }
        const typeIds = readIntegers(file, `${place}/edge_type_id`);
        const [weight, delay, nsyns] = ['syn_weight', 'delay', 'nsyns'].map((attribute) =>
          readAttribute(file, place, 'edge', attribute, types),
        );
        const edges = noEdges(typeIds.length);
        const neuron = ({ population, ids }: typeof source, k: number): number => {
          const number = neuronOf(population, ids[k]);
          if (number === undefined)
            throw new InputError(
              `${edges_file}: edge ${k}: there is no node ${ids[k]} of ${population || 'any population'}`,
            );
          return number;
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
          edges.sources[k] = neuron(source, k);
          edges.targets[k] = neuron(target, k);
          edges.receptors[k] = receptor;
          const times = Number.isNaN(nsyns[k]) ? 1 : nsyns[k];
          edges.weights_nS[k] = value('syn_weight', weight[k], k) * NS_PER_US * times;
          edges.delays_ms[k] = value('delay', delay[k], k);
        }
        return edges;
      });
      parts.push(part);
    }
  return { edges: parts.length === 1 ? parts[0] : joined(parts), receptors, fromVirtual };
}

const noEdges = (count: number): Edges => ({
  sources: new Uint32Array(count),
  targets: new Uint32Array(count),
  receptors: new Uint8Array(count),
  weights_nS: new Float64Array(count),
  delays_ms: new Float64Array(count),
});

function joined(parts: readonly Edges[]): Edges {
  const all = noEdges(parts.reduce((sum, { sources }) => sum + sources.length, 0));
  let at = 0;
  for (const part of parts) {
    for (const column of Object.keys(all) as (keyof Edges)[]) all[column].set(part[column], at);
    at += part.sources.length;
  }
  return all;
}

/** The number of each edge type's receptor; new ones are added to `receptors`. */
async function receptorsOf(
  types: ReadonlyMap<number, TypeRow>,
  { components }: SonataConfig,
  path: string,
  receptors: Record<string, Receptor>,
): Promise<Map<number, number>> {
  const numbers = new Map<number, number>();
  for (const [id, type] of types) {
    const where = `${path}: edge type ${id}`;
    const file = type.dynamics_params;
    const folder = String(components.synaptic_models_dir ?? '.');
    const parameters = file ? await readParameters(join(folder, file)) : {};
    const model = String(type.model_template ?? parameters.level_of_detail ?? '').toLowerCase();
    if (model !== 'expsyn')
      throw new InputError(
        `${where}: model_template: expected ExpSyn, the synapse of one exponential; got ${type.model_template ?? 'none'}`,
      );
    const { tau = 0.1, e = parameters.erev ?? 0 } = parameters;
    const byPotential = e > EXCITES_ABOVE_mV ? 'excitatory' : 'inhibitory';
    const sign = type.sign === 'excitatory' || type.sign === 'inhibitory' ? type.sign : byPotential;
    const receptor: Receptor = { tau_ms: tau, reversal_mV: e, sign };
    const isSame = (other: Receptor) => JSON.stringify(other) === JSON.stringify(receptor);
    let name = Object.keys(receptors).find((other) => isSame(receptors[other]));
    if (name === undefined) {
      const wanted = type.receptor ?? (file ? basename(file, '.json') : 'ExpSyn');
      name = wanted in receptors ? `${wanted}_${id}` : wanted;
      receptors[name] = receptor;
    }
    numbers.set(id, Object.keys(receptors).indexOf(name));
  }
  return numbers;
}
