import { stateKeys } from '../../mechanism/cell_model.js';
import { CellReadout } from '../../mechanism/cell_readout.js';
import type { NeuronStates } from '../engine.js';
import type { PlannedPopulation } from '../plan.js';

interface Receptor {
  /** Number among the network's receptors. */
  readonly number: number;
  /** State of the cell, by its number, and by how much it grows with each mS/cm2 that arrives. */
  readonly arriving: readonly { readonly state: number; readonly perDensity: number }[];
}

/**
 * The receptors of a population whose kinetics are mechanisms: their states are states of its cells. Counterpart of the functions
 * of receptorWgsl.
 */
export class KineticReceptors {
  private readonly receptors: readonly Receptor[];
  private readonly readout: CellReadout;

  constructor(private readonly population: PlannedPopulation) {
    const { cell, receptors, count } = population;
    const keys = stateKeys(cell);
    const factors = new CellReadout(
      cell,
      cell.receptors.flatMap(({ perDensity }) => [...perDensity.values()]),
      1,
    );
    factors.run();
    let at = 0;
    this.receptors = cell.receptors.map(({ label, perDensity }) => ({
      number: receptors.findIndex(({ name }) => name === label),
      arriving: [...perDensity.keys()].map((key) => ({
        state: keys.indexOf(key),
        perDensity: factors.values[at++][0],
      })),
    }));
    this.readout = new CellReadout(
      cell,
      cell.receptors.map(({ density }) => density),
      count,
    );
  }

  /** The densities in `g`, by receptor, arrive at the k-th neuron of the population. */
  arrive(state: NeuronStates, k: number, g: Float64Array): void {
    const neuron = this.population.first + k;
    for (const { number, arriving } of this.receptors)
      for (const { state: x, perDensity } of arriving) state.states[x][neuron] += perDensity * g[number];
  }

  /** Calls `take` with the conductance density of every such receptor of every neuron, mS/cm2. */
  forEachDensity(state: NeuronStates, take: (k: number, receptor: number, density: number) => void): void {
    if (this.receptors.length === 0) return;
    const { first, count } = this.population;
    const { V, states, values } = this.readout;
    V.set(state.V_mV.subarray(first, first + count));
    states.forEach((column, x) => {
      column.set(state.states[x].subarray(first, first + count));
    });
    this.readout.run();
    this.receptors.forEach(({ number }, r) => {
      for (let k = 0; k < count; k++) take(k, number, values[r][k]);
    });
  }
}
