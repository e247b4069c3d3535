import { LIBRARY_MECHANISMS } from '../../mechanism/library.js';
import { bothOf, checkMechanisms } from '../../mechanism/mechanism_file.js';
import type { Network } from '../../network/network.js';
import type { RunSource } from '../run_folder/run_source.js';
import { cellsDocument, lemsDocument } from './cells_document.js';
import { cellIdOf, isExpressible, NETWORK_ID, type NeuroMlIds, networkDocument } from './network.js';
import { type WrittenCell, writeCell } from './write_cell.js';
import { writeXml } from './write_xml.js';
import { each, element, leaf, neuroMlIds } from './xml.js';

const FILES = {
  cells: 'cells.nml',
  pools: 'LEMS_pools.xml',
  network: 'network.net.nml',
  simulation: 'LEMS_simulation.xml',
} as const;

/**
 * Writes a run's circuit as NeuroML 2.3: cells.nml (channels and cells), network.net.nml (synapses, inputs,
 * populations and every synapse) and LEMS_simulation.xml, which runs them and records spikes; LEMS_pools.xml where calcium
 * follows a formula that NeuroML itself does not have. `note` gets what NeuroML cannot express. Throws InputError where it
 * has no form for a mechanism.
 */
export async function exportNeuroMl(
  { network }: RunSource,
  pathOf: (file: string) => string,
  note: (text: string) => void,
): Promise<void> {
  const ids: NeuroMlIds = {
    populations: neuroMlIds(network.populations.map(({ name }) => name)),
    receptors: neuroMlIds(network.receptors),
  };
  for (const omission of omissions(network)) note(omission);
  const cells = cellsOf(network, ids.populations);
  const pools = lemsDocument(cells);
  await writeXml(pathOf(FILES.cells), cellsDocument('cells', cells, pools && FILES.pools));
  if (pools) await writeXml(pathOf(FILES.pools), pools);
  await writeXml(pathOf(FILES.network), networkDocument(network, ids, FILES.cells));
  await writeXml(pathOf(FILES.simulation), simulationDocument(network, ids));
}

/** A cell for each population: populations of one cell type may start at different potentials. */
function cellsOf({ circuit, populations, start }: Network, ids: ReadonlyMap<string, string>): WrittenCell[] {
  const mechanisms = bothOf(checkMechanisms(circuit.mechanisms).mechanisms, LIBRARY_MECHANISMS);
  const { temperature_C } = circuit.simulation;
  return populations.map(({ name, first, count }) =>
    writeCell(circuit.cellTypes[circuit.populations[name].cell], mechanisms, {
      id: cellIdOf(ids.get(name)!),
      start_mV: start.V_mV.subarray(first, first + count).reduce((sum, V) => sum + V, 0) / count,
      temperature_C,
    }),
  );
}

/** What the documents leave out or change. */
function* omissions({ circuit, populations, spikeSources, start }: Network): Iterable<string> {
  for (const { name } of spikeSources) yield `spikeSources.${name}: omitted, with its synapses`;
  for (const [k, stimulus] of circuit.stimuli.entries())
    if (!isExpressible(stimulus))
      yield `stimuli[${k}], ${stimulus.kind}: left out, NeuroML has no such input`;
  for (const { name, first, count } of populations) {
    const { cell, initial, vary } = circuit.populations[name];
    for (const path of Object.keys(vary))
      yield `populations.${name}.vary.${path}: every cell has the value of the cell type "${cell}"`;
    const potentials = start.V_mV.subarray(first, first + count);
    if (potentials.some((V) => V !== potentials[0]))
      yield `populations.${name}: every cell starts at the mean of the start potentials`;
    if (initial.gates === 'closed')
      yield `populations.${name}: the gates start at their steady state, not closed`;
    if (Object.keys(initial.conductance_nS).length > 0)
      yield `populations.${name}: the synaptic conductances start at 0`;
    if (circuit.cellTypes[cell].refractory_ms > 0)
      yield `populations.${name}: spikes are upward crossings of the threshold, without a refractory time`;
  }
  if (circuit.stimuli.some(({ kind }) => kind === 'poisson'))
    yield 'Poisson input draws other random numbers, so spikes agree in their statistics only';
}

function simulationDocument({ circuit, populations }: Network, ids: NeuroMlIds): Iterable<string> {
  const { duration_ms, dt_ms, seed } = circuit.simulation;
  const includes = ['Cells.xml', 'Networks.xml', 'Simulation.xml', FILES.network];
  const cellPath = (populationId: string, i: number) => `${populationId}/${i}/${cellIdOf(populationId)}`;
  return element(
    'Lems',
    {},
    leaf('Target', { component: 'simulation' }),
    each(includes, (file) => leaf('Include', { file })),
    element(
      'Simulation',
      { id: 'simulation', length: `${duration_ms}ms`, step: `${dt_ms}ms`, target: NETWORK_ID, seed },
      each(populations, ({ name, count }) => {
        const id = ids.populations.get(name)!;
        return element(
          'EventOutputFile',
          { id: `spikes_${id}`, fileName: `spikes_${id}.dat`, format: 'TIME_ID' },
          each(
            Array.from({ length: count }, (_, i) => i),
            (i) => leaf('EventSelection', { id: i, select: cellPath(id, i), eventPort: 'spike' }),
          ),
        );
      }),
      each(circuit.recording.traces, ({ population, neurons }, t) => {
        const id = ids.populations.get(population)!;
        return element(
          'OutputFile',
          { id: `v_${t}`, fileName: `v_${id}_${t}.dat` },
          each(neurons, (i) => leaf('OutputColumn', { id: `v_${i}`, quantity: `${cellPath(id, i)}/v` })),
        );
      }),
    ),
  );
}
