/** LFP proxies for a network of point neurons, and the assumptions of each. */

import type { SampledSignal } from '../data.js';

/** A way to compute an LFP; point neurons themselves have no LFP, since their currents have no return path. */
export interface LfpProxyMethod {
  readonly name: string;
  readonly unit: 'uV' | 'a.u.';
  readonly formula: string;
  readonly assumptions: readonly string[];
  readonly citation: string;
}

/** An LFP and how it was computed. */
export interface LfpProxy {
  readonly method: LfpProxyMethod;
  readonly signal: SampledSignal;
}

export type LfpProxyName = 'absoluteCurrent' | 'signedCurrent' | 'referenceWeightedSum' | 'spikeKernels';

export const LFP_PROXY_METHODS: Readonly<Record<LfpProxyName, LfpProxyMethod>> = {
  absoluteCurrent: {
    name: 'Distance-weighted sum of |I|',
    unit: 'uV',
    formula: 'sum over cells of (|I_E| + |I_I|) / (4 pi sigma r)',
    assumptions: [
      'excitatory and inhibitory currents act alike: the dipoles of apical excitation and somatic inhibition add up',
      'each cell is a point source in a homogeneous, ohmic medium',
      'absolute size is not calibrated: a real cell returns its current nearby, which weakens the far field',
    ],
    citation:
      'Mazzoni, Panzeri, Logothetis and Brunel 2008, PLoS Comput. Biol. 4, e1000239 (sum of |I|); Einevoll et al. 2013, Nat. Rev. Neurosci. 14, 770 (point source)',
  },
  signedCurrent: {
    name: 'Distance-weighted signed sum',
    unit: 'uV',
    formula:
      'sum over cells of (I_I - I_E) / (4 pi sigma r), I_E counted inward and I_I outward: a sink is negative',
    assumptions: [
      'excitatory and inhibitory currents enter at the same place, so that they cancel',
      'each cell is a point source in a homogeneous, ohmic medium',
      'absolute size is not calibrated: a real cell returns its current nearby, which weakens the far field',
    ],
    citation: 'Einevoll et al. 2013, Nat. Rev. Neurosci. 14, 770',
  },
  referenceWeightedSum: {
    name: 'Reference weighted sum (RWS)',
    unit: 'a.u.',
    formula: '|I_AMPA|(t - 6 ms) + 1.65 |I_GABA|(t), z-scored',
    assumptions: [
      'only currents onto pyramidal cells count',
      'excitation on the dendrites and inhibition near the soma, at least 150 um apart',
      'fitted to a layer of reconstructed pyramidal cells fed by a leaky integrate-and-fire network',
      'the shape in time only: depth profile and size are left out',
    ],
    citation: 'Mazzoni et al. 2015, PLoS Comput. Biol. 11, e1004584',
  },
  spikeKernels: {
    name: 'Spike kernels',
    unit: 'uV',
    formula: 'sum over spikes of A exp(-r/0.2 mm) exp(-(t - 10.4 ms - r/(0.2 mm/ms))^2 / (2 s^2))',
    assumptions: [
      "every spike adds the unitary LFP of its cell type, whatever its targets' state",
      'kernels fitted to unitary fields measured in neocortex and hippocampus; their reach comes from reconstructed hippocampal pyramidal cells',
      'r is the distance along the layer; depth enters as one of four layers',
    ],
    citation: 'Telenczuk, Telenczuk and Destexhe 2020, J. Neurosci. Methods 344, 108871; ModelDB 266508',
  },
};
