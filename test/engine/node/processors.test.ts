import { expect, it } from 'vitest';
import { cgroupQuota } from '../../../src/engine/webgpu/node/processors.js';

it.each([
  ['version 2', { '/sys/fs/cgroup/cpu.max': '250000 100000\n' }, 2.5],
  ['version 2 without a quota', { '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, Number.POSITIVE_INFINITY],
  [
    'version 1',
    { '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '400000\n', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n' },
    4,
  ],
  [
    'version 1 without a quota',
    { '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n' },
    Number.POSITIVE_INFINITY,
  ],
  ['none', {}, Number.POSITIVE_INFINITY],
] as const)('the quota of a control group: %s', (_, files, processors) => {
  expect(cgroupQuota((path) => (files as Record<string, string>)[path] ?? '')).toBe(processors);
});
