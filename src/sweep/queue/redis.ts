import type { Redis } from 'ioredis';
import { InputError } from '../../io/input_error.js';
import { parseRedisAddress, REDIS_PASSWORD } from './redis_address.js';

/** The default queue. */
export const DEFAULT_QUEUE = 'nce-sweep';

export interface QueueAddress {
  /** `redis://host:6379`, `rediss://` for TLS. */
  readonly redisUrl: string;
  readonly queue: string;
}

/** BullMQ and its Redis client are optional peers: only sweeps over several machines need them. */
export async function loadBullMq(): Promise<typeof import('bullmq')> {
  return load(() => import('bullmq'));
}

/**
 * Connects to Redis, and from then on for as long as it takes: commands wait while Redis is away. Throws InputError
 * if it cannot be reached at first, refuses the password, or the packages are missing. No message holds a password.
 */
export async function connectRedis(redisUrl: string): Promise<Redis> {
  const { host, options } = parseRedisAddress(redisUrl, process.env);
  const { Redis } = await load(() => import('ioredis'));
  let connected = false;
  const redis = new Redis({
    ...options,
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (connected ? Math.min(100 * 2 ** Math.min(times, 10), 2000) : null),
  });
  let reason = '';
  redis.on('error', (error) => {
    reason = error.message;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    const { message } = error as Error;
    if (/NOAUTH|WRONGPASS|NOPERM/.test(`${message} ${reason}`))
      throw new InputError(`Redis at ${host} does not accept the password; set ${REDIS_PASSWORD}`);
    throw new InputError(`Redis does not answer at ${host}: ${reason || message}`, { cause: error });
  }
  connected = true;
  return redis;
}

async function load<T>(module: () => Promise<T>): Promise<T> {
  try {
    return await module();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new InputError('sweeps over Redis need two more packages: npm install bullmq ioredis', {
      cause: error,
    });
  }
}
