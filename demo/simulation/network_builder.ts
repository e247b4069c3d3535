import type { Circuit, Network } from '../../src/index.js';

export type BuildReply = { readonly network: Network } | { readonly failure: string };

/** Makes circuits concrete in a worker. One build at a time: a caller waits for its turn. */
export class NetworkBuilder {
  private readonly worker = new Worker(new URL('./build_worker.ts', import.meta.url), { type: 'module' });
  private turn: Promise<unknown> = Promise.resolve();

  /** Rejects with the builder's message where a connector cannot be met. */
  build(circuit: Circuit): Promise<Network> {
    const built = this.turn.then(
      () =>
        new Promise<Network>((resolve, reject) => {
          this.worker.onmessage = ({ data }: MessageEvent<BuildReply>) =>
            'network' in data ? resolve(data.network) : reject(new RangeError(data.failure));
          this.worker.onerror = (event) => reject(new Error(event.message || 'the network builder failed'));
          this.worker.postMessage(circuit);
        }),
    );
    this.turn = built.catch(() => undefined);
    return built;
  }
}
