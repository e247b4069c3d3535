/** Potential of point current sources in a homogeneous medium. */

import { requireAligned, requireNonNegative, requirePositive, requireSignal } from '../checks.js';
import { AnalysisError, type SampledSignal } from '../data.js';
import { LFP_PROXY_METHODS, type LfpProxy } from './proxies.js';

/** 1 nA/(S/m um) in uV. */
const uV_PER_NA_PER_S_M_UM = 1000;

/** Synaptic current of a cell, or of cells at one distance from the electrode. */
export interface CurrentSource {
  readonly distance_um: number;
  /** I_E, counted inward (depolarising), nA. */
  readonly excitatory_nA: SampledSignal;
  /** I_I, counted outward (hyperpolarising), nA. */
  readonly inhibitory_nA: SampledSignal;
}

/**
 * Potential per current in uV/nA: 1/(4 pi sigma r) (LFPy, method 'pointsource').
 *
 * @param distance_um at least 0; a source nearer than `nearest_um` counts as that far, since no cell is a point
 */
export function pointSourceWeight(distance_um: number, sigma_S_m = 0.3, nearest_um = 10): number {
  requireNonNegative('distance_um', distance_um);
  requirePositive('sigma_S_m', sigma_S_m);
  requirePositive('nearest_um', nearest_um);
  return uV_PER_NA_PER_S_M_UM / (4 * Math.PI * sigma_S_m * Math.max(distance_um, nearest_um));
}

/**
 * The two point-source proxies of the same currents: their absolute and their signed sum. Current that leaves a cell is a
 * source and makes the potential positive, current that enters it is a sink and makes it negative.
 *
 * @param sources at least 1; all with the same sample times
 */
export function pointSourceProxies(
  sources: readonly CurrentSource[],
  sigma_S_m = 0.3,
): { readonly absolute: LfpProxy; readonly signed: LfpProxy } {
  if (sources.length === 0) throw new AnalysisError('sources is empty; a potential needs at least 1 source');
  const like = sources[0].excitatory_nA;
  requireSignal('excitatory_nA', like);
  const absolute = new Float64Array(like.values.length);
  const signed = new Float64Array(like.values.length);
  for (const { distance_um, excitatory_nA, inhibitory_nA } of sources) {
    requireSignal('excitatory_nA', excitatory_nA);
    requireSignal('inhibitory_nA', inhibitory_nA);
    requireAligned(like, excitatory_nA);
    requireAligned(like, inhibitory_nA);
    const weight = pointSourceWeight(distance_um, sigma_S_m);
    for (let k = 0; k < absolute.length; k++) {
      const inward = excitatory_nA.values[k];
      const outward = inhibitory_nA.values[k];
      absolute[k] += weight * (Math.abs(inward) + Math.abs(outward));
      signed[k] += weight * (outward - inward);
    }
  }
  return {
    absolute: { method: LFP_PROXY_METHODS.absoluteCurrent, signal: { ...like, values: absolute } },
    signed: { method: LFP_PROXY_METHODS.signedCurrent, signal: { ...like, values: signed } },
  };
}
