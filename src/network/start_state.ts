import seedrandom from 'seedrandom';
import { type CellModel, stateKeys } from '../mechanism/cell_model.js';
import { Equilibrium } from '../mechanism/equilibrium.js';
import { movedBack } from '../mechanism/moved_back.js';
import { restOf } from '../mechanism/rest.js';
import type { Circuit } from '../model/circuit.js';
import { cellOfPopulation } from '../model/circuit_cells.js';
import { sampler } from './draw.js';
import type { PopulationRange, StartState } from './network.js';

/**
 * Draws the state of every neuron at time 0. Staggered exponential Euler computes the states of cells half a step before V: where
 * they do not rest, they start there.
 */
export function startState(
  circuit: Circuit,
  populations: readonly PopulationRange[],
  receptors: readonly string[],
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
  populations.forEach(({ name, first, count }, p) => {
    const { V_mV, gates, conductance_nS } = circuit.populations[name].initial;
    const cell = cells[p];
    const keys = stateKeys(cell);
    const random = seedrandom.alea(`${circuit.simulation.seed}/start/${name}`);
    const source = { next: () => Math.max(random(), Number.MIN_VALUE) };
    const potential = V_mV === 'rest' ? null : sampler(V_mV, source);
    const rest = potential ? null : restOf(cell);
    const equilibrium = new Equilibrium(cell);
    const closed = gates === 'closed' ? closedGates(cell) : [];
    const { integrator, dt_ms } = circuit.simulation;
    const back = integrator === 'exponential-euler' && closed.length > 0 ? movedBack(cell, dt_ms) : null;
    const distributions = receptors.map((receptor) => sampler(conductance_nS[receptor] ?? 0, source));
    for (let i = first; i < first + count; i++) {
      const settled = potential ? equilibrium.at(potential.draw()) : rest!;
      const atZero = {
        V: settled.V,
        states: { ...settled.states, ...Object.fromEntries(closed.map((key) => [key, 0])) },
      };
      const { V, states } = back ? back(atZero) : atZero;
      start.V_mV[i] = V;
      keys.forEach((key, k) => {
        start.states[k][i] = states[key];
      });
      distributions.forEach((distribution, r) => {
        start.conductance_nS[r][i] = distribution.draw();
      });
    }
  });
  return start;
}

/** Gates can be closed; concentrations and the shares of schemes, which add up to 1, stay at their steady state. */
const closedGates = ({ groups }: CellModel): string[] =>
  groups.flatMap((group) => (group.kind === 'state' && !group.isConcentration ? [group.key] : []));
