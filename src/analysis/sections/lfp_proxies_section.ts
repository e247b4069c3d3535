import { type LaggedCorrelation, laggedCorrelation } from '../balance/co_fluctuation.js';
import { constantReason } from '../checks.js';
import type { CircuitActivity } from '../circuit_activity.js';
import type { Estimate, SampledSignal, SpikeTrains } from '../data.js';
import { LFP_PROXY_METHODS, type LfpProxy, type LfpProxyName } from '../lfp/proxies.js';
import { referenceWeightedSum } from '../lfp/reference_weighted_sum.js';
import { type KernelLayer, spikeKernelLfp } from '../lfp/spike_kernels.js';
import { type Notes, partOf } from '../notes.js';
import { bandPowers, peakFrequency } from '../oscillation/bands.js';
import type { LfpProxyResults } from '../results.js';
import type { PowerSpectrum } from '../spectral/spectrum.js';
import { welchPsd } from '../spectral/welch.js';
import { pearson } from '../spiketrain/correlation.js';
import { ifCarriesLag, sumOfInputs } from './input_balance.js';
import { coveredBy, type LfpSegments } from './lfp_segments.js';

/** Where the spike kernels place the electrode: in the layer of the somata. */
export const KERNEL_LAYER: KernelLayer = 'soma';
/** Largest lag of a proxy against the first: the kernels come 10.4 ms after their spikes. */
export const MAX_PROXY_LAG_MS = 20;

/** One LFP proxy as computed here. */
export interface ProxyArrays {
  readonly name: LfpProxyName;
  readonly proxy: LfpProxy;
  readonly psd: PowerSpectrum;
}

/** Four LFP proxies of the same activity, side by side. */
export interface LfpProxiesAnalysis {
  readonly results: Readonly<Record<LfpProxyName, LfpProxyResults>> | null;
  /** Those that could be made. */
  readonly arrays: readonly ProxyArrays[];
}

/**
 * @param activity within its window
 * @param allSpikes also those before the window, whose fields reach into it
 */
export function analyzeLfpProxies(
  activity: CircuitActivity,
  allSpikes: SpikeTrains,
  segments: Estimate<LfpSegments>,
  notes: Notes,
): LfpProxiesAnalysis {
  const { lfp } = activity;
  if (!lfp || segments.value === null) {
    notes.undefinedAt('lfpProxies', segments.value === null ? segments.reason : 'no LFP was given');
    return { results: null, arrays: [] };
  }
  const { segmentSamples } = segments.value;
  const proxies: Readonly<Record<LfpProxyName, Estimate<LfpProxy>>> = {
    absoluteCurrent: varying('absoluteCurrent', lfp),
    signedCurrent: varying('signedCurrent', activity.signedLfp),
    referenceWeightedSum: weightedSum(activity),
    spikeKernels: kernels(activity, allSpikes, lfp),
  };
  const arrays: ProxyArrays[] = [];
  const resultsOf = (name: LfpProxyName, made: Estimate<LfpProxy>): LfpProxyResults => {
    const path = `lfpProxies.${name}`;
    const { unit, formula, assumptions, citation } = LFP_PROXY_METHODS[name];
    const about = { unit, formula, assumptions, citation };
    const proxy = notes.valueOf(path, longEnough(made, segmentSamples));
    if (!proxy) {
      return {
        ...about,
        peakHz: null,
        gammaShare: null,
        correlation: null,
        peakCorrelation: null,
        lagMs: null,
      };
    }
    const psd = welchPsd(proxy.signal, { segmentSamples });
    arrays.push({ name, proxy, psd });
    const [first, own] = overlap(lfp, proxy.signal);
    const lagged =
      name === 'absoluteCurrent'
        ? ITSELF
        : ifCarriesLag(first, MAX_PROXY_LAG_MS, () => laggedCorrelation(first, own, MAX_PROXY_LAG_MS));
    return {
      ...about,
      peakHz: notes.valueOf(
        `${path}.peakHz`,
        partOf(peakFrequency(psd), ({ hz }) => hz),
      ),
      gammaShare: notes.valueOf(`${path}.gammaShare`, gammaShare(psd)),
      correlation: notes.valueOf(`${path}.correlation`, pearson(first.values, own.values)),
      peakCorrelation: notes.valueOf(
        `${path}.peakCorrelation`,
        partOf(lagged, ({ peak }) => peak),
      ),
      lagMs: notes.valueOf(
        `${path}.lagMs`,
        partOf(lagged, ({ peakLagMs }) => peakLagMs),
      ),
    };
  };
  const entries = Object.entries(proxies) as [LfpProxyName, Estimate<LfpProxy>][];
  const results = Object.fromEntries(entries.map(([name, made]) => [name, resultsOf(name, made)]));
  return { results: results as Record<LfpProxyName, LfpProxyResults>, arrays };
}

const ITSELF: Estimate<Pick<LaggedCorrelation, 'peak' | 'peakLagMs'>> = { value: { peak: 1, peakLagMs: 0 } };

function varying(
  name: 'absoluteCurrent' | 'signedCurrent',
  signal: SampledSignal | null,
): Estimate<LfpProxy> {
  if (!signal) return { value: null, reason: 'the signed sum of the currents was not given' };
  const reason = constantReason('it', signal.values);
  return reason === null ? { value: { method: LFP_PROXY_METHODS[name], signal } } : { value: null, reason };
}

function weightedSum({ groups, input }: CircuitActivity): Estimate<LfpProxy> {
  if (!input) return { value: null, reason: 'no synaptic currents were given' };
  const known = groups.filter(({ name, sign }) => sign === 'excitatory' && name in input);
  if (known.length === 0) {
    return { value: null, reason: 'the currents of no group that is known to be excitatory were given' };
  }
  const { excitatoryCurrent_nA, inhibitoryCurrent_nA } = sumOfInputs(known.map(({ name }) => input[name]));
  return referenceWeightedSum(excitatoryCurrent_nA, inhibitoryCurrent_nA);
}

function kernels(
  { groups, lateralDistances_mm, window }: CircuitActivity,
  trains: SpikeTrains,
  lfp: SampledSignal,
): Estimate<LfpProxy> {
  if (!lateralDistances_mm) {
    return { value: null, reason: 'the distances of the neurons from the electrode are not known' };
  }
  const unsigned = groups.find(({ sign }) => sign === null);
  if (unsigned) {
    return { value: null, reason: `whether ${unsigned.name} excites or inhibits is not known` };
  }
  const proxy = spikeKernelLfp({
    trains,
    groups,
    lateralDistances_mm,
    layer: KERNEL_LAYER,
    window: coveredBy(lfp, window),
    sampleRateHz: lfp.sampleRateHz,
  });
  const reason = constantReason('it', proxy.signal.values);
  return reason === null ? { value: proxy } : { value: null, reason };
}

function longEnough(made: Estimate<LfpProxy>, segmentSamples: number): Estimate<LfpProxy> {
  if (made.value === null) return made;
  const samples = made.value.signal.values.length;
  return samples >= segmentSamples
    ? made
    : { value: null, reason: `its ${samples} samples are fewer than a segment of ${segmentSamples}` };
}

/** Power of 30-80 Hz over that of 1-150 Hz. */
function gammaShare(psd: PowerSpectrum): Estimate<number> {
  const powers = bandPowers(psd);
  let whole = 0;
  for (const power of Object.values(powers)) {
    if (power.value === null) return power;
    whole += power.value;
  }
  return partOf(powers.gamma, (gamma) => gamma / whole);
}

/** The samples that both have; the proxies of a run share rate and sample times. */
function overlap(x: SampledSignal, y: SampledSignal): readonly [SampledSignal, SampledSignal] {
  const startMs = Math.max(x.startMs, y.startMs);
  const first = ({ startMs: own, sampleRateHz }: SampledSignal) =>
    Math.round(((startMs - own) * sampleRateHz) / 1000);
  const [atX, atY] = [first(x), first(y)];
  const samples = Math.min(x.values.length - atX, y.values.length - atY);
  const cut = (signal: SampledSignal, from: number) => ({
    sampleRateHz: signal.sampleRateHz,
    startMs,
    values: signal.values.subarray(from, from + samples),
  });
  return [cut(x, atX), cut(y, atY)];
}
