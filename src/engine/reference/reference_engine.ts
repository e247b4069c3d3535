import type { Network } from '../../network/network.js';
import { eventsBefore } from '../../network/source_events.js';
import { AdvanceGuard } from '../advance_guard.js';
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
import { ADVANCE, type Membrane, type StepConstants } from './integrators.js';
import { SampleWriter } from './recording.js';
import { isSpike } from './spike_detection.js';
import { applyStimulus } from './stimulus.js';
import { InputRing } from './synapse.js';

/** Steps between two blocks; also how often the event loop runs. */
const BLOCK_STEPS = 4000;
/** Limit beyond which a membrane potential has blown up, mV. */
export const LARGEST_POTENTIAL_mV = 1000;

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
  private readonly constants: StepConstants[];
  private readonly samples: SampleWriter;

  constructor(
    readonly network: Network,
    private readonly plan: EnginePlan,
  ) {
    const { start, neurons } = network;
    const copy = (column: Float64Array) => column.slice();
    this.state = {
      V_mV: copy(start.V_mV),
      m: copy(start.m),
      h: copy(start.h),
      n: copy(start.n),
      p: copy(start.p),
      conductance_nS: start.conductance_nS.map(copy),
    };
    this.noise = plan.startNoise.map(copy);
    this.lastSpikeStep = new Float64Array(neurons).fill(Number.NEGATIVE_INFINITY);
    this.input = new InputRing(network, plan);
    this.constants = plan.populations.map(({ cell, receptors }) => {
      const decay = Float64Array.from(receptors, (r) => Math.exp(-plan.dtMs / r.tauMs));
      return {
        cell,
        dtMs: plan.dtMs,
        reversal_mV: Float64Array.from(receptors, (r) => r.reversal_mV),
        decay,
        halfDecay: decay.map(Math.sqrt),
      };
    });
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
    const { V_mV, m, h, n, p, conductance_nS } = this.state;
    const copy = (column: Float64Array) => column.slice();
    return {
      V_mV: copy(V_mV),
      m: copy(m),
      h: copy(h),
      n: copy(n),
      p: copy(p),
      conductance_nS: conductance_nS.map(copy),
    };
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
      receptors: this.state.conductance_nS.length,
      noiseSlots: this.noise.length,
      ring: this.input.quanta.slice(),
      ringSlots: this.plan.ringSlots,
      sampleSums: this.samples.runningSums(),
    };
  }

  /** The columns of the state in the order of a snapshot; nothing injects current here. */
  private stateColumns(): (Float64Array | null)[] {
    const { V_mV, m, h, n, p, conductance_nS } = this.state;
    const columns: Record<StateName, readonly (Float64Array | null)[]> = {
      V: [V_mV],
      m: [m],
      h: [h],
      n: [n],
      p: [p],
      g: conductance_nS,
      noise: this.noise,
      injectedCurrent: [null],
      sinceSpike: [this.lastSpikeStep],
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
        this.advancePopulation(step, population, this.constants[index], spikes);
      });
      for (const neuron of spikes) {
        this.input.deliver(step, neuron);
        spikeSteps.push(step);
        spikeNeurons.push(neuron);
      }
      this.deliverSources(step);
      this.stepsDone = step + 1;
      if (this.stepsDone % this.plan.sampleSteps === 0) this.samples.endSample(this.state);
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
    constants: StepConstants,
    spikes: number[],
  ): void {
    const { state, plan } = this;
    const { nS_per_mS_cm2 } = population;
    const advance = ADVANCE[this.network.circuit.simulation.integrator];
    const receptorCount = plan.receptors;
    const membrane: Membrane = { V: 0, m: 0, h: 0, n: 0, p: 0, I: 0, g: new Float64Array(receptorCount) };
    for (let i = population.first; i < population.first + population.count; i++) {
      membrane.V = state.V_mV[i];
      membrane.m = state.m[i];
      membrane.h = state.h[i];
      membrane.n = state.n[i];
      membrane.p = state.p[i];
      membrane.I = 0;
      for (let r = 0; r < receptorCount; r++)
        membrane.g[r] =
          state.conductance_nS[r][i] / nS_per_mS_cm2 +
          this.input.take(step, r, i) * population.quantum_mS_cm2[r];
      for (const index of population.stimuli)
        applyStimulus(plan.stimuli[index], step, i, membrane, this.noise);
      this.samples.add(i, population, membrane);

      const before = membrane.V;
      advance(membrane, constants);
      if (!(Math.abs(membrane.V) <= LARGEST_POTENTIAL_mV))
        throw new SimulationFault(population.name, i - population.first, (step + 1) * plan.dtMs);
      state.V_mV[i] = membrane.V;
      state.m[i] = membrane.m;
      state.h[i] = membrane.h;
      state.n[i] = membrane.n;
      state.p[i] = membrane.p;
      for (let r = 0; r < receptorCount; r++)
        state.conductance_nS[r][i] = membrane.g[r] * constants.decay[r] * nS_per_mS_cm2;

      if (isSpike(before, membrane.V, step - this.lastSpikeStep[i], population)) {
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
