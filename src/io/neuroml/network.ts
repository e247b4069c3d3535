import type { Stimulus } from '../../model/circuit.js';
import type { Network, PopulationRange } from '../../network/network.js';
import { current_nA } from '../membrane_current.js';
import { synapseValues } from '../synapse_values.js';
import { placeInSchema, synapseOf } from './synapses.js';
import { each, element, leaf, neuroMl } from './xml.js';

/** Synapse of the weights: their number in nS multiplies it. */
const UNIT_CONDUCTANCE = '1nS';

/** Ids of populations and of receptors by their names. */
export interface NeuroMlIds {
  readonly populations: ReadonlyMap<string, string>;
  readonly receptors: ReadonlyMap<string, string>;
}

/** Id of the cell of a population, given the population's. */
export const cellIdOf = (populationId: string): string => `cell_${populationId}`;

/** The document of synapses, inputs and the network; it includes `cellsFile`. */
export function networkDocument(network: Network, ids: NeuroMlIds, cellsFile: string): Iterable<string> {
  const { circuit } = network;
  const stimuli = [...circuit.stimuli.entries()];
  const synapse = (id: string, receptor: string, gbase: string) => {
    const synapse = synapseOf(receptor, circuit);
    return element(
      synapse.name,
      { id, gbase, erev: `${circuit.receptors[receptor].reversal_mV}mV`, ...synapse.attributes },
      each(synapse.block ? [synapse.block] : [], (block) => leaf('blockMechanism', block)),
    );
  };
  const synapses = [
    ...[...ids.receptors].map(([receptor, id]) => ({ id, receptor, gbase: UNIT_CONDUCTANCE })),
    ...stimuli.flatMap(([k, stimulus]) =>
      stimulus.kind === 'poisson'
        ? [{ id: `${stimulusId(k)}_synapse`, receptor: stimulus.receptor, gbase: `${stimulus.weight_nS}nS` }]
        : [],
    ),
  ].sort((x, y) => placeInSchema(x.receptor, circuit) - placeInSchema(y.receptor, circuit));
  return neuroMl(
    'network_document',
    leaf('include', { href: cellsFile }),
    each(synapses, ({ id, receptor, gbase }) => synapse(id, receptor, gbase)),
    // The schema has currents before Poisson sources.
    each(stimuli, ([k, stimulus]) => pulse(k, stimulus, network)),
    each(stimuli, ([k, stimulus]) => poisson(k, stimulus, false)),
    each(stimuli, ([k, stimulus]) => poisson(k, stimulus, true)),
    element(
      'network',
      {
        id: NETWORK_ID,
        type: 'networkWithTemperature',
        temperature: `${circuit.simulation.temperature_C}degC`,
      },
      each(network.populations, (range) => population(range, network, ids)),
      projections(network, ids),
      each(stimuli, ([k, stimulus]) => inputs(k, stimulus, network, ids)),
    ),
  );
}

export const NETWORK_ID = 'network';
const stimulusId = (k: number): string => `stimulus_${k}`;
/** Whether NeuroML has a component for a stimulus. */
export const isExpressible = ({ kind }: Stimulus): boolean => kind !== 'ornstein-uhlenbeck-current';

function pulse(k: number, stimulus: Stimulus, { circuit }: Network): Iterable<string> {
  if (stimulus.kind !== 'constant-current' && stimulus.kind !== 'step-current') return [];
  const { start_ms, stop_ms } =
    stimulus.kind === 'step-current' ? stimulus : { start_ms: 0, stop_ms: undefined };
  const { area_um2 } = circuit.cellTypes[circuit.populations[stimulus.to].cell];
  return leaf('pulseGenerator', {
    id: stimulusId(k),
    delay: `${start_ms}ms`,
    duration: `${(stop_ms ?? circuit.simulation.duration_ms) - start_ms}ms`,
    amplitude: `${current_nA(stimulus.amplitude_uA_cm2, area_um2)}nA`,
  });
}

function poisson(k: number, stimulus: Stimulus, transient: boolean): Iterable<string> {
  if (stimulus.kind !== 'poisson') return [];
  const { rate_hz, start_ms, stop_ms } = stimulus;
  if (transient !== (start_ms > 0 || stop_ms !== undefined)) return [];
  const synapse = `${stimulusId(k)}_synapse`;
  const shared = { synapse, spikeTarget: `./${synapse}` };
  if (!transient)
    return leaf('poissonFiringSynapse', { id: stimulusId(k), averageRate: `${rate_hz}Hz`, ...shared });
  // Without an end: as long as any run may last.
  const duration = `${stop_ms === undefined ? 1e9 : stop_ms - start_ms}ms`;
  return leaf('transientPoissonFiringSynapse', {
    id: stimulusId(k),
    averageRate: `${rate_hz}Hz`,
    delay: `${start_ms}ms`,
    duration,
    ...shared,
  });
}

function population(
  { name, first, count }: PopulationRange,
  { positions_um }: Network,
  { populations }: NeuroMlIds,
): Iterable<string> {
  const id = populations.get(name)!;
  return element(
    'population',
    { id, component: cellIdOf(id), size: count, type: 'populationList' },
    each(
      Array.from({ length: count }, (_, i) => i),
      (i) => {
        const [x, y, z] = positions_um.subarray(3 * (first + i), 3 * (first + i) + 3);
        return element('instance', { id: i }, leaf('location', { x, y, z }));
      },
    ),
  );
}

const pathOf = (populationId: string, i: number): string =>
  `../${populationId}/${i}/${cellIdOf(populationId)}`;

/** One projection for each pair of populations and receptor that has a synapse. */
function* projections(network: Network, ids: NeuroMlIds): Iterable<string> {
  for (const from of network.populations)
    for (const to of network.populations)
      for (const [receptor, synapse] of [...ids.receptors.values()].entries()) {
        const connections = connectionsOf(network, from, to, receptor, ids);
        const first = connections.next();
        if (first.done) continue;
        const [pre, post] = [from, to].map(({ name }) => ids.populations.get(name)!);
        const attributes = {
          id: `${pre}_to_${post}_${synapse}`,
          presynapticPopulation: pre,
          postsynapticPopulation: post,
          synapse,
        };
        yield* element('projection', attributes, [first.value], connections);
      }
}

function* connectionsOf(
  network: Network,
  from: PopulationRange,
  to: PopulationRange,
  receptor: number,
  { populations }: NeuroMlIds,
): Generator<string, void> {
  const { rowPointers } = network.synapses;
  const synapse = synapseValues(network);
  const [pre, post] = [from, to].map(({ name }) => populations.get(name)!);
  let id = 0;
  for (let i = 0; i < from.count; i++)
    for (let k = rowPointers[from.first + i]; k < rowPointers[from.first + i + 1]; k++) {
      const target = synapse.target(k) - to.first;
      if (synapse.receptor(k) !== receptor || target < 0 || target >= to.count) continue;
      yield* leaf('connectionWD', {
        id: id++,
        preCellId: pathOf(pre, i),
        postCellId: pathOf(post, target),
        weight: synapse.weight_nS(k),
        delay: `${synapse.delayMs(k)}ms`,
      });
    }
}

function inputs(
  k: number,
  stimulus: Stimulus,
  network: Network,
  { populations }: NeuroMlIds,
): Iterable<string> {
  if (!isExpressible(stimulus)) return [];
  const { name, count } = network.populations.find((range) => range.name === stimulus.to)!;
  const id = populations.get(name)!;
  return element(
    'inputList',
    { id: `${stimulusId(k)}_inputs`, population: id, component: stimulusId(k) },
    each(
      Array.from({ length: count }, (_, i) => i),
      (i) => leaf('input', { id: i, target: pathOf(id, i), destination: 'synapses' }),
    ),
  );
}
