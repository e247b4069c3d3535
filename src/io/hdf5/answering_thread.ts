import { once } from 'node:events';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';

export type Answer = { readonly result: unknown } | { readonly error: string };

/** Interval at which to check whether a thread computes or only waits for a processor, ms. */
const LOOK_EVERY_MS = 200;

/**
 * A thread that answers questions while the caller waits: code that may crash, never return or use up all memory runs
 * in a thread that can be ended. The thread posts one message to `port` when it is ready, and one Answer to each
 * question, after which it sets `answered[0]` to 1 and notifies.
 */
export class AnsweringThread {
  private constructor(
    private readonly worker: Worker,
    private readonly port: MessagePort,
    private readonly answered: Int32Array,
    /** Time limit for a question, ms. Only processor time counts, so that a slow disk is not a reason to fail. */
    private readonly limitMs: number,
  ) {}

  /** Rejects where the thread ends before it is ready. */
  static async start(entry: URL, limitMs: number): Promise<AnsweringThread> {
    const { port1, port2 } = new MessageChannel();
    const answered = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(entry, {
      workerData: { port: port2, answered },
      transferList: [port2],
      // What a library prints when it fails is of no use to the user.
      stdout: true,
      stderr: true,
    });
    const failed = once(worker, 'exit').then(([code]) => {
      throw new Error(`the thread ${entry} ended with code ${code}`);
    });
    await Promise.race([once(port1, 'message'), failed]);
    failed.catch(() => {});
    worker.unref();
    port1.unref();
    return new AnsweringThread(worker, port1, answered, limitMs);
  }

  /** Waits for the answer. Throws Error with the thread's message, or where it takes longer than the limit. */
  ask(question: object): unknown {
    this.port.postMessage(question);
    const startedAt = performance.now();
    const { user, system } = process.cpuUsage();
    // The flag decides: a notification may be that of the answer before.
    while (Atomics.load(this.answered, 0) === 0) {
      if (Atomics.wait(this.answered, 0, 0, LOOK_EVERY_MS) !== 'timed-out') continue;
      const spent = process.cpuUsage();
      const computedMs = (spent.user - user + spent.system - system) / 1000;
      if (Math.min(performance.now() - startedAt, computedMs) > this.limitMs)
        throw new Error(`no answer within ${this.limitMs / 1000} s`);
    }
    Atomics.store(this.answered, 0, 0);
    const { message }: { message: Answer } = receiveMessageOnPort(this.port)!;
    if ('error' in message) throw new Error(message.error);
    return message.result;
  }

  end(): void {
    this.port.close();
    void this.worker.terminate();
  }
}
