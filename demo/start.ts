import type { Network } from '../src/index.js';
import { NetworkBuilder } from './simulation/network_builder.js';
import { stateOfAddress } from './state/address.js';
import type { PageState } from './state/page_state.js';

/** What was started before the rest of the page was loaded. */
export interface Start {
  readonly builder: NetworkBuilder;
  readonly state: PageState;
  /** The network of the state. */
  readonly building: Promise<Network>;
}

/** Starts to build the network of the address. */
export function startFromAddress(worker: Worker): Start {
  const builder = new NetworkBuilder(worker);
  const state = stateOfAddress();
  return { builder, state, building: builder.build(state) };
}
