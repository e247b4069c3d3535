import type { CircuitActivity, GroupInput } from '../circuit_activity.js';
import type { SampledSignal } from '../data.js';
import type { Notes } from '../notes.js';
import type { BalanceResults, InputBalance } from '../results.js';

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
  /** Mean |I| per neuron of those groups, nA. */
  readonly excitatory_nA: SampledSignal;
  readonly inhibitory_nA: SampledSignal;
}

export function analyzeBalance({ input, groups }: CircuitActivity, notes: Notes): BalanceAnalysis {
  if (!input) {
    notes.undefinedAt('balance', 'no synaptic currents were given');
    const unknown = { eiRatio: null, conductanceRatio: null, correlation: null, lagMs: null };
    return { results: { ...unknown, populations: {} }, arrays: null };
  }
  const known = groups.filter(({ name }) => name in input);
  const populations = Object.fromEntries(
    known.map(({ name }) => [name, balanceOf(input[name], `balance.populations.${name}`, notes)]),
  );
  const results = {
    ...balanceOf(sumOfInputs(known.map(({ name }) => input[name])), 'balance', notes),
    populations,
  };
  const excitatory = known.filter(({ sign }) => sign === 'excitatory');
  const shown = excitatory.length > 0 ? excitatory : known;
  const sum = sumOfInputs(shown.map(({ name }) => input[name]));
  const neurons = shown.reduce((count, group) => count + group.neurons.length, 0);
  const perNeuron = (signal: SampledSignal) => ({
    ...signal,
    values: signal.values.map((value) => value / neurons),
  });
  return {
    results,
    arrays: {
      groups: shown.map(({ name }) => name),
      neurons,
      excitatory_nA: perNeuron(sum.excitatoryCurrent_nA),
      inhibitory_nA: perNeuron(sum.inhibitoryCurrent_nA),
    },
  };
}

function balanceOf(input: GroupInput, path: string, notes: Notes): InputBalance {
  const total = ({ values }: SampledSignal) => values.reduce((sum, value) => sum + value, 0);
  const ratio = (key: string, above: SampledSignal, below: SampledSignal) =>
    total(below) > 0
      ? total(above) / total(below)
      : notes.undefinedAt(`${path}.${key}`, 'there is no inhibition');
  return {
    eiRatio: ratio('eiRatio', input.excitatoryCurrent_nA, input.inhibitoryCurrent_nA),
    conductanceRatio: ratio(
      'conductanceRatio',
      input.excitatoryConductance_nS,
      input.inhibitoryConductance_nS,
    ),
    correlation: null,
    lagMs: null,
  };
}

function sumOfInputs(inputs: readonly GroupInput[]): GroupInput {
  const sum = (signalOf: (input: GroupInput) => SampledSignal): SampledSignal => {
    const [first, ...rest] = inputs.map(signalOf);
    const values = first.values.slice();
    for (const signal of rest)
      signal.values.forEach((value, k) => {
        values[k] += value;
      });
    return { ...first, values };
  };
  return {
    excitatoryCurrent_nA: sum((input) => input.excitatoryCurrent_nA),
    inhibitoryCurrent_nA: sum((input) => input.inhibitoryCurrent_nA),
    excitatoryConductance_nS: sum((input) => input.excitatoryConductance_nS),
    inhibitoryConductance_nS: sum((input) => input.inhibitoryConductance_nS),
  };
}
