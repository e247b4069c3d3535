import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { DeviceChoice } from '../../engine/open_engine.js';
import { readable } from '../../text/printable.js';
import type { SweepTask } from '../executor.js';
import { PointWorker } from '../point_worker.js';
import type { SweepOutcome } from '../result.js';
import type { TaskCeilings } from '../task_check.js';
import { connectRedis, loadBullMq, type QueueAddress } from './redis.js';

export interface QueueWorkerOptions extends QueueAddress {
  readonly device: DeviceChoice;
  /** If a worker does not respond for this long, its configuration is given to another, ms. */
  readonly lockMs: number;
  /** Limits for a job; a job that exceeds one fails. */
  readonly ceilings: TaskCeilings;
  readonly signal: AbortSignal;
  readonly onEvent: (text: string) => void;
}

/** How often a configuration may be taken from workers that do not respond before it counts as failed. */
const MAX_STALLS = 10;
/** Pause before the queue is asked again after an error, ms. */
const RETRY_MS = 1000;

/**
 * Serves a queue of configurations until `signal`, one at a time, each in a child process: this process only waits,
 * so that it keeps its lock on the job however long the child computes. Rejects with InputError where Redis does not
 * answer.
 */
export async function serveQueue(options: QueueWorkerOptions): Promise<void> {
  const { redisUrl, queue, device, lockMs, ceilings, signal, onEvent } = options;
  const { Worker } = await loadBullMq();
  const connection = await connectRedis(redisUrl);
  const points = new PointWorker({ device, ceilings });
  const worker = new Worker<SweepTask, SweepOutcome>(
    queue,
    async ({ id, data }) => {
      // Anyone with access to the queue may have put it there, so the process that simulates it checks it.
      const { configuration = null } = data ?? {};
      const outcome = await points.simulate({ hash: id ?? '', configuration });
      // Stopped: the job keeps its attempts and goes to another worker when the lock lapses.
      if (signal.aborted) return new Promise(() => {});
      // The queue repeats a job whose failure another attempt may cure.
      if ('failure' in outcome && !outcome.failure.isPermanent) throw new Error(outcome.failure.message);
      return outcome;
    },
    {
      connection,
      name: `${hostname()}:${process.pid}`,
      concurrency: 1,
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      maxStalledCount: MAX_STALLS,
      runRetryDelay: RETRY_MS,
    },
  );
  worker.on('completed', ({ id }) => onEvent(`completed ${id?.slice(0, 8)}`));
  worker.on('failed', (job, error) => onEvent(`failed ${job?.id?.slice(0, 8)}: ${readable(error.message)}`));
  worker.on('stalled', (id) =>
    onEvent(`another worker stopped responding: ${id.slice(0, 8)} goes back to the queue`),
  );
  worker.on('error', ({ message }) => onEvent(message));
  try {
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    points.stop();
    await Promise.race([worker.close(true), delay(2000)]);
    connection.disconnect();
  }
}
