import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../src/engine/engine.js';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { createEnsemble } from '../../src/engine/webgpu/ensemble.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import { buildNetwork } from '../../src/network/build.js';
import { cellsUnderCurrent, testDevice } from './support.js';

const network = buildNetwork(cellsUnderCurrent('hodgkin-huxley-1952', [10, 20], { dt_ms: 0.05 }));

describe('advance', () => {
  let device: DeviceHandle;
  beforeAll(async () => {
    device = await testDevice();
  });
  afterAll(() => device.destroy());

  test.each([
    ['the reference', async () => createReferenceEngine(network)],
    ['the WebGPU engine', () => createWebGpuEngine(network, device)],
    ['an ensemble', () => createEnsemble([network, network], device)],
  ])('of %s refuses what is no number of steps and a second call, and then goes on', async (_, open) => {
    const engine = await open();
    try {
      const onBlock = () => {};
      for (const steps of [
        0.5,
        -1,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        2 ** 32,
        '5' as unknown as number,
      ]) {
        const refused = engine.advance(steps, { onBlock });
        await expect(refused, String(steps)).rejects.toThrow(EngineError);
        await expect(refused).rejects.toThrow(`a whole number of steps from 0 to 4294967295; got ${steps}`);
      }
      const first = engine.advance(40, { onBlock });
      await expect(engine.advance(40, { onBlock })).rejects.toThrow(/^advance: an earlier call still runs/);
      await first;
      expect(engine.stepsDone).toBe(40);
      await engine.advance(0, { onBlock });
      await engine.advance(20, { onBlock });
      expect(engine.stepsDone).toBe(60);
      await expect(engine.advance(2 ** 32 - 60, { onBlock })).rejects.toThrow('from 0 to 4294967235');
    } finally {
      engine.destroy();
    }
  });
});
