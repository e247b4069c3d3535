import type { NeuronStates, RecordedBlock } from '../engine.js';
import type { EnginePlan, PlannedPopulation } from '../plan.js';
import type { Membrane } from './integrators.js';

type SampleFields = Pick<RecordedBlock, 'firstSample' | 'samples' | 'populationSums' | 'lfp_uV' | 'traces'>;

/** Averages currents, conductances and V over each sample, and reduces them to populations and electrodes. */
export class SampleWriter {
  /** Inward I_E, outward I_I and |I_E| + |I_I| summed over the steps of the running sample, nA, by neuron. */
  private readonly sums: readonly [Float64Array, Float64Array, Float64Array];
  private populationSums: number[] = [];
  private lfp_uV: number[] = [];
  private traces: number[] = [];
  private firstSample = 0;
  private samples = 0;

  constructor(
    private readonly plan: EnginePlan,
    neurons: number,
  ) {
    this.sums = [new Float64Array(neurons), new Float64Array(neurons), new Float64Array(neurons)];
  }

  /** Adds one neuron's input at the start of a step. */
  add(neuron: number, population: PlannedPopulation, { V, g }: Membrane): void {
    let [excitatory, inhibitory] = [0, 0];
    for (let r = 0; r < g.length; r++) {
      const { excitatory: isExcitatory, reversal_mV } = population.receptors[r];
      const current = g[r] * (V - reversal_mV) * population.nA_per_uA_cm2;
      if (isExcitatory) excitatory += current;
      else inhibitory += current;
    }
    this.sums[0][neuron] -= excitatory;
    this.sums[1][neuron] += inhibitory;
    this.sums[2][neuron] += Math.abs(excitatory) + Math.abs(inhibitory);
  }

  /** Closes the running sample; `state` is the state at its end. */
  endSample(state: NeuronStates): void {
    const { populations, members, sampleSteps } = this.plan;
    const [{ electrodes, recorded }] = members;
    for (const { first, count, receptors } of populations) {
      const sumOver = (values: Float64Array) => {
        let sum = 0;
        for (let i = first; i < first + count; i++) sum += values[i];
        return sum;
      };
      for (const sums of this.sums) this.populationSums.push(sumOver(sums) / sampleSteps);
      let [excitatory, inhibitory] = [0, 0];
      receptors.forEach((receptor, r) => {
        if (receptor.excitatory) excitatory += sumOver(state.conductance_nS[r]);
        else inhibitory += sumOver(state.conductance_nS[r]);
      });
      this.populationSums.push(excitatory, inhibitory, sumOver(state.V_mV));
    }
    for (const { uV_per_nA } of electrodes) {
      let [absolute, signed] = [0, 0];
      for (let i = 0; i < uV_per_nA.length; i++) {
        absolute += uV_per_nA[i] * this.sums[2][i];
        signed += uV_per_nA[i] * (this.sums[1][i] - this.sums[0][i]);
      }
      this.lfp_uV.push(absolute / sampleSteps, signed / sampleSteps);
    }
    for (const i of recorded) {
      const absoluteCurrent = this.sums[2][i] / sampleSteps;
      this.traces.push(state.V_mV[i], state.m[i], state.h[i], state.n[i], state.p[i], absoluteCurrent);
      for (const conductance of state.conductance_nS) this.traces.push(conductance[i]);
    }
    for (const sums of this.sums) sums.fill(0);
    this.samples++;
  }

  /** Currents of the running sample so far, [3][neuron], nA. */
  runningSums(): Float64Array {
    const [{ length }] = this.sums;
    const joined = new Float64Array(3 * length);
    this.sums.forEach((sums, i) => {
      joined.set(sums, i * length);
    });
    return joined;
  }

  /** Continues within sample number `sample`, whose sums so far are given. */
  resume(sums: ArrayLike<number>, sample: number): void {
    const [{ length }] = this.sums;
    this.sums.forEach((own, i) => {
      for (let k = 0; k < length; k++) own[k] = sums[i * length + k];
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
