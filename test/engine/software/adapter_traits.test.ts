import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cobahh } from '../../../src/bench/cobahh.js';
import { type EnginePlan, planEngine } from '../../../src/engine/plan.js';
import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import { adapterTraits } from '../../../src/engine/webgpu/software/adapter_traits.js';
import { workgroupsRunAtOnce } from '../../../src/engine/webgpu/software/barrier_probe.js';
import { createWebGpuEngine } from '../../../src/engine/webgpu/webgpu_engine.js';
import { PRESETS } from '../../../src/model/presets.js';
import { buildNetwork } from '../../../src/network/build.js';
import { circuitOf, run, spikesOf, testDevice } from '../support.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const balanced = (neurons: number, delayMs: number) =>
  buildNetwork(circuitOf(cobahh({ neurons, synapsesPerNeuron: 80, delayMs, live: true })));

describe('an adapter lays a network out', () => {
  it('over several workgroups where they run at once, and over none while an epoch is long for one', async () => {
    const on = (driver: 'lavapipe' | 'swiftshader' | 'hardware', processors: number): DeviceHandle => ({
      ...device,
      adapter: { ...device.adapter, driver, isSoftware: driver !== 'hardware' },
      processors,
    });
    const asked: number[] = [];
    const workgroups = (of: EnginePlan, handle: DeviceHandle, runAtOnce = true) =>
      adapterTraits(handle, async (count) => {
        asked.push(count);
        return runAtOnce;
      }).workgroupsPerNetwork(of);
    const plan = planEngine(buildNetwork(circuitOf(PRESETS['cortical-gamma'])));
    const large = planEngine(balanced(4000, 1.5));
    expect(await workgroups(plan, on('hardware', 64))).toBe(1);
    expect(await workgroups(plan, on('lavapipe', 2))).toBe(1);
    expect(await workgroups(plan, on('swiftshader', 2))).toBeNull();
    const single = { ...plan, epochSteps: 1 };
    expect(await workgroups(single, on('lavapipe', 16))).toBe(1);
    expect(await workgroups(single, on('swiftshader', 8))).toBe(1);
    expect(asked).toEqual([]);
    expect(await workgroups(large, on('lavapipe', 2))).toBe(2);
    expect(await workgroups(large, on('lavapipe', 12))).toBe(6);
    expect(await workgroups(large, on('lavapipe', 64))).toBe(8);
    expect(await workgroups(large, on('lavapipe', 1))).toBe(1);
    expect(await workgroups(large, on('lavapipe', 16), false)).toBeNull();
    expect(asked).toEqual([2, 6, 8, 8]);
  });
});

describe('workgroups that run at the same time', () => {
  it('are not taken for granted: more than any adapter has threads do not run at once, and one does', async () => {
    expect(await workgroupsRunAtOnce(device, 1)).toBe(true);
    expect(await workgroupsRunAtOnce(device, 4096)).toBe(false);
  });
});

describe('the traits of a GPU', () => {
  it.each(['epochs', 'networks'] as const)(
    'change how %s are computed, and no result: spikes, sums and state are the same to the bit',
    async (dispatch) => {
      const network = balanced(400, 1.5);
      const as = (isSoftware: boolean) => ({ ...device, adapter: { ...device.adapter, isSoftware } });
      const outcomes = [];
      for (const handle of [as(true), as(false)]) {
        const engine = await createWebGpuEngine(network, handle, { dispatch });
        const blocks = await run(engine, 30.3);
        outcomes.push({
          ...spikesOf(blocks),
          sums: blocks.flatMap(({ populationSums }) => [...populationSums]),
          snapshot: await engine.snapshot(),
        });
        engine.destroy();
      }
      expect(outcomes[0].steps.length).toBeGreaterThan(10);
      expect(outcomes[1]).toEqual(outcomes[0]);
    },
  );

  it('let the kernel clear the ring, and a thread hold no more than two neurons', () => {
    const traitsOf = (isSoftware: boolean) =>
      adapterTraits({ ...device, adapter: { ...device.adapter, isSoftware } });
    const gpu = traitsOf(false);
    expect(gpu.kernelClearsRing).toBe(true);
    expect(gpu.placement.mostNeuronsPerThread).toBe(2);
    expect(gpu.placement.largestWorkgroup).toBeLessThanOrEqual(512);
    expect(traitsOf(true).kernelClearsRing).toBe(false);
  });
});
