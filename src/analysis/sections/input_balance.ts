import { balanceTightness, type LaggedCorrelation, laggedCorrelation } from '../balance/co_fluctuation.js';
import { meanImbalance, totalRatio } from '../balance/ratio.js';
import type { GroupInput } from '../circuit_activity.js';
import type { Estimate, SampledSignal } from '../data.js';
import { type Notes, partOf } from '../notes.js';
import type { InputBalance } from '../results.js';
import { pearson } from '../spiketrain/correlation.js';

/** Largest lag of inhibition behind excitation that is looked for: less than a gamma cycle. */
export const MAX_LAG_MS = 20;
/** Changes faster than this count as fast in the tightness of the balance. */
const TIGHTNESS_TIMESCALE_MS = 20;

export const UNKNOWN_BALANCE: InputBalance = {
  eiRatio: null,
  conductanceRatio: null,
  imbalance: null,
  correlation: null,
  peakCorrelation: null,
  lagMs: null,
  tightness: null,
};

/** Balance of one neuron's or several neurons' input; reasons for what is undefined go under `path`. */
export function balanceOf(input: GroupInput, path: string, notes: Notes): InputBalance {
  const excitatory = input.excitatoryCurrent_nA;
  const inhibitory = input.inhibitoryCurrent_nA;
  const estimate = <T>(key: string, value: Estimate<T>) => notes.valueOf(`${path}.${key}`, value);
  const lagged = lagOf(input);
  const tightness = estimate(
    'tightness',
    ifCarriesLag(excitatory, MAX_LAG_MS, () =>
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
    correlation: estimate('correlation', correlationOf(excitatory, inhibitory)),
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

export function lagOf(input: GroupInput): Estimate<LaggedCorrelation> {
  return ifCarriesLag(input.excitatoryCurrent_nA, MAX_LAG_MS, () =>
    laggedCorrelation(input.excitatoryCurrent_nA, input.inhibitoryCurrent_nA, MAX_LAG_MS),
  );
}

/** A current turns round for a moment where spikes or hyperpolarization carry V past the reversal. */
export function magnitudes(signal: SampledSignal): SampledSignal {
  return { ...signal, values: signal.values.map(Math.abs) };
}

/** The input of several groups together. */
export function sumOfInputs(inputs: readonly GroupInput[]): GroupInput {
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

function correlationOf(excitatory: SampledSignal, inhibitory: SampledSignal): Estimate<number> {
  return excitatory.values.length < 2
    ? { value: null, reason: `${excitatory.values.length} samples: a correlation needs at least 2` }
    : pearson(excitatory.values, inhibitory.values);
}

function ratioOfTotals(excitatory: SampledSignal, inhibitory: SampledSignal): Estimate<number> {
  const total = ({ values }: SampledSignal) => Math.abs(values.reduce((sum, value) => sum + value, 0));
  return totalRatio(Float64Array.of(total(excitatory)), Float64Array.of(total(inhibitory)));
}

/** The estimate, or the reason why the signal is too short or too coarse for lags up to `maxLagMs`. */
export function ifCarriesLag<T>(
  signal: SampledSignal,
  maxLagMs: number,
  estimate: () => Estimate<T>,
): Estimate<T> {
  const lastsMs = (1000 * signal.values.length) / signal.sampleRateHz;
  const isFineEnough = 1000 / signal.sampleRateHz <= maxLagMs;
  if (lastsMs > 4 * maxLagMs && isFineEnough) return estimate();
  return {
    value: null,
    reason: `${signal.values.length} samples at ${signal.sampleRateHz} Hz are too few for lags up to ${maxLagMs} ms`,
  };
}
