import { readFileSync } from 'node:fs';
import { InputError } from '../input_error.js';

/** With this option Node checks the bounds of WebAssembly's memory in its code, and reserves no space around it. */
const SMALL_MEMORIES = '--disable-wasm-trap-handler';

/**
 * Address space, bytes, that must be free before HDF5's library is loaded: what WebAssembly reserves for its memory
 * (10 GiB, or the 2 GiB that the memory may grow to), and what the rest of a command takes after it (measured: 2.5 GiB).
 */
const NEEDED_BYTES = { usual: 13 * 2 ** 30, small: 5 * 2 ** 30 };

/**
 * Throws InputError where a limit on address space (`ulimit -v`, h_vmem of batch systems) leaves too little for HDF5's
 * library: without this check the process would end in the middle of its work.
 */
export function requireAddressSpace(): void {
  const limit = addressSpace();
  if (limit === null) return;
  const { execArgv, env } = process;
  const isSmall = [...execArgv, ...(env.NODE_OPTIONS ?? '').split(/\s+/)].includes(SMALL_MEMORIES);
  const needed = isSmall ? NEEDED_BYTES.small : NEEDED_BYTES.usual;
  if (limit.free >= needed) return;
  const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  throw new InputError(
    `files in HDF5 (.h5, .nwb) need ${gibibytes(needed)} of free address space, and a limit of ${gibibytes(limit.all)} ` +
      `(ulimit -v) leaves ${gibibytes(limit.free)}; ` +
      (isSmall ? '' : `set NODE_OPTIONS=${SMALL_MEMORIES}, with which 10 GiB are enough in all, or `) +
      'raise the limit',
  );
}

/** The limit on this process's address space and what is left of it, bytes; null where there is none (Linux only). */
function addressSpace(): { readonly all: number; readonly free: number } | null {
  const text = (name: string) => {
    try {
      return readFileSync(`/proc/self/${name}`, 'utf8');
    } catch {
      return '';
    }
  };
  const all = /^Max address space\s+(\d+)/m.exec(text('limits'));
  const usedKiB = /^VmSize:\s+(\d+) kB/m.exec(text('status'));
  return all && usedKiB ? { all: Number(all[1]), free: Number(all[1]) - 1024 * Number(usedKiB[1]) } : null;
}
