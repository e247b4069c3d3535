import type { CircuitActivity, GroupInput } from './circuit_activity.js';
import { AnalysisError, type SampledSignal, type TimeWindow } from './data.js';
import { restrictToWindow } from './spiketrain/trains.js';

/** Sample times that differ by less than this part of a sample count as the same. */
const SAMPLE_TOLERANCE = 1e-6;

/**
 * The activity within its window: spikes in [start, stop), and of each signal the samples that are wholly inside.
 *
 * @throws AnalysisError on a window or spike trains that are not valid
 */
export function withinWindow(activity: CircuitActivity): CircuitActivity {
  const { window, lfp, signedLfp, input, traces } = activity;
  const cut = (signal: SampledSignal) => cutSignal(signal, window);
  return {
    ...activity,
    spikes: restrictToWindow(activity.spikes, window),
    lfp: lfp && cut(lfp),
    signedLfp: signedLfp && cut(signedLfp),
    input: input && Object.fromEntries(Object.entries(input).map(([name, of]) => [name, cutInput(of, cut)])),
    traces:
      traces?.map(({ neuron, V_mV, input: own, ownLfp_uV }) => ({
        neuron,
        V_mV: cut(V_mV),
        input: cutInput(own, cut),
        ownLfp_uV: ownLfp_uV && cut(ownLfp_uV),
      })) ?? null,
  };
}

function cutInput(input: GroupInput, cut: (signal: SampledSignal) => SampledSignal): GroupInput {
  return {
    excitatoryCurrent_nA: cut(input.excitatoryCurrent_nA),
    inhibitoryCurrent_nA: cut(input.inhibitoryCurrent_nA),
    excitatoryConductance_nS: cut(input.excitatoryConductance_nS),
    inhibitoryConductance_nS: cut(input.inhibitoryConductance_nS),
  };
}

/** The samples of a signal that are wholly within the window; a view, not a copy. */
function cutSignal(signal: SampledSignal, window: TimeWindow): SampledSignal {
  const { sampleRateHz, startMs, values } = signal;
  if (!(sampleRateHz > 0 && Number.isFinite(sampleRateHz))) {
    throw new AnalysisError(`sampleRateHz is ${sampleRateHz}; it must be a finite number above 0`);
  }
  const sampleAt = (timeMs: number) => ((timeMs - startMs) * sampleRateHz) / 1000;
  const first = Math.max(0, Math.ceil(sampleAt(window.startMs) - SAMPLE_TOLERANCE));
  const end = Math.min(values.length, Math.floor(sampleAt(window.stopMs) + SAMPLE_TOLERANCE));
  return {
    sampleRateHz,
    startMs: startMs + (first * 1000) / sampleRateHz,
    values: values.subarray(first, Math.max(first, end)),
  };
}
