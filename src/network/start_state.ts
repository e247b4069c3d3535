import seedrandom from 'seedrandom';
import type { Circuit } from '../model/circuit.js';
import { restingState, steadyState } from '../model/resting_state.js';
import { sampler } from './draw.js';
import type { PopulationRange, StartState } from './network.js';

/** Draws the state of every neuron at time 0. */
export function startState(
  circuit: Circuit,
  populations: readonly PopulationRange[],
  receptors: readonly string[],
  neurons: number,
): StartState {
  const column = () => new Float64Array(neurons);
  const state: StartState = {
    V_mV: column(),
    m: column(),
    h: column(),
    n: column(),
    p: column(),
    conductance_nS: receptors.map(column),
  };
  for (const { name, first, count } of populations) {
    const population = circuit.populations[name];
    const cell = circuit.cellTypes[population.cell];
    const { V_mV, gates, conductance_nS } = population.initial;
    const random = seedrandom.alea(`${circuit.simulation.seed}/start/${name}`);
    const source = { next: () => Math.max(random(), Number.MIN_VALUE) };
    const potential = V_mV === 'rest' ? null : sampler(V_mV, source);
    const rest = restingState(cell);
    const distributions = receptors.map((receptor) => sampler(conductance_nS[receptor] ?? 0, source));
    for (let i = first; i < first + count; i++) {
      const s = potential ? steadyState(cell, potential.draw()) : rest;
      state.V_mV[i] = s.V;
      if (gates === 'steady-state') {
        state.m[i] = s.m;
        state.h[i] = s.h;
        state.n[i] = s.n;
        state.p[i] = s.p;
      }
      distributions.forEach((distribution, r) => {
        state.conductance_nS[r][i] = distribution.draw();
      });
    }
  }
  return state;
}
