import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DeviceChoice } from '../../engine/open_engine.js';
import { serveQueue } from '../../sweep/queue/queue_worker.js';
import { DEFAULT_QUEUE } from '../../sweep/queue/redis.js';
import { REDIS_PASSWORD } from '../../sweep/queue/redis_address.js';
import { DEFAULT_CEILINGS } from '../../sweep/task_check.js';
import { deviceOption, parseDuration, parseNumber } from '../arguments.js';
import type { CliIo } from '../cli_io.js';

interface WorkerOptions {
  readonly redis: string;
  readonly queue: string;
  readonly device: DeviceChoice;
  readonly lock: number;
  readonly maxNeurons: number;
  readonly maxSynapses: number;
  readonly maxSteps: number;
  readonly quiet?: boolean;
}

/** Shortest lock: it is renewed at half its time, over a network. */
const SHORTEST_LOCK_MS = 500;

export const redisOption = (): Option =>
  new Option(
    '--redis <url>',
    `address of Redis, such as redis://host:6379; the password is read from ${REDIS_PASSWORD}`,
  );
export const queueOption = (): Option =>
  new Option('--queue <name>', 'name of the queue').default(DEFAULT_QUEUE).argParser((text) => {
    if (!/^[A-Za-z0-9_.-]{1,100}$/.test(text))
      throw new InvalidArgumentError('expected letters, digits, "_", "-" or ".".');
    return text;
  });

const ceilingOption = (flags: string, what: string, most: number): Option =>
  new Option(flags, `largest number of ${what} of a job`).default(most).argParser((text) => {
    const value = parseNumber(text);
    if (!(value >= 1)) throw new InvalidArgumentError('expected a number of at least 1.');
    return value;
  });

export function addSweepWorker(sweep: Command, io: CliIo): void {
  sweep
    .command('worker')
    .description('simulate jobs from a queue until stopped; start one worker for each device')
    .addOption(redisOption().makeOptionMandatory())
    .addOption(queueOption())
    .addOption(deviceOption())
    .addOption(
      new Option('--lock <time>', 'a worker that does not respond for this long loses its job to another')
        .argParser((text) => {
          const ms = parseDuration(text);
          if (!(ms >= SHORTEST_LOCK_MS))
            throw new InvalidArgumentError(`expected at least ${SHORTEST_LOCK_MS} ms.`);
          return ms;
        })
        .default(30_000, '30s'),
    )
    .addOption(ceilingOption('--max-neurons <number>', 'neurons', DEFAULT_CEILINGS.neurons))
    .addOption(ceilingOption('--max-synapses <number>', 'synapses', DEFAULT_CEILINGS.synapses))
    .addOption(ceilingOption('--max-steps <number>', 'time steps', DEFAULT_CEILINGS.steps))
    .option('--quiet', 'no notes')
    .action(({ redis, queue, device, lock, maxNeurons, maxSynapses, maxSteps, quiet }: WorkerOptions) =>
      serveQueue({
        redisUrl: redis,
        queue,
        device,
        lockMs: lock,
        ceilings: {
          ...DEFAULT_CEILINGS,
          neurons: maxNeurons,
          synapses: maxSynapses,
          steps: maxSteps,
        },
        signal: io.signal,
        onEvent: (text) => {
          if (!quiet) io.err(`${text}\n`);
        },
      }),
    );
}
