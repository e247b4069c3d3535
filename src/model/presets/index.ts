import type { CircuitInput } from '../circuit.js';
import { ASYNCHRONOUS_IRREGULAR } from './asynchronous_irregular.js';
import { COBAHH_AS_PUBLISHED, cobahh } from './cobahh.js';
import { CORTICAL_GAMMA } from './cortical_gamma.js';
import { RUNAWAY, scaledCorticalGamma, VIP_DISINHIBITION } from './cortical_variants.js';
import { HODGKIN_HUXLEY } from './hodgkin_huxley.js';
import { PING } from './ping.js';
import { SST_BETA } from './sst_beta.js';

/** Circuits that the command line and the page know by name. */
export const PRESETS: Readonly<Record<string, CircuitInput>> = {
  'cortical-gamma': CORTICAL_GAMMA,
  cobahh: cobahh(COBAHH_AS_PUBLISHED),
  ping: PING,
  'asynchronous-irregular': ASYNCHRONOUS_IRREGULAR,
  'sst-beta': SST_BETA,
  runaway: RUNAWAY,
  'vip-disinhibition': VIP_DISINHIBITION,
  'hodgkin-huxley': HODGKIN_HUXLEY,
  'cortical-gamma-10k': scaledCorticalGamma(20, 'cortical-gamma-10k'),
  'cortical-gamma-100k': scaledCorticalGamma(200, 'cortical-gamma-100k'),
};
