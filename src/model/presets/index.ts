import type { CircuitInput } from '../circuit.js';
import { COBAHH_AS_PUBLISHED, cobahh } from './cobahh.js';
import { CORTICAL_GAMMA } from './cortical_gamma.js';
import { PING } from './ping.js';

/** Circuits that the command line and the page know by name. */
export const PRESETS: Readonly<Record<string, CircuitInput>> = {
  'cortical-gamma': CORTICAL_GAMMA,
  cobahh: cobahh(COBAHH_AS_PUBLISHED),
  ping: PING,
};
