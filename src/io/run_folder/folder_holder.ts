import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** The process that a folder belongs to; it is a part of the folder's name, so that one rename takes a folder over. */
export interface Holder {
  readonly pid: number;
  /** Tells a process from a later one with the same number; `x` where the system does not say. */
  readonly startedAt: string;
  readonly host: string;
}

const TAG = /^(\d+)-(\d+|x)-(.+)$/;

/** This process, as a part of a name. */
export const ownTag = (): string =>
  `${process.pid}-${startOf(process.pid)}-${encodeURIComponent(hostname())}`;

/** The process that a tag names; null for another text. */
export function holderOf(tag: string): Holder | null {
  const [, pid, startedAt, host] = TAG.exec(tag) ?? [];
  return pid === undefined ? null : { pid: Number(pid), startedAt, host: decodeURIComponent(host) };
}

export const isElsewhere = ({ host }: Holder): boolean => host !== hostname();

/** Whether the process, of this machine, still runs. */
export function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(pid) === startedAt;
}

/** Start of a process in ticks since boot (proc(5), field 22 of stat); `x` on other systems. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return 'x';
  }
}
