import { stateKeys } from '../../mechanism/cell_model.js';
import { CellReadout } from '../../mechanism/cell_readout.js';
import type { NeuronStates, RecordedBlock } from '../engine.js';
import { type EnginePlan, type PlannedPopulation, traceWidth } from '../plan.js';
import { END_SIGNALS, MEAN_SIGNALS, type MeanSignal, type SampleEnd, TRACE_TABLE } from '../signals.js';
import type { NeuronInput } from './membrane.js';

type SampleFields = Pick<RecordedBlock, 'firstSample' | 'samples' | 'populationSums' | 'lfp_uV' | 'traces'>;

/** A neuron's part in what is taken at the end of a sample, nS and mV. */
function sampleEnd(
  { V_mV, conductance_nS }: NeuronStates,
  { receptors }: PlannedPopulation,
  neuron: number,
): SampleEnd {
  let [G_E, G_I] = [0, 0];
  receptors.forEach(({ excitatory }, r) => {
    if (excitatory) G_E += conductance_nS[r][neuron];
    else G_I += conductance_nS[r][neuron];
  });
  return { G_E, G_I, V: V_mV[neuron] };
}

/** The variables of a recorded neuron. */
function valuesOf({ neuron, readout, states }: Trace, state: NeuronStates): number[] {
  readout.V[0] = state.V_mV[neuron];
  for (let k = 0; k < states; k++) readout.states[k][0] = state.states[k][neuron];
  readout.run();
  return readout.values.map(([value]) => value);
}

/** A recorded neuron and what is read of its cell. */
interface Trace {
  readonly neuron: number;
  readonly readout: CellReadout;
  readonly states: number;
}

/** Averages currents, conductances and V over each sample, and reduces them to populations and electrodes. */
export class SampleWriter {
  /** MEAN_SIGNALS summed over the steps of the running sample, by neuron. */
  private readonly sums: Readonly<Record<MeanSignal, Float64Array>>;
  private populationSums: number[] = [];
  private lfp_uV: number[] = [];
  private traces: number[] = [];
  private firstSample = 0;
  private samples = 0;
  private readonly recorded: readonly Trace[];

  constructor(
    private readonly plan: EnginePlan,
    neurons: number,
  ) {
    this.sums = Object.fromEntries(
      MEAN_SIGNALS.map(({ name }) => [name, new Float64Array(neurons)]),
    ) as Record<MeanSignal, Float64Array>;
    this.recorded = plan.members[0].recorded.map(({ neuron, variables }) => {
      const { cell, first, varied } = plan.populations.find((p) => neuron < p.first + p.count)!;
      const readout = new CellReadout(cell, variables, 1, new Set(varied.keys()));
      for (const [name, values] of varied) readout.varied.get(name)!.fill(values[neuron - first]);
      return { neuron, readout, states: stateKeys(cell).length };
    });
  }

  /** Adds one neuron's synaptic currents of a step: V at its start, and the shares of the conductances that act in it. */
  add(
    neuron: number,
    population: PlannedPopulation,
    V: number,
    { g }: NeuronInput,
    actingShares: readonly number[],
  ): void {
    let [I_E, I_I] = [0, 0];
    for (let r = 0; r < g.length; r++) {
      const { excitatory, reversal_mV } = population.receptors[r];
      const current = g[r] * actingShares[r] * (V - reversal_mV) * population.nA_per_uA_cm2;
      if (excitatory) I_E += current;
      else I_I += current;
    }
    for (const { name, value } of MEAN_SIGNALS) this.sums[name][neuron] += value({ I_E, I_I });
  }

  /** Closes the running sample; `state` is the state at its end. */
  endSample(state: NeuronStates): void {
    const { populations, members, sampleSteps } = this.plan;
    const [{ electrodes }] = members;
    const width = traceWidth(this.plan);
    for (const population of populations) {
      const { first, count } = population;
      for (const { name } of MEAN_SIGNALS) {
        let sum = 0;
        for (let i = first; i < first + count; i++) sum += this.sums[name][i];
        this.populationSums.push(sum / sampleSteps);
      }
      for (const { value } of END_SIGNALS) {
        let sum = 0;
        for (let i = first; i < first + count; i++) sum += value(sampleEnd(state, population, i));
        this.populationSums.push(sum);
      }
    }
    for (const { uV_per_nA } of electrodes) {
      const { excitatoryCurrent_nA, inhibitoryCurrent_nA, absoluteCurrent_nA } = this.sums;
      let [absolute, signed] = [0, 0];
      for (let i = 0; i < uV_per_nA.length; i++) {
        absolute += uV_per_nA[i] * absoluteCurrent_nA[i];
        signed += uV_per_nA[i] * (inhibitoryCurrent_nA[i] - excitatoryCurrent_nA[i]);
      }
      this.lfp_uV.push(absolute / sampleSteps, signed / sampleSteps);
    }
    for (const trace of this.recorded) {
      const start = this.traces.length;
      const mean = (signal: MeanSignal) => this.sums[signal][trace.neuron] / sampleSteps;
      for (const { value } of TRACE_TABLE) this.traces.push(value({ V: state.V_mV[trace.neuron], mean }));
      for (const conductance of state.conductance_nS) this.traces.push(conductance[trace.neuron]);
      this.traces.push(...valuesOf(trace, state));
      while (this.traces.length < start + width) this.traces.push(0);
    }
    for (const { name } of MEAN_SIGNALS) this.sums[name].fill(0);
    this.samples++;
  }

  /** Sums of the running sample so far, [MEAN_SIGNALS][neuron], nA. */
  runningSums(): Float64Array {
    return Float64Array.from(MEAN_SIGNALS.flatMap(({ name }) => [...this.sums[name]]));
  }

  /** Continues within sample number `sample`, whose sums so far are given. */
  resume(sums: ArrayLike<number>, sample: number): void {
    MEAN_SIGNALS.forEach(({ name }, row) => {
      const own = this.sums[name];
      for (let k = 0; k < own.length; k++) own[k] = sums[row * own.length + k];
    });
    this.firstSample = sample;
  }

  /** The samples closed since the last call. */
  takeBlock(): SampleFields {
    const block: SampleFields = {
      firstSample: this.firstSample,
      samples: this.samples,
      populationSums: Float32Array.from(this.populationSums),
      lfp_uV: Float32Array.from(this.lfp_uV),
      traces: Float32Array.from(this.traces),
    };
    this.firstSample += this.samples;
    this.samples = 0;
    this.populationSums = [];
    this.lfp_uV = [];
    this.traces = [];
    return block;
  }
}
