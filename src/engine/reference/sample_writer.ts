import { type NeuronStates, POPULATION_CHANNELS, type RecordedBlock } from '../engine.js';
import type { EnginePlan, PlannedPopulation } from '../plan.js';
import type { Membrane } from './integrators.js';

type SampleFields = Pick<RecordedBlock, 'firstSample' | 'samples' | 'populationSums' | 'lfp_uV' | 'traces'>;

/** Averages currents, conductances and V over each sample, and reduces them to populations and electrodes. */
export class SampleWriter {
  /** Sums over the steps of the running sample: [channel][neuron], in the channels' units but densities for currents. */
  private readonly sums: Float64Array[];
  private populationSums: number[] = [];
  private lfp_uV: number[] = [];
  private traces: number[] = [];
  private firstSample = 0;
  private samples = 0;

  constructor(
    private readonly plan: EnginePlan,
    neurons: number,
  ) {
    this.sums = POPULATION_CHANNELS.map(() => new Float64Array(neurons));
  }

  /** Adds one neuron's input at the start of a step. */
  add(neuron: number, population: PlannedPopulation, { V, g }: Membrane): void {
    let [excitatory, inhibitory, gExcitatory, gInhibitory] = [0, 0, 0, 0];
    for (let r = 0; r < g.length; r++) {
      const { excitatory: isExcitatory, reversal_mV } = this.plan.receptors[r];
      const current = g[r] * (V - reversal_mV);
      if (isExcitatory) {
        excitatory += current;
        gExcitatory += g[r];
      } else {
        inhibitory += current;
        gInhibitory += g[r];
      }
    }
    const { nA_per_uA_cm2, nS_per_mS_cm2 } = population;
    this.sums[0][neuron] += Math.abs(excitatory) * nA_per_uA_cm2;
    this.sums[1][neuron] += Math.abs(inhibitory) * nA_per_uA_cm2;
    this.sums[2][neuron] += (excitatory + inhibitory) * nA_per_uA_cm2;
    this.sums[3][neuron] += gExcitatory * nS_per_mS_cm2;
    this.sums[4][neuron] += gInhibitory * nS_per_mS_cm2;
    this.sums[5][neuron] += V;
  }

  /** Closes the running sample; `state` is the state at its end. */
  endSample(state: NeuronStates): void {
    const { populations, electrodes, traced, sampleSteps } = this.plan;
    for (const { first, count } of populations)
      for (const sums of this.sums) {
        let sum = 0;
        for (let i = first; i < first + count; i++) sum += sums[i];
        this.populationSums.push(sum / sampleSteps);
      }
    for (const { uV_per_nA } of electrodes) {
      let [absolute, signed] = [0, 0];
      for (let i = 0; i < uV_per_nA.length; i++) {
        absolute += uV_per_nA[i] * (this.sums[0][i] + this.sums[1][i]);
        signed += uV_per_nA[i] * this.sums[2][i];
      }
      this.lfp_uV.push(absolute / sampleSteps, signed / sampleSteps);
    }
    for (const i of traced) {
      const absoluteCurrent = (this.sums[0][i] + this.sums[1][i]) / sampleSteps;
      this.traces.push(state.V_mV[i], state.m[i], state.h[i], state.n[i], state.p[i], absoluteCurrent);
      for (const conductance of state.conductance_nS) this.traces.push(conductance[i]);
    }
    for (const sums of this.sums) sums.fill(0);
    this.samples++;
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
