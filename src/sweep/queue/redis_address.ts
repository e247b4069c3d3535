import type { RedisOptions } from 'ioredis';
import { InputError } from '../../io/input_error.js';

/** The environment variable with the password of Redis: an argument would show in the list of processes. */
export const REDIS_PASSWORD = 'NCE_REDIS_PASSWORD';

export interface RedisAddress {
  /** `host:port`, to be shown. */
  readonly host: string;
  readonly options: Pick<RedisOptions, 'host' | 'port' | 'db' | 'username' | 'password' | 'tls'>;
}

const DEFAULT_PORT = 6379;

/**
 * `redis://host:6379`, or `rediss://` for TLS; also `redis://user@host:6379/1` with a user and the number of a
 * database. The password is taken from NCE_REDIS_PASSWORD, else from the address. The InputError for an address that
 * cannot be read quotes nothing of it, since it may contain the password.
 */
export function parseRedisAddress(address: string, environment: NodeJS.ProcessEnv): RedisAddress {
  const fail = () =>
    new InputError(
      'the address of Redis cannot be read; expected redis://host:6379, rediss://host:6379 (TLS) or redis://user@host:6379/1 ' +
        `(user, database), with the password in ${REDIS_PASSWORD}`,
    );
  if (!URL.canParse(address)) throw fail();
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(address);
  const database = /^\/?(\d{0,4})$/.exec(pathname);
  if (!['redis:', 'rediss:'].includes(protocol) || hostname === '' || !database || search + hash !== '')
    throw fail();
  const decoded = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      throw fail();
    }
  };
  const secret = environment[REDIS_PASSWORD] || decoded(password);
  return {
    host: `${hostname}:${port || DEFAULT_PORT}`,
    options: {
      // An IPv6 address has brackets in a URL only.
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || DEFAULT_PORT),
      db: Number(database[1]),
      ...(username !== '' && { username: decoded(username) }),
      ...(secret !== '' && { password: secret }),
      ...(protocol === 'rediss:' && { tls: {} }),
    },
  };
}
