import fc from 'fast-check';
import { LinkError, linkOf, parseLink } from '../../../demo/state/link.js';
import { circuitOf } from '../../../demo/state/page_state.js';
import { PRESETS } from '../../../src/index.js';
import { CircuitError } from '../../../src/text/circuit_error.js';
import { damagedText } from '../mutation.js';
import type { FuzzedReader } from '../reader.js';

const LINKS = [
  '#v=1&preset=cortical-gamma&seed=7&neuron=12&inject=-3.5',
  '#v=1&preset=ping&p.pyramidal-rs.k.VT_mV=-50&m.leak=mechanisms:+{+leak:+{+channel:+nonspecific,+open:+0.5*2+}+}',
  ...Object.keys(PRESETS).map((preset) => `#v=1&preset=${preset}`),
];

/** Links of the page. */
export const linkReader: FuzzedReader<string> = {
  name: 'link of the page',
  input: fc.oneof(
    { weight: 8, arbitrary: damagedText(...LINKS) },
    { weight: 1, arbitrary: fc.webQueryParameters() },
    { weight: 1, arbitrary: fc.string({ maxLength: 50 }) },
  ),
  read: (link) => {
    const state = parseLink(link);
    if (!state) return;
    circuitOf(state);
    if (JSON.stringify(parseLink(linkOf(state) ?? '')) !== JSON.stringify(state))
      throw new Error('read again, the state differs');
  },
  // Settings that are each in range may not go together.
  refusals: [LinkError, CircuitError],
  limitSeconds: 5,
};
