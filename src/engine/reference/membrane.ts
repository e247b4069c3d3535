import { type CellModel, stateKeys } from '../../mechanism/cell_model.js';
import { CellSteps } from '../../mechanism/cell_steps.js';
import type { Integrator } from '../../model/circuit.js';
import type { NeuronStates } from '../engine.js';
import type { PlannedPopulation } from '../plan.js';

/** Neurons that are stepped together: enough to share the cost of interpretation, few enough to stay in the cache. */
const MOST_LANES = 128;

/** What reaches a neuron in one step. */
export interface NeuronInput {
  /** Current density of the stimuli, uA/cm2. */
  I: number;
  /** Conductance density at the start of the step, mS/cm2, by receptor. */
  readonly g: Float64Array;
}

/** The membranes of a population: V and the states of its cells advance by one step under the input of each neuron. */
export class MembraneSteps {
  private readonly steps: CellSteps;
  /** Of the states of its cells. */
  readonly keys: readonly string[];
  private readonly decay: Float64Array;
  private readonly halfDecay: Float64Array;
  /**
   * The share of each receptor's conductance at the start of a step that is recorded as acting in it: what decay leaves of it
   * in the middle of the step where the integrator takes it there.
   */
  readonly actingShares: readonly number[];

  constructor(
    private readonly population: PlannedPopulation,
    integrator: Integrator,
    dtMs: number,
  ) {
    const cell: CellModel = population.cell;
    const varied = new Set(population.varied.keys());
    this.steps = new CellSteps(cell, integrator, Math.min(population.count, MOST_LANES), varied);
    this.steps.dt.fill(dtMs);
    this.steps.statesDt.fill(dtMs);
    this.keys = stateKeys(cell);
    // What kinetics compute is in the currents of the cell, and nothing of it is kept as a conductance.
    this.decay = Float64Array.from(population.receptors, ({ tauMs }) =>
      tauMs === null ? 0 : Math.exp(-dtMs / tauMs),
    );
    this.halfDecay = this.decay.map(Math.sqrt);
    const takesMiddle = integrator !== 'exponential-euler-simultaneous';
    this.actingShares = population.receptors.map(({ tauMs }, r) =>
      takesMiddle && tauMs !== null ? this.halfDecay[r] : 1,
    );
  }

  /** exp(-dt/tau) of a receptor. */
  decayOf(receptor: number): number {
    return this.decay[receptor];
  }

  /** Advances the state of every neuron of the population; `inputs` has one entry for each. */
  advance(state: NeuronStates, inputs: readonly NeuronInput[]): void {
    const { first, count } = this.population;
    const { V, states, lanes } = this.steps;
    for (let from = 0; from < count; from += lanes) {
      for (let lane = 0; lane < lanes; lane++) {
        // Lanes that are left over repeat the last neuron.
        const k = Math.min(from + lane, count - 1);
        V[lane] = state.V_mV[first + k];
        for (let x = 0; x < this.keys.length; x++) states[x][lane] = state.states[x][first + k];
        for (const [name, values] of this.population.varied) this.steps.varied.get(name)![lane] = values[k];
        this.load(lane, inputs[k]);
      }
      this.steps.run();
      for (let k = from; k < Math.min(from + lanes, count); k++) {
        state.V_mV[first + k] = V[k - from];
        for (let x = 0; x < this.keys.length; x++) state.states[x][first + k] = states[x][k - from];
      }
    }
  }

  private load(lane: number, { I, g }: NeuronInput): void {
    const { start, half, full } = this.steps.synapses;
    this.steps.I[lane] = I;
    for (const { G, drive } of [start, half, full]) {
      G[lane] = 0;
      drive[lane] = 0;
    }
    this.population.receptors.forEach(({ reversal_mV, tauMs }, r) => {
      if (tauMs === null) return;
      for (const [at, share] of [
        [start, 1],
        [half, this.halfDecay[r]],
        [full, this.decay[r]],
      ] as const) {
        at.G[lane] += g[r] * share;
        at.drive[lane] += g[r] * share * reversal_mV;
      }
    });
  }
}
