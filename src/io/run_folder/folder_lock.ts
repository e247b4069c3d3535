import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../input_error.js';

/** The process that a folder belongs to. */
const holderSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** Tells a process from a later one with the same number; null where the system does not say. */
  startedAt: z.string().nullable(),
});
type Holder = z.infer<typeof holderSchema>;

const LOCK_FILE = 'lock.json';

/** Makes the folder this process' own. Throws InputError where another one that may be alive holds it. */
export function lockFolder(folder: string): void {
  requireUnlocked(folder);
  const own: Holder = { pid: process.pid, host: hostname(), startedAt: startOf(process.pid) };
  const path = join(folder, LOCK_FILE);
  rmSync(path, { force: true });
  writeFileSync(path, JSON.stringify(own), { flag: 'wx' });
}

/** Throws InputError where a process that may be alive holds the folder. */
export function requireUnlocked(folder: string): void {
  const holder = holderOf(folder);
  if (!holder) return;
  const { pid, host } = holder;
  if (host !== hostname())
    throw new InputError(
      `${folder} belongs to process ${pid} on ${host}, which cannot be checked from here; use --force if that process has ended`,
    );
  if (isAlive(holder)) throw new InputError(`${folder} is being written by process ${pid}`);
}

/** A process locks its new folder within this time, ms. */
const LOCKED_WITHIN_MS = 60_000;

/** Whether the process that made the folder has ended, before or after it locked it. */
export function isAbandoned(folder: string): boolean {
  const holder = holderOf(folder);
  if (holder) return holder.host === hostname() && !isAlive(holder);
  const { mtimeMs = Number.POSITIVE_INFINITY } = statSync(folder, { throwIfNoEntry: false }) ?? {};
  return Date.now() - mtimeMs > LOCKED_WITHIN_MS;
}

/** Lets the folder go, whoever held it. */
export const unlockFolder = (folder: string): void => rmSync(join(folder, LOCK_FILE), { force: true });

/** Null without a lock, and where a lock is unreadable: it was cut off when its process ended. */
function holderOf(folder: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(join(folder, LOCK_FILE), 'utf8')));
  } catch {
    return null;
  }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(pid) === startedAt;
}

/** Start of a process in ticks since boot (proc(5), field 22 of stat); null on other systems. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return null;
  }
}
