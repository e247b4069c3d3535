import type { CircuitActivity, RecordedNeuron } from '../circuit_activity.js';
import { leaveOneOutPhaseLocking } from '../coupling/leave_one_out.js';
import { groupPhaseLocking, type PhaseLocking } from '../coupling/phase_locking.js';
import type { Estimate, SampledSignal } from '../data.js';
import { type Notes, partOf } from '../notes.js';
import { FREQUENCY_BANDS } from '../oscillation/bands.js';
import type { OwnCurrentLocking, RecordedNeuronResults } from '../results.js';
import type { AnalyticSignal } from '../spectral/hilbert.js';
import { golombChi } from '../spiketrain/synchrony.js';
import { spikesOf } from '../spiketrain/trains.js';
import { balanceOf } from './input_balance.js';
import { coveredBy, gammaPhase } from './lfp_segments.js';

/** What only neurons with signals of their own tell: their E/I balance, their locking to the others, chi of V. */
export function analyzeRecordedNeurons(
  activity: CircuitActivity,
  notes: Notes,
): RecordedNeuronResults | null {
  const { traces, groups, lfp } = activity;
  if (!traces || traces.length === 0) return notes.undefinedAt('recordedNeurons', 'no neuron was recorded');
  const placeOf = (neuron: number) => {
    const group = groups.find(({ neurons }) => neurons.includes(neuron));
    return { population: group?.name ?? '', number: group?.neurons.indexOf(neuron) ?? neuron };
  };
  const phase = gammaPhase(lfp);
  const places = traces.map(({ neuron }) => placeOf(neuron));
  const chi = (path: string, of: readonly RecordedNeuron[]) =>
    notes.valueOf(`recordedNeurons.${path}`, chiOf(of));
  return {
    voltageChi: chi('voltageChi', traces),
    populations: Object.fromEntries(
      groups.map(({ name }) => {
        const own = traces.filter((_, k) => places[k].population === name);
        return [name, { recorded: own.length, voltageChi: chi(`populations.${name}.voltageChi`, own) }];
      }),
    ),
    neurons: traces.map((trace, k) => ({
      population: places[k].population,
      neuron: places[k].number,
      balance: balanceOf(trace.input, `recordedNeurons.neurons.${k}.balance`, notes),
      locking: ownCurrentLocking(activity, phase, trace, `recordedNeurons.neurons.${k}.locking`, notes),
    })),
  };
}

function chiOf(traces: readonly RecordedNeuron[]): Estimate<number> {
  if (traces.length < 2)
    return { value: null, reason: `${traces.length} neurons were recorded: chi needs at least 2` };
  const signals = traces.map(({ V_mV }) => V_mV.values);
  return signals[0].length < 2
    ? { value: null, reason: `${signals[0].length} samples: chi needs at least 2` }
    : golombChi(signals);
}

/** Locking to the gamma band of the LFP, with and without what the neuron itself puts into it. */
function ownCurrentLocking(
  { lfp, spikes, window }: CircuitActivity,
  phase: Estimate<AnalyticSignal>,
  { neuron, ownLfp_uV }: RecordedNeuron,
  path: string,
  notes: Notes,
): OwnCurrentLocking {
  if (!lfp || phase.value === null) {
    notes.valueOf(path, phase);
    return UNKNOWN_LOCKING;
  }
  const covered = coveredBy(lfp, window);
  const times = spikesOf(spikes, neuron, covered);
  const [lowHz, highHz] = FREQUENCY_BANDS.gamma;
  const toAll = groupPhaseLocking(spikes, Uint32Array.of(neuron), phase.value, covered);
  // A neuron that is not among the sources of the LFP takes nothing from it.
  const toOthers = ownLfp_uV
    ? leaveOneOutPhaseLocking(times, lfp, ownLfp_uV, { lowHz, highHz }, covered)
    : toAll;
  const part = (key: string, of: Estimate<PhaseLocking>, value: (locking: PhaseLocking) => number) =>
    notes.valueOf(`${path}.${key}`, partOf(of, value));
  const ppc = part('ppc', toOthers, ({ ppc0 }) => ppc0);
  const ppcWithOwn = part('ppcWithOwn', toAll, ({ ppc0 }) => ppc0);
  return {
    spikes: times.length,
    ppc,
    phaseRad: part('phaseRad', toOthers, ({ phaseRad }) => phaseRad),
    rayleighP: part('rayleighP', toOthers, ({ rayleighP }) => rayleighP),
    ppcWithOwn,
    ownEffect:
      ppc === null || ppcWithOwn === null
        ? notes.undefinedAt(`${path}.ownEffect`, 'its locking is not defined')
        : ppcWithOwn - ppc,
    ownShareOfLfp: ownLfp_uV ? notes.valueOf(`${path}.ownShareOfLfp`, shareOf(ownLfp_uV, lfp)) : 0,
  };
}

const UNKNOWN_LOCKING: OwnCurrentLocking = {
  spikes: null,
  ppc: null,
  phaseRad: null,
  rayleighP: null,
  ppcWithOwn: null,
  ownEffect: null,
  ownShareOfLfp: null,
};

/** Mean of the neuron's part over the mean LFP; both are sums of magnitudes. */
function shareOf(own: SampledSignal, lfp: SampledSignal): Estimate<number> {
  const sum = ({ values }: SampledSignal) => values.reduce((total, value) => total + value, 0);
  const whole = sum(lfp);
  return whole === 0 ? { value: null, reason: 'the LFP is 0' } : { value: sum(own) / whole };
}
