import type { Circuit, CircuitInput } from '../../model/circuit.js';
import { resolveCircuit } from '../../model/circuit_file.js';
import { restingState, steadyState } from '../../model/resting_state.js';
import type { Network, PopulationRange } from '../../network/network.js';
import { type Edges, synapsesFromEdges } from '../../network/synapses_from_edges.js';
import { InputError } from '../input_error.js';
import { readConfig, type SonataConfig } from './config.js';
import { readEdges } from './read_edges.js';
import { readNodes, type SonataPopulation } from './read_nodes.js';
import { stimuliOf } from './read_stimuli.js';

/** Step where the files have no configuration of a simulation. */
const DEFAULT_DT_MS = 0.025;

export interface SonataNetwork {
  /**
   * Neurons, synapses, positions and start potentials are the files'. The network's `circuit` describes them: its
   * projections have the number of synapses and their mean weight and delay.
   */
  readonly network: Network;
  /** What of the files is not part of the network, and why. */
  readonly notes: readonly string[];
}

/**
 * Reads a SONATA network of single-compartment cells (mechanisms "hh", "traub_miles", "wang_buzsaki"; synapses ExpSyn)
 * from its circuit_config.json or simulation_config.json. Throws InputError where a file is missing or malformed or has
 * what cannot be simulated here, and CircuitError where a value is out of its range.
 */
export async function readSonataNetwork(path: string): Promise<SonataNetwork> {
  const config = await readConfig(path);
  const { populations, virtual } = await readNodes(config);
  if (populations.length === 0) throw new InputError(`${path}: the network has no single-compartment node`);
  const ranges = rangesOf(populations);
  const { edges, receptors, fromVirtual } = await readEdges(config, numbering(populations, ranges), virtual);
  const { stimuli, notes } = await stimuliOf(config, populations);
  for (const [name, count] of fromVirtual)
    notes.push(
      `edges ${name}: ${count} synapses of virtual nodes left out: circuits have no given spike trains`,
    );
  const circuit = describe(path, config, { populations, ranges, edges, receptors, stimuli });
  const { dt_ms } = circuit.simulation;
  const rounded = edges.delays_ms.filter((delay) => Math.abs(delay - wholeSteps(delay, dt_ms)) > 1e-9).length;
  if (rounded > 0) notes.push(`${rounded} delays are rounded to whole steps of ${dt_ms} ms`);
  const neurons = ranges.reduce((sum, { count }) => sum + count, 0);
  const receptorNames = Object.keys(receptors);
  const synapses = synapsesFromEdges(edges, neurons, receptorNames.length, dt_ms);
  const network: Network = {
    circuit,
    neurons,
    populations: ranges,
    spikeSources: [],
    receptors: receptorNames,
    positions_um: positions(populations, notes),
    start: startOf(populations, receptorNames.length, config.conditions.v_init),
    synapses,
  };
  return { network, notes };
}

function rangesOf(populations: readonly SonataPopulation[]): PopulationRange[] {
  let first = 0;
  return populations.map(({ name, nodeIds: { length: count } }) => {
    const range = { name, first, count };
    first += count;
    return range;
  });
}

function numbering(populations: readonly SonataPopulation[], ranges: readonly PopulationRange[]) {
  const numbers = new Map<string, Map<number, number>>();
  populations.forEach(({ nodePopulation, nodeIds }, p) => {
    const ofPopulation = numbers.get(nodePopulation) ?? new Map<number, number>();
    numbers.set(nodePopulation, ofPopulation);
    nodeIds.forEach((id, i) => {
      if (ofPopulation.has(id)) throw new InputError(`node ${id} of ${nodePopulation} is there twice`);
      ofPopulation.set(id, ranges[p].first + i);
    });
  });
  return (nodePopulation: string, nodeId: number) => numbers.get(nodePopulation)?.get(nodeId);
}

interface Parts {
  readonly populations: readonly SonataPopulation[];
  readonly ranges: readonly PopulationRange[];
  readonly edges: Edges;
  readonly receptors: Circuit['receptors'];
  readonly stimuli: unknown;
}

function describe(path: string, { run, nce }: SonataConfig, parts: Parts): Circuit {
  const { populations, ranges, receptors, stimuli } = parts;
  const simulation = {
    ...(run.tstop !== undefined && { duration_ms: run.tstop, transient_ms: 0 }),
    dt_ms: run.dt ?? DEFAULT_DT_MS,
    ...Object.fromEntries(
      ['seed', 'integrator', 'transient_ms'].filter((key) => key in nce).map((key) => [key, nce[key]]),
    ),
  };
  const name = populations[0].nodePopulation.replace(/[^A-Za-z0-9_.-]/g, '_');
  const input = {
    name: /^[A-Za-z]/.test(name) ? name : `sonata_${name}`,
    simulation,
    cellTypes: Object.fromEntries(
      populations.map((population) => [`cell_${population.name}`, population.cell]),
    ),
    receptors,
    populations: Object.fromEntries(
      ranges.map(({ name: population, count }) => [
        population,
        { cell: `cell_${population}`, neurons: count },
      ]),
    ),
    projections: projectionsOf(parts, simulation.dt_ms),
    stimuli,
  } as CircuitInput;
  return resolveCircuit(JSON.stringify(input), { source: path });
}

/** One for each pair of populations and receptor: how many synapses, and their mean weight and delay. */
function projectionsOf({ ranges, edges, receptors }: Parts, dt_ms: number) {
  const populationOf = ranges.flatMap(({ count }, p) => Array<number>(count).fill(p));
  const sums = new Map<number, { synapses: number; weight: number; delay: number }>();
  const names = Object.keys(receptors);
  for (let k = 0; k < edges.sources.length; k++) {
    const [from, to] = [populationOf[edges.sources[k]], populationOf[edges.targets[k]]];
    const key = (from * ranges.length + to) * names.length + edges.receptors[k];
    const sum = sums.get(key) ?? { synapses: 0, weight: 0, delay: 0 };
    sum.synapses++;
    sum.weight += edges.weights_nS[k];
    sum.delay += edges.delays_ms[k];
    sums.set(key, sum);
  }
  return [...sums].map(([key, { synapses, weight, delay }]) => {
    const pair = Math.floor(key / names.length);
    return {
      from: ranges[Math.floor(pair / ranges.length)].name,
      to: ranges[pair % ranges.length].name,
      receptor: names[key % names.length],
      connector: { kind: 'fixed-total', synapses, autapses: true, multapses: true },
      weight_nS: weight / synapses,
      delay_ms: wholeSteps(delay / synapses, dt_ms),
    };
  });
}

const wholeSteps = (delay_ms: number, dt_ms: number): number =>
  Number((Math.round(delay_ms / dt_ms) * dt_ms).toPrecision(12));

function positions(populations: readonly SonataPopulation[], notes: string[]): Float32Array {
  const values = Float32Array.from(populations.flatMap(({ positions_um }) => positions_um));
  const missing = values.filter(Number.isNaN).length;
  if (missing > 0) notes.push(`${missing} coordinates of nodes are not given: taken as 0`);
  return values.map((value) => (Number.isNaN(value) ? 0 : value));
}

function startOf(
  populations: readonly SonataPopulation[],
  receptorCount: number,
  vInit_mV = Number.NaN,
): Network['start'] {
  const states = populations.flatMap(({ cell, vInit_mV: ofNodes }) => {
    const rest = restingState(cell);
    return ofNodes.map((V) => {
      const start = Number.isNaN(V) ? vInit_mV : V;
      return Number.isNaN(start) ? rest : steadyState(cell, start);
    });
  });
  const column = (key: 'V' | 'm' | 'h' | 'n' | 'p') => Float64Array.from(states, (state) => state[key]);
  return {
    V_mV: column('V'),
    m: column('m'),
    h: column('h'),
    n: column('n'),
    p: column('p'),
    conductance_nS: Array.from({ length: receptorCount }, () => new Float64Array(states.length)),
  };
}
