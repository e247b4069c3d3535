import { buildNetwork, type Circuit } from '../../src/index.js';
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
