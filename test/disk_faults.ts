import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Calls of node:fs that write, make, rename or remove; opening counts where it is for writing. */
const CALLS = [
  ...['mkdirSync', 'openSync', 'writeSync', 'writeFileSync', 'fsyncSync', 'fdatasyncSync', 'ftruncateSync'],
  ...['renameSync', 'rmSync', 'open', 'write', 'writev'],
] as const;
const PROMISES = ['mkdir', 'open', 'writeFile', 'copyFile', 'rename', 'rm'] as const;

export type FaultCode = 'ENOSPC' | 'EIO' | 'EACCES';

/** A disk that refuses one call. */
export interface FaultyDisk {
  /** Calls that would write, so far. */
  readonly calls: number;
  repair(): void;
}

/** Whether `open` of these arguments only reads. */
const reads = (name: string, [, flags]: readonly unknown[]) =>
  /^open/.test(name) && (flags === undefined || flags === 'r' || flags === 0 || typeof flags === 'function');

const systemError = (syscall: string, code: FaultCode, path: unknown) =>
  Object.assign(new Error(`${code}: injected, ${syscall}`), {
    code,
    syscall,
    ...(typeof path === 'string' && { path }),
  });

/**
 * From now on the calls of this process that write are counted, and those that `fails` chooses by their number (from 0)
 * fail as the system would let them, in synchronous calls, callbacks and promises alike.
 */
export function faultyDisk(fails: (call: number, name: string) => boolean, code: FaultCode): FaultyDisk {
  let calls = 0;
  const restore: (() => void)[] = [];
  const watch = <T extends object>(
    owner: T,
    name: keyof T & string,
    fail: (error: Error, args: unknown[]) => unknown,
  ) => {
    const original = owner[name] as (...args: unknown[]) => unknown;
    const watched = function (this: unknown, ...args: unknown[]) {
      if (reads(name, args) || !fails(calls++, name)) return original.apply(this, args);
      return fail(systemError(name.replace('Sync', ''), code, args[0]), args);
    };
    owner[name] = Object.assign(watched, original) as T[typeof name];
    restore.push(() => {
      owner[name] = original as T[typeof name];
    });
  };
  for (const name of CALLS)
    watch(fs, name, (error, args) => {
      const callback = args.at(-1);
      if (typeof callback !== 'function') throw error;
      process.nextTick(callback as (error: Error) => void, error);
    });
  for (const name of PROMISES) watch(fs.promises, name, (error) => Promise.reject(error));
  syncBuiltinESMExports();
  return {
    get calls() {
      return calls;
    },
    repair() {
      for (const undo of restore) undo();
      syncBuiltinESMExports();
    },
  };
}
