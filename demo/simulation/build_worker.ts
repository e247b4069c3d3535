import type { Circuit } from '../../src/model/circuit.js';
// Not buildNetwork, which checks the circuit once more and brings the parser of circuit files along.
import { assembleNetwork } from '../../src/network/assemble.js';
import type { BuildReply } from './network_builder.js';

/** Builds networks beside the page, which never waits for one. */
self.onmessage = ({ data: circuit }: MessageEvent<Circuit>) => {
  let reply: BuildReply;
  try {
    reply = { network: assembleNetwork(circuit) };
  } catch (error) {
    reply = { failure: (error as Error).message };
  }
  self.postMessage(reply);
};
