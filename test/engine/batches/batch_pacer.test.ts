import { afterEach, describe, expect, it, vi } from 'vitest';
import { BatchPacer } from '../../../src/engine/webgpu/batches/batch_pacer.js';

/** An adapter that takes `secondsPerStep`; the sizes of the batches it is given, three of them under way at once. */
function batchesOn(secondsPerStep: number, pacer: BatchPacer, count = 16): number[] {
  const sizes: number[] = [];
  const underWay: number[] = [];
  for (let k = 0; k < count; k++) {
    if (underWay.length === 3) {
      const steps = underWay.shift()!;
      pacer.adapt(steps, steps * secondsPerStep);
    }
    underWay.push(pacer.steps);
    sizes.push(pacer.steps);
  }
  return sizes;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('BatchPacer', () => {
  it('grows from a short first batch to the largest where the adapter is fast', () => {
    const sizes = batchesOn(1e-6, new BatchPacer(4020, 60, 500));
    expect(sizes[0]).toBeLessThan(4020 / 4);
    expect(sizes.at(-1)).toBe(4020);
    for (const size of sizes) expect(size % 60).toBe(0);
  });

  it('shortens batches to half a second, whole epochs each', () => {
    const sizes = batchesOn(0.004, new BatchPacer(4020, 60, 500));
    // 0.5 s at 4 ms a step are 125 steps: two epochs of 60.
    expect(sizes.slice(3)).toEqual(sizes.slice(3).map(() => 120));
  });

  it('keeps to a limit that is set while it runs, also below one epoch', () => {
    const pacer = new BatchPacer(4020, 60, 500);
    batchesOn(1e-6, pacer);
    pacer.limit(2010);
    expect(pacer.steps).toBe(1980);
    pacer.adapt(1980, 1e-3);
    expect(pacer.steps).toBe(1980);
    pacer.limit(30);
    expect(pacer.steps).toBe(30);
  });

  it('cuts an epoch that takes too long by itself', () => {
    const sizes = batchesOn(0.1, new BatchPacer(4020, 60, 500));
    expect(sizes.at(-1)).toBe(5);
  });

  it('gives one step at least, and begins with few where the network is large', () => {
    expect(batchesOn(10, new BatchPacer(60, 60, 500)).at(-1)).toBe(1);
    expect(new BatchPacer(60, 60, 10_000_000).steps).toBe(1);
    expect(new BatchPacer(4020, 60, 50_000).steps).toBe(60);
  });

  it('counts the time since the batch before, not the wait in the queue', async () => {
    vi.useFakeTimers();
    const pacer = new BatchPacer(100_000, 1, 1);
    const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    // Both are submitted at once; the second is done 0.8 s after the first.
    const [first, second] = [pause(1000), pause(1800)];
    const both = Promise.all([pacer.measure(20_000, () => first), pacer.measure(20_000, () => second)]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(pacer.steps).toBe(10_000);
    await vi.advanceTimersByTimeAsync(800);
    await both;
    expect(pacer.steps).toBe(12_500);
  });

  it('a short batch at the end of a stretch does not shorten the next', () => {
    const pacer = new BatchPacer(4020, 60, 500);
    for (let k = 0; k < 4; k++) pacer.adapt(pacer.steps, 0.01);
    expect(pacer.steps).toBe(4020);
    pacer.adapt(60, 0.005);
    expect(pacer.steps).toBe(4020);
  });
});
