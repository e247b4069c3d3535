import type { Network } from '../src/index.js';
import { NetworkBuilder } from './simulation/network_builder.js';
import { stateOfAddress } from './state/address.js';
import type { PageState } from './state/page_state.js';

/** What was begun before the rest of the page was there. */
export interface Start {
  readonly builder: NetworkBuilder;
  readonly state: PageState;
  /** The network of the state. */
  readonly building: Promise<Network>;
}

/** Begins to build the network that the address asks for. */
export function startFromAddress(worker: Worker): Start {
  const builder = new NetworkBuilder(worker);
  const state = stateOfAddress();
  return { builder, state, building: builder.build(state) };
}
