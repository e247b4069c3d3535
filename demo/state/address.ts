import { CircuitError } from '../../src/index.js';
import { showNotice } from '../view/notices.js';
import { LinkError, LONGEST_LINK, linkOf, parseLink } from './link.js';
import { circuitOf, DEFAULT_PRESET, initialState, isPreset, type PageState } from './page_state.js';

/** The state of the address; that of the default preset, with a notice, if the address is invalid. */
export function stateOfAddress(): PageState {
  try {
    const state = parseLink(location.hash) ?? initialState(DEFAULT_PRESET);
    circuitOf(state);
    return state;
  } catch (error) {
    if (!(error instanceof LinkError || error instanceof CircuitError)) throw error;
    showNotice(`This link cannot be opened: ${error.message}. The page shows ${DEFAULT_PRESET} instead.`);
    return initialState(DEFAULT_PRESET);
  }
}

/** Updates the address for a state; an opened circuit has none, nor one whose mechanisms have too long a text. */
export function showInAddress(state: PageState): void {
  const plain = location.pathname + location.search;
  const link = isPreset(state.preset) ? linkOf(state) : '';
  const isShort = link !== '' && link.length <= LONGEST_LINK;
  history.replaceState(null, '', isShort ? `#${link}` : plain);
}
