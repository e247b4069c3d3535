import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DeviceChoice } from '../../engine/open_engine.js';
import { serveQueue } from '../../sweep/queue/queue_worker.js';
import { DEFAULT_QUEUE } from '../../sweep/queue/redis.js';
import { deviceOption, parseDuration } from '../arguments.js';
import type { CliIo } from '../cli_io.js';

interface WorkerOptions {
  readonly redis: string;
  readonly queue: string;
  readonly device: DeviceChoice;
  readonly lock: number;
  readonly quiet?: boolean;
}

/** Shortest lock: it is renewed at half its time, over a network. */
const SHORTEST_LOCK_MS = 500;

export const redisOption = (): Option => new Option('--redis <url>', 'Redis, such as redis://host:6379');
export const queueOption = (): Option =>
  new Option('--queue <name>', 'name of the queue').default(DEFAULT_QUEUE);

export function addSweepWorker(sweep: Command, io: CliIo): void {
  sweep
    .command('worker')
    .description('simulate what sweeps put into a queue, until stopped; one for each device')
    .addOption(redisOption().makeOptionMandatory())
    .addOption(queueOption())
    .addOption(deviceOption())
    .addOption(
      new Option('--lock <time>', 'a worker that is silent for so long loses its job to another')
        .argParser((text) => {
          const ms = parseDuration(text);
          if (!(ms >= SHORTEST_LOCK_MS))
            throw new InvalidArgumentError(`expected at least ${SHORTEST_LOCK_MS} ms.`);
          return ms;
        })
        .default(30_000, '30s'),
    )
    .option('--quiet', 'no notes')
    .action(({ redis, queue, device, lock, quiet }: WorkerOptions) =>
      serveQueue({
        redisUrl: redis,
        queue,
        device,
        lockMs: lock,
        signal: io.signal,
        onEvent: (text) => {
          if (!quiet) io.err(`${text}\n`);
        },
      }),
    );
}
