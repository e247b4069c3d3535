import type { LaggedCorrelation } from '../balance/co_fluctuation.js';
import { ratioOverTime } from '../balance/ratio.js';
import { GAO_BAND_HZ, gaoSlope } from '../balance/spectral_slope.js';
import type { CircuitActivity, GroupInput } from '../circuit_activity.js';
import type { Estimate, NeuronGroup, SampledSignal } from '../data.js';
import { type Notes, partOf } from '../notes.js';
import type { BalanceResults } from '../results.js';
import { balanceOf, lagOf, magnitudes, sumOfInputs, UNKNOWN_BALANCE } from './input_balance.js';

/** Bin of the ratio over time. */
export const RATIO_BIN_MS = 50;

/** Excitatory and inhibitory input: the numbers of results.json and the series behind them. */
export interface BalanceAnalysis {
  readonly results: BalanceResults;
  /** Null where the currents are not known. */
  readonly arrays: BalanceArrays | null;
}

export interface BalanceArrays {
  /** Groups whose input is shown: the excitatory ones, or all where none is known to be. */
  readonly groups: readonly string[];
  readonly neurons: number;
  /** Mean per neuron of those groups, nA: excitatory counted inward, inhibitory outward. */
  readonly excitatory_nA: SampledSignal;
  readonly inhibitory_nA: SampledSignal;
  /** |I_E| over |I_I| in bins of {@link RATIO_BIN_MS}; null where the signal is shorter than a bin. */
  readonly ratio: SampledSignal | null;
  readonly lagged: LaggedCorrelation | null;
}

export function analyzeBalance(activity: CircuitActivity, notes: Notes): BalanceAnalysis {
  const { input, groups, lfp } = activity;
  const spectralSlope = notes.valueOf('balance.spectralSlope', slopeOf(lfp));
  const known = groups.filter(({ name }) => input !== null && name in input);
  if (!input || known.length === 0) {
    notes.undefinedAt('balance', 'no synaptic currents were given');
    return { results: { ...UNKNOWN_BALANCE, spectralSlope, populations: {} }, arrays: null };
  }
  const populations = Object.fromEntries(
    known.map(({ name }) => [name, balanceOf(input[name], `balance.populations.${name}`, notes)]),
  );
  const whole = sumOfInputs(known.map(({ name }) => input[name]));
  return {
    results: { ...balanceOf(whole, 'balance', notes), spectralSlope, populations },
    arrays: seriesOf(known, input),
  };
}

function slopeOf(lfp: SampledSignal | null): Estimate<number> {
  if (!lfp) return { value: null, reason: 'no LFP was given' };
  if (lfp.sampleRateHz <= 2 * GAO_BAND_HZ.highHz) {
    return {
      value: null,
      reason: `an LFP sampled at ${lfp.sampleRateHz} Hz does not contain ${GAO_BAND_HZ.highHz} Hz`,
    };
  }
  return partOf(gaoSlope(lfp), ({ slope }) => slope);
}

function seriesOf(known: readonly NeuronGroup[], input: Readonly<Record<string, GroupInput>>): BalanceArrays {
  const excitatoryGroups = known.filter(({ sign }) => sign === 'excitatory');
  const shown = excitatoryGroups.length > 0 ? excitatoryGroups : known;
  const sum = sumOfInputs(shown.map(({ name }) => input[name]));
  const neurons = shown.reduce((count, group) => count + group.neurons.length, 0);
  const perNeuron = (signal: SampledSignal) => ({
    ...signal,
    values: signal.values.map((value) => value / neurons),
  });
  const excitatory_nA = perNeuron(sum.excitatoryCurrent_nA);
  const inhibitory_nA = perNeuron(sum.inhibitoryCurrent_nA);
  const sampleMs = 1000 / excitatory_nA.sampleRateHz;
  const carriesRatio = sampleMs <= RATIO_BIN_MS && excitatory_nA.values.length * sampleMs >= RATIO_BIN_MS;
  return {
    groups: shown.map(({ name }) => name),
    neurons,
    excitatory_nA,
    inhibitory_nA,
    ratio: carriesRatio
      ? ratioOverTime(magnitudes(excitatory_nA), magnitudes(inhibitory_nA), RATIO_BIN_MS)
      : null,
    lagged: lagOf(sum).value,
  };
}
