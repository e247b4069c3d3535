import { LIBRARY_CELLS } from '../mechanism/library.js';
import { recordableOf } from '../mechanism/recordable.js';
import type { CircuitPath } from '../text/circuit_error.js';
import type { CircuitProblem } from '../text/circuit_problems.js';
import { didYouMean } from '../text/suggestion.js';
import { checkListed } from './check_listed.js';
import { checkVaried } from './check_varied.js';
import {
  type Circuit,
  isKinetic,
  MAX_DELAY_STEPS,
  MAX_NEURONS,
  MAX_RECEPTORS,
  type Projection,
  senderCount,
} from './circuit.js';
import { circuitCells } from './circuit_cells.js';
import { largestValue } from './distribution.js';

/** Largest number of steps: the step index is a u32. */
const MAX_STEPS = 2 ** 32 - 1;

/**
 * Number of steps that a time takes; null where dt does not divide it. A quotient counts as whole within 1e-6 of a
 * step, or within the 4 ulp that writing both times as decimal fractions and dividing them may cost.
 */
export function wholeSteps(time_ms: number, dt_ms: number): number | null {
  const quotient = time_ms / dt_ms;
  const steps = Math.round(quotient);
  return Math.abs(quotient - steps) <= Math.max(1e-6, 4 * Number.EPSILON * quotient) ? steps : null;
}

/**
 * Checks that the schema cannot express: names that refer to each other, times that must be multiples of the step,
 * sizes that must agree.
 */
export function checkCircuit(circuit: Circuit): CircuitProblem[] {
  return [
    ...checkPopulations(circuit),
    ...checkVaried(circuit),
    ...checkSpikeSources(circuit),
    ...checkTimes(circuit),
    ...checkProjections(circuit),
    ...checkInputsAndOutputs(circuit),
  ];
}

function unknownName(
  path: CircuitPath,
  what: string,
  name: string,
  known: readonly string[],
): CircuitProblem[] {
  if (known.includes(name)) return [];
  return [{ path, message: `no ${what} is called "${name}"${didYouMean(name, known)}` }];
}

const populationNames = (circuit: Circuit) => Object.keys(circuit.populations);
const receptorNames = (circuit: Circuit) => Object.keys(circuit.receptors);

function checkPopulations(circuit: Circuit): CircuitProblem[] {
  const problems: CircuitProblem[] = [];
  const populations = Object.entries(circuit.populations);
  const neurons = neuronCount(circuit);
  if (populations.length === 0)
    problems.push({ path: ['populations'], message: 'expected at least one population; got none' });
  if (neurons > MAX_NEURONS)
    problems.push({
      path: ['populations'],
      message: `expected at most ${MAX_NEURONS} neurons in all; got ${neurons}`,
    });
  if (receptorNames(circuit).length > MAX_RECEPTORS)
    problems.push({
      path: ['receptors'],
      message: `expected at most ${MAX_RECEPTORS} receptors; got ${receptorNames(circuit).length}`,
    });
  const cells = [...Object.keys(circuit.cellTypes), ...LIBRARY_CELLS];
  for (const [name, { cell, initial }] of populations) {
    problems.push(...unknownName(['populations', name, 'cell'], 'cell type', cell, [...new Set(cells)]));
    const { V_mV, conductance_nS } = initial;
    const size = circuit.populations[name].neurons;
    const path = ['populations', name, 'initial'];
    if (V_mV !== 'rest') problems.push(...checkListed([...path, 'V_mV'], V_mV, size, `neuron of ${name}`));
    for (const [receptor, distribution] of Object.entries(conductance_nS)) {
      const place = [...path, 'conductance_nS', receptor];
      problems.push(
        ...unknownName(place, 'receptor', receptor, receptorNames(circuit)),
        ...checkListed(place, distribution, size, `neuron of ${name}`),
      );
      if (Object.hasOwn(circuit.receptors, receptor) && isKinetic(circuit.receptors[receptor]))
        problems.push({
          path: place,
          message: `the conductance of "${receptor}" follows from the states of its mechanism, which start where nothing has arrived`,
        });
    }
  }
  const { geometry } = circuit;
  if (geometry.shape === 'given' && geometry.positions_um.length !== neurons)
    problems.push({
      path: ['geometry', 'positions_um'],
      message: `expected ${neurons} positions, one for every neuron; got ${geometry.positions_um.length}`,
    });
  return problems;
}

const neuronCount = (circuit: Circuit): number =>
  Object.values(circuit.populations).reduce((sum, population) => sum + population.neurons, 0);

function checkSpikeSources(circuit: Circuit): CircuitProblem[] {
  const problems: CircuitProblem[] = [];
  let sources = 0;
  for (const [name, { trains_ms }] of Object.entries(circuit.spikeSources)) {
    sources += trains_ms.length;
    if (Object.hasOwn(circuit.populations, name))
      problems.push({
        path: ['spikeSources', name],
        of: 'key',
        message: `there is already a population called "${name}"`,
      });
    trains_ms.forEach((train, i) => {
      const k = train.findIndex((time, at) => at > 0 && time < train[at - 1]);
      if (k < 0) return;
      const message = `expected times in ascending order; got ${train[k]} after ${train[k - 1]}`;
      problems.push({ path: ['spikeSources', name, 'trains_ms', i, k], message });
    });
  }
  if (sources > 0 && neuronCount(circuit) + sources > MAX_NEURONS)
    problems.push({
      path: ['spikeSources'],
      message: `expected at most ${MAX_NEURONS} neurons and sources in all; got ${neuronCount(circuit) + sources}`,
    });
  return problems;
}

function checkTimes(circuit: Circuit): CircuitProblem[] {
  const { dt_ms, duration_ms, transient_ms } = circuit.simulation;
  const problems: CircuitProblem[] = [];
  const mustBeWhole = (path: CircuitPath, time_ms: number, what: string) => {
    if (wholeSteps(time_ms, dt_ms) === null)
      problems.push({
        path,
        message: `${what} ${time_ms} ms is not a whole number of steps of dt_ms ${dt_ms}`,
      });
  };
  if (duration_ms / dt_ms > MAX_STEPS)
    problems.push({
      path: ['simulation', 'duration_ms'],
      message: `expected at most ${MAX_STEPS} steps of dt_ms ${dt_ms}; got ${duration_ms / dt_ms}`,
    });
  else mustBeWhole(['simulation', 'duration_ms'], duration_ms, 'the duration');
  if (transient_ms >= duration_ms)
    problems.push({
      path: ['simulation', 'transient_ms'],
      message: `expected less than the duration ${duration_ms} ms; got ${transient_ms}`,
    });
  mustBeWhole(['recording', 'sampleRate_hz'], 1000 / circuit.recording.sampleRate_hz, 'the sample period');
  for (const [name, cell] of Object.entries(circuit.cellTypes))
    mustBeWhole(['cellTypes', name, 'refractory_ms'], cell.refractory_ms, 'the refractory time');
  circuit.projections.forEach(({ delay_ms }, i) => {
    const path = ['projections', i, 'delay_ms'];
    if (typeof delay_ms === 'number') mustBeWhole(path, delay_ms, 'the delay');
    const longest = largestValue(delay_ms);
    if (Number.isFinite(longest) && longest / dt_ms > MAX_DELAY_STEPS)
      problems.push({
        path,
        message: `expected at most ${MAX_DELAY_STEPS} steps of dt_ms ${dt_ms} (${MAX_DELAY_STEPS * dt_ms} ms); got ${longest} ms`,
      });
  });
  circuit.stimuli.forEach((stimulus, i) => {
    if (!('start_ms' in stimulus)) return;
    const { start_ms, stop_ms } = stimulus;
    mustBeWhole(['stimuli', i, 'start_ms'], start_ms, 'the start');
    if (stop_ms === undefined) return;
    mustBeWhole(['stimuli', i, 'stop_ms'], stop_ms, 'the stop');
    if (stop_ms <= start_ms)
      problems.push({
        path: ['stimuli', i, 'stop_ms'],
        message: `expected more than start_ms, ${start_ms}; got ${stop_ms}`,
      });
  });
  return problems;
}

function checkProjections(circuit: Circuit): CircuitProblem[] {
  const names = populationNames(circuit);
  const sources = Object.keys(circuit.spikeSources);
  const sender = sources.length > 0 ? 'population or spike source' : 'population';
  return circuit.projections.flatMap((projection, i) => {
    const path = ['projections', i];
    if (sources.includes(projection.to)) {
      const message = `"${projection.to}" is a spike source: spikes go to populations only`;
      return [{ path: [...path, 'to'], message }];
    }
    const unknown = [
      ...unknownName([...path, 'from'], sender, projection.from, [...names, ...sources]),
      ...unknownName([...path, 'to'], 'population', projection.to, names),
      ...unknownName([...path, 'receptor'], 'receptor', projection.receptor, receptorNames(circuit)),
    ];
    const size = senderCount(circuit, projection.from);
    if (size === undefined || !names.includes(projection.to)) return unknown;
    return [
      ...unknown,
      ...checkConnector(circuit, projection, size, [...path, 'connector']),
      ...checkListedSynapses(projection, path),
    ];
  });
}

/** Weights and delays may be lists only if the pairs are listed. */
function checkListedSynapses(
  { connector, ...distributions }: Projection,
  path: CircuitPath,
): CircuitProblem[] {
  return (['weight_nS', 'delay_ms'] as const).flatMap((key) => {
    if (connector.kind === 'list')
      return checkListed([...path, key], distributions[key], connector.pairs.length, 'pair of the connector');
    if (!Array.isArray(distributions[key])) return [];
    const message = `a list of values needs the connector "list"; this one is "${connector.kind}"`;
    return [{ path: [...path, key], message }];
  });
}

/** Whether the populations are large enough for the connector. */
function checkConnector(
  circuit: Circuit,
  { from, to, connector }: Projection,
  sources: number,
  path: CircuitPath,
): CircuitProblem[] {
  const targets = circuit.populations[to].neurons;
  if (connector.kind === 'list')
    return connector.pairs.flatMap((pair, i) =>
      pair.flatMap((neuron, side) => {
        const [population, size] = side === 0 ? [from, sources] : [to, targets];
        if (neuron < size) return [];
        const what = Object.hasOwn(circuit.spikeSources, population) ? 'source' : 'neuron';
        const message = `expected a ${what} of ${population}, from 0 to ${size - 1}; got ${neuron}`;
        return [{ path: [...path, 'pairs', i, side], message }];
      }),
    );
  if (connector.kind === 'distance-dependent' && Object.hasOwn(circuit.spikeSources, from)) {
    const message = `${from} is a spike source and has no position; expected another connector`;
    return [{ path: [...path, 'kind'], message }];
  }
  if (connector.kind !== 'fixed-in-degree' && connector.kind !== 'fixed-total') return [];

  const sourcesPerTarget = sources - (from === to && !connector.autapses ? 1 : 0);
  const [key, asked, distinct] =
    connector.kind === 'fixed-in-degree'
      ? (['inDegree', connector.inDegree, sourcesPerTarget] as const)
      : (['synapses', connector.synapses, sourcesPerTarget * targets] as const);
  if (asked <= distinct || (connector.multapses && distinct > 0)) return [];
  const remedy = distinct > 0 ? ' unless "multapses" is true' : ' unless "autapses" is true';
  return [
    {
      path: [...path, key],
      message: `expected at most ${distinct}, as many as ${from} (${sources} neurons) and ${to} (${targets}) allow${remedy}; got ${asked}`,
    },
  ];
}

function checkInputsAndOutputs(circuit: Circuit): CircuitProblem[] {
  const names = populationNames(circuit);
  const { lfp, traces } = circuit.recording;
  const problems = circuit.stimuli.flatMap((stimulus, i) => [
    ...unknownName(['stimuli', i, 'to'], 'population', stimulus.to, names),
    ...(stimulus.kind === 'poisson'
      ? unknownName(['stimuli', i, 'receptor'], 'receptor', stimulus.receptor, receptorNames(circuit))
      : []),
  ]);
  if (lfp?.populations.length === 0)
    problems.push({
      path: ['recording', 'lfp', 'populations'],
      message: 'expected at least one population; got none',
    });
  lfp?.populations.forEach((name, i) => {
    problems.push(...unknownName(['recording', 'lfp', 'populations', i], 'population', name, names));
  });
  traces.forEach(({ population, neurons, variables = [] }, i) => {
    problems.push(...unknownName(['recording', 'traces', i, 'population'], 'population', population, names));
    const size = circuit.populations[population]?.neurons ?? Infinity;
    neurons.forEach((neuron, j) => {
      if (neuron < size) return;
      const message = `expected a neuron of ${population}, from 0 to ${size - 1}; got ${neuron}`;
      problems.push({ path: ['recording', 'traces', i, 'neurons', j], message });
    });
    if (!Object.hasOwn(circuit.populations, population)) return;
    const { cell } = circuit.populations[population];
    const recordable = variables.length > 0 && circuitCells(circuit).get(cell);
    if (!recordable) return;
    const known = recordableOf(recordable);
    variables.forEach((name, j) => {
      if (known.includes(name)) return;
      const message = `the cell "${cell}" has no variable "${name}"${didYouMean(name, known)}`;
      problems.push({ path: ['recording', 'traces', i, 'variables', j], message });
    });
  });
  return problems;
}
