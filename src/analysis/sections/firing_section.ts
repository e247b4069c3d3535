import type { CircuitActivity } from '../circuit_activity.js';
import type { Estimate, NeuronGroup, SampledSignal } from '../data.js';
import { type Notes, partOf } from '../notes.js';
import type { FiringResults, PopulationFiring } from '../results.js';
import { type FanoCurve, fanoCurve, fanoFactors, logSpacedMs } from '../spiketrain/fano.js';
import {
  type IntervalHistogram,
  type Irregularity,
  intervalHistogram,
  irregularity,
  meanOverActive,
} from '../spiketrain/isi.js';
import { type PopulationState, populationState } from '../spiketrain/population_state.js';
import { meanRatesHz, populationRate } from '../spiketrain/rates.js';
import { allNeurons } from '../spiketrain/trains.js';

/** Neurons with fewer spikes do not enter CV, CV2 and LV. */
export const MIN_SPIKES = 10;
/** Counting window of the Fano factor. */
export const FANO_WINDOW_MS = 100;
/** Bin of the counts whose synchrony names the population's state. */
const SYNCHRONY_BIN_MS = 5;
/** Bin of the population rates. */
export const RATE_BIN_MS = 1;

/** Firing of a circuit: the numbers of results.json and the arrays behind them. */
export interface FiringAnalysis {
  readonly results: FiringResults;
  /** Per neuron, over the window. */
  readonly ratesHz: Float64Array;
  readonly irregularity: Irregularity;
  /** Per neuron; NaN for a silent one or where the window is shorter than two counting windows. */
  readonly fano: Float64Array;
  readonly populations: readonly PopulationFiringArrays[];
}

export interface PopulationFiringArrays {
  readonly group: NeuronGroup;
  /** Hz per neuron, in bins of {@link RATE_BIN_MS}; null where the group is empty or the window too short. */
  readonly rate: SampledSignal | null;
  /** Intervals in bins of equal ratio from 1 ms to 2 s. */
  readonly intervals: IntervalHistogram;
  /** Mean Fano factor against the counting window; null where fewer than two windows of any length fit. */
  readonly fanoCurve: FanoCurve | null;
}

export function analyzeFiring(activity: CircuitActivity, notes: Notes): FiringAnalysis {
  const { spikes, window, groups } = activity;
  const durationMs = window.stopMs - window.startMs;
  const perNeuron = {
    ratesHz: meanRatesHz(spikes, window),
    irregularity: irregularity(spikes, window),
    fano:
      durationMs < 2 * FANO_WINDOW_MS
        ? new Float64Array(activity.neurons).fill(Number.NaN)
        : fanoFactors(spikes, window, FANO_WINDOW_MS),
  };
  const summary = (neurons: Uint32Array, path: string) => ({
    ...summarize(perNeuron, neurons, path, notes),
    ...synchrony(activity, neurons, path, notes),
  });
  const { rateHz, neurons: _, ...whole } = summary(allNeurons(spikes), 'firing');
  const countingMs = fanoWindowsMs(durationMs);
  const edgesMs = logSpacedMs(1, 2000, 45);
  return {
    results: {
      meanRateHz: rateHz,
      ...whole,
      spikes: spikes.timesMs.length,
      populations: Object.fromEntries(
        groups.map((group) => [group.name, summary(group.neurons, `firing.populations.${group.name}`)]),
      ),
    },
    ...perNeuron,
    populations: groups.map((group) => ({
      group,
      rate:
        durationMs < RATE_BIN_MS ? null : populationRate(spikes, group.neurons, window, RATE_BIN_MS).value,
      intervals: intervalHistogram(spikes, group.neurons, window, edgesMs),
      fanoCurve: countingMs && fanoCurve(spikes, group.neurons, window, countingMs),
    })),
  };
}

type PerNeuron = Pick<FiringAnalysis, 'ratesHz' | 'irregularity' | 'fano'>;

type Synchrony = Pick<PopulationFiring, 'state' | 'rateModulation' | 'countCorrelation'>;

function summarize(
  of: PerNeuron,
  neurons: Uint32Array,
  path: string,
  notes: Notes,
): Omit<PopulationFiring, keyof Synchrony> {
  const { spikes, cv, cv2, lv } = of.irregularity;
  const meanActive = (key: string, values: Float64Array) =>
    notes.valueOf(`${path}.${key}`, meanOverActive(values, spikes, neurons, MIN_SPIKES))?.mean ?? null;
  const fano = meanOverActive(of.fano, spikes, neurons, 1);
  return {
    neurons: neurons.length,
    rateHz: notes.valueOf(
      `${path}.${path === 'firing' ? 'meanRateHz' : 'rateHz'}`,
      meanOf(of.ratesHz, neurons),
    ),
    cvIsi: meanActive('cvIsi', cv),
    cv2: meanActive('cv2', cv2),
    lv: meanActive('lv', lv),
    fano:
      fano.value?.mean ??
      notes.undefinedAt(
        `${path}.fano`,
        `no neuron has a spike in a counting window of ${FANO_WINDOW_MS} ms, or fewer than two of them fit`,
      ),
    neuronsInCv: neurons.reduce((sum, neuron) => sum + (spikes[neuron] >= MIN_SPIKES ? 1 : 0), 0),
    silentNeurons: neurons.reduce((sum, neuron) => sum + (spikes[neuron] === 0 ? 1 : 0), 0),
  };
}

function synchrony(
  { spikes, window }: CircuitActivity,
  neurons: Uint32Array,
  path: string,
  notes: Notes,
): Synchrony {
  const state: Estimate<PopulationState> =
    window.stopMs - window.startMs < 2 * SYNCHRONY_BIN_MS
      ? { value: null, reason: `the window is shorter than two bins of ${SYNCHRONY_BIN_MS} ms` }
      : populationState(spikes, neurons, window, SYNCHRONY_BIN_MS);
  const part = <P>(key: string, of: (value: PopulationState) => P) =>
    notes.valueOf(`${path}.${key}`, partOf(state, of));
  return {
    state: part('state', ({ label }) => label),
    rateModulation: part('rateModulation', (value) => value.synchrony.rateModulation),
    countCorrelation: part('countCorrelation', (value) => value.synchrony.correlation),
  };
}

function meanOf(values: Float64Array, neurons: Uint32Array): Estimate<number> {
  if (neurons.length === 0) return { value: null, reason: 'there are no neurons' };
  return { value: neurons.reduce((sum, neuron) => sum + values[neuron], 0) / neurons.length };
}

/** Counting windows from 2 ms to a fifth of the window, so that at least five fit; null where there are none. */
function fanoWindowsMs(durationMs: number): Float64Array | null {
  const longestMs = durationMs / 5;
  return longestMs > 2 ? logSpacedMs(2, longestMs, 16) : null;
}
