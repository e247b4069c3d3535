import seedrandom from 'seedrandom';
import { type CellModel, stateKeys } from '../mechanism/cell_model.js';
import { HalfStepBack } from '../mechanism/moved_back.js';
import { settleAtRest } from '../mechanism/rest.js';
import { SteadyStates } from '../mechanism/steady_states.js';
import type { Circuit } from '../model/circuit.js';
import { cellOfPopulation } from '../model/circuit_cells.js';
import { sampler } from './draw.js';
import type { PopulationRange, StartState, VariedConstants } from './network.js';

/** Neurons that are settled together: enough to share the cost of interpretation, few enough to stay in the cache. */
const MOST_LANES = 128;

/**
 * Draws the state of every neuron at time 0. Staggered exponential Euler computes the states of cells half a step before V: where
 * they do not rest, they start there.
 */
export function startState(
  circuit: Circuit,
  populations: readonly PopulationRange[],
  receptors: readonly string[],
  varied: readonly VariedConstants[],
  neurons: number,
): StartState {
  const column = () => new Float64Array(neurons);
  const cells = populations.map(({ name }) => cellOfPopulation(circuit, name));
  const most = Math.max(0, ...cells.map((cell) => stateKeys(cell).length));
  const start: StartState = {
    V_mV: column(),
    states: Array.from({ length: most }, column),
    conductance_nS: receptors.map(column),
  };
  populations.forEach((population, p) => {
    drawPotentials(circuit, population, receptors, start);
    settleStates(circuit, population, cells[p], varied[p], start);
  });
  return start;
}

/** Draws V, where it is not that of rest, and the conductances of a population. */
function drawPotentials(
  { populations, simulation }: Circuit,
  { name, first, count }: PopulationRange,
  receptors: readonly string[],
  start: StartState,
): void {
  const { V_mV, conductance_nS } = populations[name].initial;
  const random = seedrandom.alea(`${simulation.seed}/start/${name}`);
  const source = { next: () => Math.max(random(), Number.MIN_VALUE) };
  const potential = V_mV === 'rest' ? null : sampler(V_mV, source);
  const distributions = receptors.map((receptor) => sampler(conductance_nS[receptor] ?? 0, source));
  for (let i = first; i < first + count; i++) {
    if (potential) start.V_mV[i] = potential.draw();
    distributions.forEach((distribution, r) => {
      start.conductance_nS[r][i] = distribution.draw();
    });
  }
}

/** Puts the states of a population where they settle at V, or V and the states where they rest. */
function settleStates(
  { populations, simulation: { integrator, dt_ms } }: Circuit,
  { name, first, count }: PopulationRange,
  cell: CellModel,
  varied: VariedConstants,
  start: StartState,
): void {
  const { V_mV, gates } = populations[name].initial;
  const isAtRest = V_mV === 'rest';
  // Neurons that have everything in common are one.
  const distinct = isAtRest && varied.size === 0 ? 1 : count;
  const lanes = Math.min(distinct, MOST_LANES);
  const names = new Set(varied.keys());
  const steady = new SteadyStates(cell, lanes, names);
  const closed = gates === 'closed' ? closedGates(cell) : [];
  const back =
    integrator === 'exponential-euler' && closed.length > 0
      ? new HalfStepBack(cell, dt_ms, lanes, names)
      : null;
  for (let from = 0; from < distinct; from += lanes) {
    // Lanes that are left over repeat the last neuron.
    const fill = (lanesOf: Float64Array, neurons: Float64Array) => {
      for (let lane = 0; lane < lanes; lane++) lanesOf[lane] = neurons[Math.min(from + lane, distinct - 1)];
    };
    for (const [constant, values] of varied)
      for (const lanesOf of [steady, back]) if (lanesOf) fill(lanesOf.varied.get(constant)!, values);
    if (isAtRest) settleAtRest(steady);
    else {
      fill(steady.V, start.V_mV.subarray(first, first + count));
      steady.settle();
    }
    for (const k of closed) steady.states[k].fill(0);
    if (back) {
      back.V.set(steady.V);
      back.states.forEach((values, k) => {
        values.set(steady.states[k]);
      });
      back.run();
    }
    const { V, states } = back ?? steady;
    for (let i = first + from; i < first + (distinct === 1 ? count : Math.min(from + lanes, count)); i++) {
      const lane = distinct === 1 ? 0 : i - first - from;
      start.V_mV[i] = V[lane];
      states.forEach((values, k) => {
        start.states[k][i] = values[lane];
      });
    }
  }
}

/**
 * Numbers of the states that are gates, which can be closed; concentrations and the shares of schemes, which add up to 1,
 * stay at their steady state.
 */
function closedGates(cell: CellModel): number[] {
  const gates = cell.groups.flatMap((group) =>
    group.kind === 'state' && !group.isConcentration ? [group.key] : [],
  );
  return stateKeys(cell).flatMap((key, k) => (gates.includes(key) ? [k] : []));
}
