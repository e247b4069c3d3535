import { expect, it } from 'vitest';
import { spikeTimeMs, timeAfterSteps } from '../../src/recording/recording.js';

it('times are those of the step, without the rounding errors of the product', () => {
  // 199 * 0.025 is 4.9750000000000005.
  expect(spikeTimeMs(198, 0.025)).toBe(4.975);
  expect(spikeTimeMs(0, 0.1)).toBe(0.1);
  for (let step = 1; step <= 100_000; step++)
    expect(timeAfterSteps(step, 0.025)).toBe(Number((step / 40).toFixed(3)));
});

it('keep a spike at the edge of a window on the correct side', () => {
  // 3 * 0.1 is 0.30000000000000004 and 6 * 0.05 is so too.
  expect(timeAfterSteps(3, 0.1)).toBe(0.3);
  expect(timeAfterSteps(6, 0.05)).toBe(0.3);
});
