import type { Network } from '../../network/network.js';
import { eventsBefore } from '../../network/source_events.js';
import { AdvanceGuard } from '../advance_guard.js';
import { blownUp } from '../blow_up.js';
import {
  type AdvanceOptions,
  type Engine,
  EngineError,
  type EngineSnapshot,
  type NeuronStates,
  type RecordedBlock,
  SimulationFault,
} from '../engine.js';
import { type EnginePlan, type PlannedPopulation, planEngine } from '../plan.js';
import { STATES, type StateName } from '../state_rows.js';
import { KineticReceptors } from './kinetic_receptors.js';
import { MembraneSteps, type NeuronInput } from './membrane.js';
import { SampleWriter } from './recording.js';
import { isSpike } from './spike_detection.js';
import { applyStimulus } from './stimulus.js';
import { InputRing } from './synapse.js';

/** Steps between two blocks; also how often the event loop runs. */
const BLOCK_STEPS = 4000;

/** The float64 oracle: step by step, neuron by neuron, with the same integers as the GPU for noise and synapses. */
export function createReferenceEngine(
  network: Network,
  options: { readonly resumeFrom?: EngineSnapshot } = {},
): Engine {
  const engine = new ReferenceEngine(network, planEngine(network));
  if (options.resumeFrom) engine.resume(options.resumeFrom);
  return engine;
}

class ReferenceEngine implements Engine {
  readonly description = 'float64 reference';
  stepsDone = 0;
  private readonly guard = new AdvanceGuard();
  private readonly state: NeuronStates;
  private readonly noise: Float64Array[];
  private readonly lastSpikeStep: Float64Array;
  private readonly input: InputRing;
  private readonly membranes: readonly MembraneSteps[];
  private readonly kinetics: readonly KineticReceptors[];
  /** Of the neurons of a population in the step that is computed. */
  private readonly inputs: readonly NeuronInput[];
  private readonly samples: SampleWriter;

  constructor(
    readonly network: Network,
    private readonly plan: EnginePlan,
  ) {
    const { start, neurons } = network;
    this.state = copied(start);
    this.noise = plan.startNoise.map((noise) => noise.slice());
    this.lastSpikeStep = new Float64Array(neurons).fill(Number.NEGATIVE_INFINITY);
    this.input = new InputRing(network, plan);
    this.membranes = plan.populations.map(
      (population) => new MembraneSteps(population, plan.integrator, plan.dtMs),
    );
    this.kinetics = plan.populations.map((population) => new KineticReceptors(population));
    const most = Math.max(...plan.populations.map(({ count }) => count));
    this.inputs = Array.from({ length: most }, () => ({ I: 0, g: new Float64Array(plan.receptors) }));
    this.samples = new SampleWriter(plan, neurons);
    this.deliverSources(-1);
  }

  advance(steps: number, { onBlock, signal }: AdvanceOptions): Promise<void> {
    return this.guard.during(this.stepsDone, steps, async () => {
      const stop = this.stepsDone + steps;
      while (this.stepsDone < stop && !signal?.aborted) {
        onBlock(this.advanceBlock(Math.min(stop, this.stepsDone + BLOCK_STEPS)));
        await new Promise((resolve) => setTimeout(resolve));
      }
    });
  }

  async readState(): Promise<NeuronStates> {
    this.readKinetics();
    return copied(this.state);
  }

  /** The conductances that follow from states, nS. */
  private readKinetics(): void {
    this.plan.populations.forEach(({ first, nS_per_mS_cm2 }, index) => {
      this.kinetics[index].forEachDensity(this.state, (k, r, density) => {
        this.state.conductance_nS[r][first + k] = density * nS_per_mS_cm2;
      });
    });
  }

  /** Nothing is compiled or copied to a device. */
  readonly setup = { compileSeconds: 0, uploadSeconds: 0 };

  get memoryBytes(): number {
    const rows = this.stateColumns().filter((column) => column !== null);
    return (
      rows.length * this.state.V_mV.byteLength +
      this.input.quanta.byteLength +
      this.network.synapses.words.byteLength
    );
  }

  /** Takes over the state of a snapshot. Throws EngineError if it belongs to another engine or network. */
  resume(snapshot: EngineSnapshot): void {
    const { neurons } = this.network;
    const columns = this.stateColumns();
    if (
      snapshot.kind !== 'float64' ||
      snapshot.ringSlots !== this.plan.ringSlots ||
      snapshot.rows.length !== columns.length * neurons
    )
      throw new EngineError('the snapshot belongs to another engine or network');
    columns.forEach((column, i) => {
      column?.set(snapshot.rows.subarray(i * neurons, (i + 1) * neurons));
    });
    this.input.quanta.set(snapshot.ring);
    this.samples.resume(snapshot.sampleSums, Math.floor(snapshot.stepsDone / this.plan.sampleSteps));
    this.stepsDone = snapshot.stepsDone;
  }

  async snapshot(): Promise<EngineSnapshot> {
    const { neurons } = this.network;
    const columns = this.stateColumns();
    const rows = new Float64Array(columns.length * neurons);
    columns.forEach((column, i) => {
      if (column) rows.set(column, i * neurons);
    });
    return {
      kind: 'float64',
      stepsDone: this.stepsDone,
      rows,
      states: this.state.states.length,
      receptors: this.state.conductance_nS.length,
      noiseSlots: this.noise.length,
      ring: this.input.quanta.slice(),
      ringSlots: this.plan.ringSlots,
      sampleSums: this.samples.runningSums(),
    };
  }

  /** The columns of the state in the order of a snapshot; nothing injects current here. */
  private stateColumns(): (Float64Array | null)[] {
    const { V_mV, states, conductance_nS } = this.state;
    const columns: Record<StateName, readonly (Float64Array | null)[]> = {
      V: [V_mV],
      states,
      g: conductance_nS,
      noise: this.noise,
      injectedCurrent: [null],
      sinceSpike: [this.lastSpikeStep],
      varied: [],
    };
    return STATES.flatMap(({ name }) => columns[name]);
  }

  destroy(): void {}

  private advanceBlock(stop: number): RecordedBlock {
    const spikeSteps: number[] = [];
    const spikeNeurons: number[] = [];
    while (this.stepsDone < stop) {
      const step = this.stepsDone;
      const spikes: number[] = [];
      this.plan.populations.forEach((population, index) => {
        this.advancePopulation(step, population, index, spikes);
      });
      for (const neuron of spikes) {
        this.input.deliver(step, neuron);
        spikeSteps.push(step);
        spikeNeurons.push(neuron);
      }
      this.deliverSources(step);
      this.stepsDone = step + 1;
      if (this.stepsDone % this.plan.sampleSteps !== 0) continue;
      this.readKinetics();
      this.samples.endSample(this.state);
    }
    return {
      stepsDone: this.stepsDone,
      spikeSteps: Uint32Array.from(spikeSteps),
      spikeNeurons: Uint32Array.from(spikeNeurons),
      ...this.samples.takeBlock(),
    };
  }

  private advancePopulation(
    step: number,
    population: PlannedPopulation,
    index: number,
    spikes: number[],
  ): void {
    const { state, plan, inputs } = this;
    const [membranes, kinetics] = [this.membranes[index], this.kinetics[index]];
    const { first, count, nS_per_mS_cm2 } = population;
    const before_mV = state.V_mV.slice(first, first + count);
    for (let k = 0; k < count; k++) {
      const i = first + k;
      const input = inputs[k];
      input.I = 0;
      for (let r = 0; r < plan.receptors; r++)
        input.g[r] =
          (population.receptors[r].tauMs === null ? 0 : state.conductance_nS[r][i] / nS_per_mS_cm2) +
          this.input.take(step, r, i) * population.quantum_mS_cm2[r];
      for (const index of population.stimuli) applyStimulus(plan.stimuli[index], step, i, input, this.noise);
      kinetics.arrive(state, k, input.g);
    }
    kinetics.forEachDensity(state, (k, r, density) => {
      inputs[k].g[r] = density;
    });
    for (let k = 0; k < count; k++)
      this.samples.add(first + k, population, before_mV[k], inputs[k], membranes.actingShares);
    membranes.advance(state, inputs);
    for (let k = 0; k < count; k++) {
      const i = first + k;
      const fault = blownUp(membranes.keys, state, i);
      if (fault) throw new SimulationFault(population.name, k, (step + 1) * plan.dtMs, fault.state);
      for (let r = 0; r < plan.receptors; r++)
        state.conductance_nS[r][i] = inputs[k].g[r] * membranes.decayOf(r) * nS_per_mS_cm2;
      if (isSpike(before_mV[k], state.V_mV[i], step - this.lastSpikeStep[i], population)) {
        this.lastSpikeStep[i] = step;
        spikes.push(i);
      }
    }
  }

  /** Delivers what spike sources send in `step`. */
  private deliverSources(step: number): void {
    const { sourceEvents } = this.plan;
    const end = eventsBefore(sourceEvents, step + 1);
    for (let k = eventsBefore(sourceEvents, step); k < end; k++)
      this.input.deliver(step, sourceEvents.rows[k]);
  }
}

const copied = ({ V_mV, states, conductance_nS }: NeuronStates): NeuronStates => ({
  V_mV: V_mV.slice(),
  states: states.map((column) => column.slice()),
  conductance_nS: conductance_nS.map((column) => column.slice()),
});
