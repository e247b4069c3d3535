import { buildCell } from '../../mechanism/build_cell.js';
import type { CellData } from '../../mechanism/cell_schema.js';
import { LIBRARY_MECHANISMS } from '../../mechanism/library.js';
import { restOf } from '../../mechanism/rest.js';
import type { Circuit } from '../../model/circuit.js';
import { type CircuitFile, resolveCircuit } from '../../model/circuit_file.js';
import type { CircuitOverride } from '../../model/circuit_overrides.js';
import { InputError } from '../input_error.js';
import { readConfig, type SonataConfig } from './config.js';
import { readEdges, type SonataEdges } from './read_edges.js';
import { readInputs, type SonataInputs } from './read_inputs.js';
import { nodePlaces, readNodes, type SonataNodes, type SonataPopulation } from './read_nodes.js';

/** Step where the files have no configuration of a simulation. */
const DEFAULT_DT_MS = 0.025;
/** Parts of a weight quantum that reading and writing uS may cost. */
const QUANTUM_TOLERANCE = 1e-6;

export interface SonataCircuit {
  /** Neurons, synapses, positions, start potentials and given spikes are the files', listed one by one. */
  readonly circuit: Circuit;
  /** What of the files is not part of the circuit, or not exactly, and why. */
  readonly notes: readonly string[];
}

/**
 * Reads a SONATA network of single-compartment cells (NEURON's squid axon "hh", and cells that this
 * program wrote; synapses ExpSyn),
 * driven by virtual nodes with given spikes and by current clamps, from its simulation_config.json or
 * circuit_config.json. `overrides` are values of the circuit that it makes. Throws InputError where a file is missing or
 * malformed or has what cannot be simulated here, and CircuitError where a value is out of its range.
 */
export async function readSonataCircuit(
  path: string,
  overrides: readonly CircuitOverride[] = [],
): Promise<SonataCircuit> {
  const config = await readConfig(path);
  const { tstart = 0 } = config.run;
  if (tstart !== 0) throw new InputError(`${path}: run.tstart: expected 0; got ${tstart}`);
  const nodes = await readNodes(config);
  if (nodes.populations.length === 0)
    throw new InputError(`${path}: the network has no single-compartment node`);
  const placeOf = nodePlaces(nodes);
  const edges = await readEdges(config, placeOf);
  const inputs = await readInputs(config, nodes, placeOf, path);
  const circuit = resolveCircuit(circuitFile(config, nodes, edges, inputs), { source: path, overrides });
  return { circuit, notes: notesOn(config, nodes, inputs, circuit) };
}

function circuitFile(
  { run, nce, conditions }: SonataConfig,
  { populations }: SonataNodes,
  { projections, receptors }: SonataEdges,
  { stimuli, trains_ms }: SonataInputs,
): CircuitFile {
  const name = populations[0].nodePopulation.replace(/[^A-Za-z0-9_.-]/g, '_');
  const own = (keys: readonly string[]) =>
    Object.fromEntries(keys.flatMap((key) => (key in nce ? [[key, nce[key]]] : [])));
  return {
    name: /^[A-Za-z]/.test(name) ? name : `sonata_${name}`,
    simulation: {
      ...(run.tstop !== undefined && { duration_ms: run.tstop, transient_ms: 0 }),
      dt_ms: run.dt ?? DEFAULT_DT_MS,
      ...own(['seed', 'integrator', 'transient_ms']),
      ...(conditions.celsius !== undefined && { temperature_C: conditions.celsius }),
    },
    ...own(['mechanisms']),
    cellTypes: Object.fromEntries(populations.map(({ name, cell }) => [`cell_${name}`, cell])),
    receptors,
    populations: Object.fromEntries(
      populations.map((population) => [
        population.name,
        {
          cell: `cell_${population.name}`,
          neurons: population.nodeIds.length,
          initial: { V_mV: startOf(population, conditions.v_init), ...nce.initial[population.name] },
          vary: nce.vary[population.name] ?? {},
        },
      ]),
    ),
    spikeSources: Object.fromEntries(
      [...trains_ms].map(([source, trains]) => [source, { trains_ms: trains }]),
    ),
    projections: projections.map(({ from, to, receptor, pairs, weights_nS, delays_ms }) => ({
      from,
      to,
      receptor,
      connector: { kind: 'list', pairs },
      weight_nS: wholeQuanta(weights_nS, nce.quantum_nS[receptor]),
      delay_ms: delays_ms,
    })),
    stimuli: stimuli as Circuit['stimuli'],
    geometry: { shape: 'given', positions_um: populations.flatMap(positionsOf) },
    ...own(['recording']),
  };
}

/** Potential of every node at the start; nodes without one start at `vInit_mV`, else at rest. */
function startOf(
  { cell, vInit_mV: ofNodes }: SonataPopulation,
  vInit_mV?: number,
): 'rest' | number | number[] {
  if (ofNodes.every(Number.isNaN)) return vInit_mV ?? 'rest';
  const other = vInit_mV ?? restOfCell(cell);
  return ofNodes.map((V) => (Number.isNaN(V) ? other : V));
}

/** Where a cell of the library's mechanisms rests, mV. Throws InputError for one of others. */
function restOfCell(data: CellData): number {
  const { cell, problems } = buildCell('node', data, LIBRARY_MECHANISMS);
  if (!cell) throw new InputError(`a node without v_init: ${problems[0].message}`);
  return restOf(cell).V;
}

/** Weights that were multiples of a quantum before they were written in uS are again. */
function wholeQuanta(weights_nS: number[], quantum_nS: number | undefined): number[] {
  if (quantum_nS === undefined) return weights_nS;
  return weights_nS.map((weight) => {
    const quanta = Math.round(weight / quantum_nS);
    return Math.abs(weight / quantum_nS - quanta) < QUANTUM_TOLERANCE ? quanta * quantum_nS : weight;
  });
}

function positionsOf({ positions_um }: SonataPopulation): [number, number, number][] {
  const given = (at: number) => (Number.isNaN(positions_um[at]) ? 0 : positions_um[at]);
  return Array.from({ length: positions_um.length / 3 }, (_, i) => [
    given(3 * i),
    given(3 * i + 1),
    given(3 * i + 2),
  ]);
}

function notesOn(
  { nce, reports }: SonataConfig,
  { populations }: SonataNodes,
  { trains_ms }: SonataInputs,
  { projections, simulation: { dt_ms } }: Circuit,
): string[] {
  const notes: string[] = [];
  if (nce.recording === undefined)
    for (const name of Object.keys(reports))
      notes.push(`reports.${name}: not written; a run records what recording.traces and recording.lfp say`);
  for (const [name, trains] of trains_ms)
    if (trains.every((train) => train.length === 0)) notes.push(`the virtual nodes ${name} have no spikes`);
  const isWhole = (delay: number) => Math.abs(delay - Math.round(delay / dt_ms) * dt_ms) <= 1e-9;
  const rounded = projections.reduce(
    (sum, { delay_ms }) => sum + (Array.isArray(delay_ms) ? delay_ms.filter((d) => !isWhole(d)).length : 0),
    0,
  );
  if (rounded > 0) notes.push(`${rounded} delays are rounded to whole steps of ${dt_ms} ms`);
  const missing = populations.reduce(
    (sum, { positions_um }) => sum + positions_um.filter(Number.isNaN).length,
    0,
  );
  if (missing > 0) notes.push(`${missing} coordinates of nodes are not given: taken as 0`);
  return notes;
}
