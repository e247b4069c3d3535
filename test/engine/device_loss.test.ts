import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RecordedBlock } from '../../src/engine/engine.js';
import { openDevice } from '../../src/engine/webgpu/device/device.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import { PRESETS } from '../../src/model/presets.js';
import { buildNetwork } from '../../src/network/build.js';
import { circuitOf, testDevice } from './support.js';

const network = buildNetwork(circuitOf(PRESETS['cortical-gamma']));

afterEach(() => {
  vi.useRealTimers();
});

describe('a device that is lost', () => {
  it('while a run is under way ends the run with the loss, after whole batches', async () => {
    const handle = await testDevice();
    const engine = await createWebGpuEngine(network, handle);
    const blocks: RecordedBlock[] = [];
    const onBlock = (block: RecordedBlock) => {
      blocks.push(block);
      if (blocks.length === 3) handle.device.destroy();
    };
    await expect(engine.advance(220_000, { onBlock })).rejects.toMatchObject({
      code: 'lost',
      message: expect.stringMatching(/GPU device was lost: .*remedy/s),
    });
    expect(engine.stepsDone).toBe(blocks.at(-1)!.stepsDone);
    engine.destroy();
    handle.destroy();
  });

  it('before a run or a snapshot makes them fail instead of waiting', async () => {
    const handle = await testDevice();
    const engine = await createWebGpuEngine(network, handle);
    handle.device.destroy();
    await handle.device.lost;
    await expect(engine.advance(100, { onBlock: () => {} })).rejects.toMatchObject({ code: 'lost' });
    await expect(engine.snapshot()).rejects.toMatchObject({ code: 'lost' });
    await expect(engine.readState()).rejects.toMatchObject({ code: 'lost' });
    engine.destroy();
    handle.destroy();
  });
});

describe('a device that hangs', () => {
  const silentDevice = () =>
    Object.assign(new EventTarget(), { lost: new Promise(() => {}), limits: {}, features: new Set() });

  it('counts as failed when a result does not come in time, for every wait', async () => {
    vi.useFakeTimers();
    const handle = await openDevice({ device: silentDevice() as unknown as GPUDevice });
    const other = handle.guard(new Promise(() => {}));
    const wait = handle.guard(new Promise(() => {}), 120);
    const outcomes = Promise.allSettled([other, wait]);
    await vi.advanceTimersByTimeAsync(119_000);
    expect(handle.failure).toBeNull();
    await vi.advanceTimersByTimeAsync(1000);
    expect(handle.failure).toMatchObject({ code: 'timeout', message: /no result for 120 s.*remedy/s });
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: handle.failure });
  });

  it('does not count when the result came', async () => {
    vi.useFakeTimers();
    const handle = await openDevice({ device: silentDevice() as unknown as GPUDevice });
    await expect(handle.guard(Promise.resolve(3), 120)).resolves.toBe(3);
    await vi.advanceTimersByTimeAsync(500_000);
    expect(handle.failure).toBeNull();
  });
});
