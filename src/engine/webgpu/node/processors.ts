/** Number of processors that this process may use. Node only. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { DeviceError } from '../device/device.js';

/**
 * The value of the environment variable NCE_PROCESSORS; otherwise the processors of the machine, limited by a
 * container's quota: threads that wait for each other would use up a quota by waiting.
 * @throws DeviceError 'input' where NCE_PROCESSORS is not a whole number from 1 on.
 */
export function processorsToUse(): number {
  const given = process.env.NCE_PROCESSORS;
  if (!given) return Math.max(1, Math.min(availableParallelism(), Math.floor(cgroupQuota())));
  const processors = Number(given);
  if (Number.isInteger(processors) && processors >= 1) return processors;
  throw new DeviceError(
    'input',
    `NCE_PROCESSORS is '${given}'.`,
    'set it to a whole number from 1 on, or unset it',
  );
}

/** Processors of the control group that `read` sees files of: version 2, else 1; Infinity without a quota. */
export function cgroupQuota(read: (path: string) => string = readText): number {
  const [quota, period] = (
    read('/sys/fs/cgroup/cpu.max') ||
    `${read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us')} ${read('/sys/fs/cgroup/cpu/cpu.cfs_period_us')}`
  )
    .trim()
    .split(/\s+/)
    .map(Number);
  return quota > 0 && period > 0 ? quota / period : Number.POSITIVE_INFINITY;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
