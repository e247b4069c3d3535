import {
  type Network,
  POPULATION_SIGNALS,
  type PopulationSignal,
  type RecordedBlock,
} from '../../src/index.js';
import { RecordedTrace } from './recorded_trace.js';
import { SampleSeries } from './sample_series.js';
import { SpikeLog } from './spike_log.js';

/** Longest stretch that a plot looks back over, ms, and most samples kept for it. */
const WINDOW_ms = 4000;
const MOST_SAMPLES = 8000;

/** What a running simulation has recorded lately: the page's plots read from here. */
export class History {
  readonly sampleRateHz: number;
  readonly dtMs: number;
  /** From the first electrode; empty where the circuit records no LFP. */
  readonly lfp_uV: SampleSeries;
  /** Sums over each population, by its place in the network. */
  readonly populations: readonly Readonly<Record<PopulationSignal, SampleSeries>>[];
  /** Spikes of each population in each sample. */
  readonly spikeCounts: readonly SampleSeries[];
  /** Of the selected neuron. */
  trace: RecordedTrace;
  readonly spikes = new SpikeLog();
  stepsDone: number;
  private samplesDone: number;
  private readonly stepsPerSample: number;
  /** Spikes of the sample under way. */
  private readonly unsampled: number[];

  private readonly capacity: number;

  /** A run that continues from a saved state has no records from before `firstStep`. */
  constructor(
    public network: Network,
    readonly firstStep: number,
  ) {
    const { circuit, populations } = network;
    this.sampleRateHz = circuit.recording.sampleRate_hz;
    this.dtMs = circuit.simulation.dt_ms;
    this.stepsPerSample = Math.round(1000 / this.sampleRateHz / this.dtMs);
    this.stepsDone = firstStep;
    this.samplesDone = Math.floor(firstStep / this.stepsPerSample);
    const capacity = Math.min(Math.ceil((WINDOW_ms * this.sampleRateHz) / 1000), MOST_SAMPLES);
    this.capacity = capacity;
    const series = () => new SampleSeries(capacity);
    this.lfp_uV = series();
    this.populations = populations.map(
      () =>
        Object.fromEntries(POPULATION_SIGNALS.map((signal) => [signal, series()])) as Record<
          PopulationSignal,
          SampleSeries
        >,
    );
    this.spikeCounts = populations.map(series);
    this.trace = new RecordedTrace(network, capacity);
    this.unsampled = populations.map(() => 0);
  }

  get timeMs(): number {
    return this.stepsDone * this.dtMs;
  }

  append(block: RecordedBlock): void {
    const { populations } = this.network;
    const populationOf = populationLookup(populations);
    const counts = populations.map(() => new Map<number, number>());
    block.spikeNeurons.forEach((neuron, k) => {
      const sample = Math.floor(block.spikeSteps[k] / this.stepsPerSample);
      const p = populationOf(neuron);
      counts[p].set(sample, (counts[p].get(sample) ?? 0) + 1);
    });
    const electrodes = this.network.circuit.recording.lfp?.electrodes.length ?? 0;
    const signals = POPULATION_SIGNALS.length;
    for (let k = 0; k < block.samples; k++) {
      if (electrodes > 0) this.lfp_uV.push(block.lfp_uV[k * 2 * electrodes]);
      this.populations.forEach((series, p) => {
        POPULATION_SIGNALS.forEach((signal, c) => {
          series[signal].push(block.populationSums[(k * populations.length + p) * signals + c]);
        });
        const sample = block.firstSample + k;
        const carried = k === 0 ? this.unsampled[p] : 0;
        this.spikeCounts[p].push((counts[p].get(sample) ?? 0) + carried);
        counts[p].delete(sample);
        if (k === 0) this.unsampled[p] = 0;
      });
    }
    this.trace.append(block);
    counts.forEach((rest, p) => {
      for (const count of rest.values()) this.unsampled[p] += count;
    });
    this.samplesDone = block.firstSample + block.samples;
    this.spikes.append(block.spikeSteps, block.spikeNeurons);
    this.stepsDone = block.stepsDone;
  }

  /** Time of the start of the last `count` samples, ms. */
  startOfLastMs(count: number): number {
    return ((this.samplesDone - count) * 1000) / this.sampleRateHz;
  }

  /** Mean rate of each population over the last `windowMs`, Hz; null before anything was simulated. */
  meanRatesHz(windowMs: number): (number | null)[] {
    const count = Math.round((windowMs * this.sampleRateHz) / 1000);
    return this.spikeCounts.map((series, p) => {
      const values = series.last(count);
      if (values.length === 0) return null;
      const spikes = values.reduce((sum, value) => sum + value, 0);
      return spikes / this.network.populations[p].count / (values.length / this.sampleRateHz);
    });
  }

  /** Continues with an updated network of the same neurons; another neuron's trace, or another cell's, begins anew. */
  take(network: Network): void {
    this.network = network;
    if (!this.trace.continues(network)) this.trace = new RecordedTrace(network, this.capacity);
  }
}

function populationLookup(populations: Network['populations']): (neuron: number) => number {
  return (neuron) => populations.findIndex(({ first, count }) => neuron < first + count);
}
