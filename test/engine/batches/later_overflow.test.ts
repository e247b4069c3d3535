/** Spike lists that are too short in a later batch, and where several workgroups share a network. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cobahh } from '../../../src/bench/cobahh.js';
import type { WebGpuEngineOptions } from '../../../src/engine/webgpu/circuit_design.js';
import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import { createWebGpuEngine } from '../../../src/engine/webgpu/webgpu_engine.js';
import { buildNetwork } from '../../../src/network/build.js';
import { circuitOf, hashed, joined, run, testDevice } from '../support.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

describe('a run through spike lists that are too short', () => {
  // Quiet for the first batches (12 ms at least), then all neurons fire in the same steps.
  const NEURONS = 300;
  const struck = buildNetwork(
    circuitOf({
      name: 'struck',
      simulation: { dt_ms: 0.025 },
      populations: { E: { neurons: NEURONS, cell: 'pyramidal-rs' } },
      stimuli: [{ kind: 'step-current', to: 'E', amplitude_uA_cm2: 20, start_ms: 14 }],
    }),
  );

  it('hands out every step once, in order', async () => {
    const engine = await createWebGpuEngine(struck, device, { spikeCapacity: 10 });
    const blocks = await run(engine, 100);
    engine.destroy();
    expect(blocks[0].spikeSteps.length).toBe(0);
    let samples = 0;
    let stepsDone = 0;
    for (const block of blocks) {
      expect(block.firstSample).toBe(samples);
      expect(block.stepsDone).toBeGreaterThan(stepsDone);
      samples += block.samples;
      stepsDone = block.stepsDone;
    }
    expect(samples).toBe(100);
    const { spikeNeurons } = joined(blocks);
    expect(spikeNeurons.slice(0, NEURONS)).toEqual(Array.from({ length: NEURONS }, (_, i) => i));
  });

  it('keeps state and records together where it is aborted before spikes that find no room', async () => {
    const stateAfter = async (options: WebGpuEngineOptions, steps: number, signal?: AbortController) => {
      const engine = await createWebGpuEngine(struck, device, options);
      await engine.advance(steps, {
        ...(signal && { signal: signal.signal }),
        onBlock: () => signal?.abort(),
      });
      const { rows, stepsDone } = await engine.snapshot();
      engine.destroy();
      return { rows, stepsDone };
    };
    const aborted = await stateAfter({ spikeCapacity: 10 }, 40_000, new AbortController());
    // The records of the first batch alone were handed out.
    expect(aborted.stepsDone).toBeGreaterThan(0);
    expect(aborted.stepsDone).toBeLessThan(14 / 0.025);
    expect(hashed(aborted)).toEqual(hashed(await stateAfter({}, aborted.stepsDone)));
  });

  it('is the same to the bit where workgroups share a network', async () => {
    const network = buildNetwork(
      circuitOf(cobahh({ neurons: 1000, synapsesPerNeuron: 80, delayMs: 1.5, live: true })),
    );
    const recordsOf = async (options: WebGpuEngineOptions) => {
      const engine = await createWebGpuEngine(network, device, { dispatch: 'networks', ...options });
      const blocks = joined(await run(engine, 60));
      engine.destroy();
      return blocks;
    };
    const expected = await recordsOf({});
    expect(expected.spikeSteps.length).toBeGreaterThan(100);
    expect(hashed(await recordsOf({ spikeCapacity: 2 }))).toEqual(hashed(expected));
  });
});
