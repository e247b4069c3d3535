import { type ReadingRequest, readMechanism } from './reading.js';

/** Reads mechanisms beside the page, so that typing never waits for it. */
self.onmessage = ({ data }: MessageEvent<ReadingRequest>) => {
  self.postMessage(readMechanism(data));
};
