import { balanceTightness, type LaggedCorrelation, laggedCorrelation } from '../balance/co_fluctuation.js';
import { meanImbalance, ratioOverTime, totalRatio } from '../balance/ratio.js';
import { GAO_BAND_HZ, gaoSlope } from '../balance/spectral_slope.js';
import type { CircuitActivity, GroupInput } from '../circuit_activity.js';
import type { Estimate, NeuronGroup, SampledSignal } from '../data.js';
import { type Notes, partOf } from '../notes.js';
import type { BalanceResults, InputBalance } from '../results.js';

/** Largest lag of inhibition behind excitation that is looked for: less than a gamma cycle. */
export const MAX_LAG_MS = 20;
/** Bin of the ratio over time. */
export const RATIO_BIN_MS = 50;
/** Changes faster than this count as fast in the tightness of the balance. */
const TIGHTNESS_TIMESCALE_MS = 20;

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
    return { results: { ...NOTHING_KNOWN, spectralSlope, populations: {} }, arrays: null };
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

const NOTHING_KNOWN: InputBalance = {
  eiRatio: null,
  conductanceRatio: null,
  imbalance: null,
  correlation: null,
  peakCorrelation: null,
  lagMs: null,
  tightness: null,
};

function balanceOf(input: GroupInput, path: string, notes: Notes): InputBalance {
  const excitatory = input.excitatoryCurrent_nA;
  const inhibitory = input.inhibitoryCurrent_nA;
  const estimate = <T>(key: string, value: Estimate<T>) => notes.valueOf(`${path}.${key}`, value);
  const lagged = lagOf(input);
  const tightness = estimate(
    'tightness',
    ifLongEnough(excitatory, () =>
      balanceTightness(excitatory, inhibitory, TIGHTNESS_TIMESCALE_MS, lagged.value?.peakLagMs ?? 0),
    ),
  );
  return {
    eiRatio: estimate('eiRatio', ratioOfTotals(excitatory, inhibitory)),
    conductanceRatio: estimate(
      'conductanceRatio',
      ratioOfTotals(input.excitatoryConductance_nS, input.inhibitoryConductance_nS),
    ),
    imbalance: estimate(
      'imbalance',
      meanImbalance(magnitudes(excitatory).values, magnitudes(inhibitory).values),
    ),
    correlation: estimate(
      'correlation',
      partOf(lagged, ({ zeroLag }) => zeroLag),
    ),
    peakCorrelation: estimate(
      'peakCorrelation',
      partOf(lagged, ({ peak }) => peak),
    ),
    lagMs: estimate(
      'lagMs',
      partOf(lagged, ({ peakLagMs }) => peakLagMs),
    ),
    tightness: tightness?.label ?? null,
  };
}

function slopeOf(lfp: SampledSignal | null): Estimate<number> {
  if (!lfp) return { value: null, reason: 'no LFP was given' };
  if (lfp.sampleRateHz <= 2 * GAO_BAND_HZ.highHz) {
    return {
      value: null,
      reason: `an LFP sampled at ${lfp.sampleRateHz} Hz does not hold ${GAO_BAND_HZ.highHz} Hz`,
    };
  }
  return partOf(gaoSlope(lfp), ({ slope }) => slope);
}

function ratioOfTotals(excitatory: SampledSignal, inhibitory: SampledSignal): Estimate<number> {
  const total = ({ values }: SampledSignal) => Math.abs(values.reduce((sum, value) => sum + value, 0));
  return totalRatio(Float64Array.of(total(excitatory)), Float64Array.of(total(inhibitory)));
}

/** A group's current turns round for a moment where spikes or hyperpolarization carry V past the reversal. */
function magnitudes(signal: SampledSignal): SampledSignal {
  return { ...signal, values: signal.values.map(Math.abs) };
}

function lagOf(input: GroupInput): Estimate<LaggedCorrelation> {
  return ifLongEnough(input.excitatoryCurrent_nA, () =>
    laggedCorrelation(input.excitatoryCurrent_nA, input.inhibitoryCurrent_nA, MAX_LAG_MS),
  );
}

function ifLongEnough<T>(signal: SampledSignal, estimate: () => Estimate<T>): Estimate<T> {
  const lastsMs = (1000 * signal.values.length) / signal.sampleRateHz;
  const isFineEnough = 1000 / signal.sampleRateHz <= MAX_LAG_MS;
  if (lastsMs > 4 * MAX_LAG_MS && isFineEnough) return estimate();
  return {
    value: null,
    reason: `${signal.values.length} samples at ${signal.sampleRateHz} Hz do not carry lags up to ${MAX_LAG_MS} ms`,
  };
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

function sumOfInputs(inputs: readonly GroupInput[]): GroupInput {
  const sum = (signalOf: (input: GroupInput) => SampledSignal): SampledSignal => {
    const [first, ...rest] = inputs.map(signalOf);
    const values = first.values.slice();
    for (const signal of rest) for (let k = 0; k < values.length; k++) values[k] += signal.values[k];
    return { ...first, values };
  };
  return {
    excitatoryCurrent_nA: sum((input) => input.excitatoryCurrent_nA),
    inhibitoryCurrent_nA: sum((input) => input.inhibitoryCurrent_nA),
    excitatoryConductance_nS: sum((input) => input.excitatoryConductance_nS),
    inhibitoryConductance_nS: sum((input) => input.inhibitoryConductance_nS),
  };
}
