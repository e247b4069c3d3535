import { CELL_LIBRARY } from './cell_type.js';
import {
  type Circuit,
  LARGEST_STABLE_DT_MS,
  MAX_DELAY_STEPS,
  MAX_NEURONS,
  MAX_RECEPTORS,
  type Projection,
} from './circuit.js';
import type { CircuitPath } from './circuit_error.js';
import type { CircuitProblem } from './circuit_problems.js';
import { largestValue } from './distribution.js';
import { didYouMean } from './suggestion.js';

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

/** What the schema cannot see: names that refer to each other, times against the step, sizes against each other. */
export function checkCircuit(circuit: Circuit): CircuitProblem[] {
  return [
    ...checkPopulations(circuit),
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
  const neurons = populations.reduce((sum, [, population]) => sum + population.neurons, 0);
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
  const cells = [...Object.keys(circuit.cellTypes), ...Object.keys(CELL_LIBRARY)];
  for (const [name, { cell, initial }] of populations) {
    problems.push(...unknownName(['populations', name, 'cell'], 'cell type', cell, [...new Set(cells)]));
    for (const receptor of Object.keys(initial.conductance_nS)) {
      const path = ['populations', name, 'initial', 'conductance_nS', receptor];
      problems.push(...unknownName(path, 'receptor', receptor, receptorNames(circuit)));
    }
  }
  return problems;
}

function checkTimes(circuit: Circuit): CircuitProblem[] {
  const { dt_ms, duration_ms, transient_ms, integrator } = circuit.simulation;
  const problems: CircuitProblem[] = [];
  const mustBeWhole = (path: CircuitPath, time_ms: number, what: string) => {
    if (wholeSteps(time_ms, dt_ms) === null)
      problems.push({
        path,
        message: `${what} ${time_ms} ms is not a whole number of steps of dt_ms ${dt_ms}`,
      });
  };
  const largestDt = LARGEST_STABLE_DT_MS[integrator];
  if (dt_ms > largestDt)
    problems.push({
      path: ['simulation', 'dt_ms'],
      message: `expected at most ${largestDt} ms, the largest stable step of the integrator "${integrator}"; got ${dt_ms}`,
    });
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
  return circuit.projections.flatMap((projection, i) => {
    const path = ['projections', i];
    const unknown = [
      ...unknownName([...path, 'from'], 'population', projection.from, names),
      ...unknownName([...path, 'to'], 'population', projection.to, names),
      ...unknownName([...path, 'receptor'], 'receptor', projection.receptor, receptorNames(circuit)),
    ];
    if (!names.includes(projection.from) || !names.includes(projection.to)) return unknown;
    return [...unknown, ...checkConnector(circuit, projection, [...path, 'connector'])];
  });
}

/** Whether the populations are large enough for what the connector asks for. */
function checkConnector(
  circuit: Circuit,
  { from, to, connector }: Projection,
  path: CircuitPath,
): CircuitProblem[] {
  const sources = circuit.populations[from].neurons;
  const targets = circuit.populations[to].neurons;
  if (connector.kind === 'list')
    return connector.pairs.flatMap((pair, i) =>
      pair.flatMap((neuron, side) => {
        const [population, size] = side === 0 ? [from, sources] : [to, targets];
        if (neuron < size) return [];
        const message = `expected a neuron of ${population}, from 0 to ${size - 1}; got ${neuron}`;
        return [{ path: [...path, 'pairs', i, side], message }];
      }),
    );
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
  traces.forEach(({ population, neurons }, i) => {
    problems.push(...unknownName(['recording', 'traces', i, 'population'], 'population', population, names));
    const size = circuit.populations[population]?.neurons ?? Infinity;
    neurons.forEach((neuron, j) => {
      if (neuron < size) return;
      const message = `expected a neuron of ${population}, from 0 to ${size - 1}; got ${neuron}`;
      problems.push({ path: ['recording', 'traces', i, 'neurons', j], message });
    });
  });
  return problems;
}
