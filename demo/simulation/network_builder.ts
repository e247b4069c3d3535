import type { Network } from '../../src/index.js';
import { circuitOf, type PageState } from '../state/page_state.js';
import { PageFailure } from '../view/failures.js';

export type BuildReply = { readonly network: Network } | { readonly failure: string };

/** Makes the circuits of states concrete in a worker. One build at a time: a caller waits for its turn. */
export class NetworkBuilder {
  private turn: Promise<unknown> = Promise.resolve();

  /** @param worker that runs build_worker.ts */
  constructor(private readonly worker: Worker) {}

  /** Rejects with CircuitError if settings contradict each other, with PageFailure if a connector is impossible. */
  build(state: PageState): Promise<Network> {
    const built = this.turn.then(
      () =>
        new Promise<Network>((resolve, reject) => {
          const fail = (detail: string) =>
            reject(
              new PageFailure(
                'network',
                'This network cannot be built.',
                'Undo the last change, or choose another circuit.',
                detail,
              ),
            );
          this.worker.onmessage = ({ data }: MessageEvent<BuildReply>) =>
            'network' in data ? resolve(data.network) : fail(data.failure);
          this.worker.onerror = (event) => fail(event.message || 'the network builder failed');
          this.worker.postMessage(circuitOf(state));
        }),
    );
    this.turn = built.catch(() => undefined);
    return built;
  }
}
