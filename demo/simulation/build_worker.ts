import type { Circuit } from '../../src/model/circuit.js';
// Not imported from the index of the API, which would load circuit files and analysis too.
import { buildNetwork } from '../../src/network/build.js';
import type { BuildReply } from './network_builder.js';

/** Builds networks beside the page, which never waits for one. */
self.onmessage = ({ data: circuit }: MessageEvent<Circuit>) => {
  let reply: BuildReply;
  try {
    reply = { network: buildNetwork(circuit) };
  } catch (error) {
    reply = { failure: (error as Error).message };
  }
  self.postMessage(reply);
};
