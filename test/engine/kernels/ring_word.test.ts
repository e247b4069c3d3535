import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cobahh } from '../../../src/bench/cobahh.js';
import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import {
  packRing,
  receptorsPerWord,
  ringBytes,
  unpackRing,
} from '../../../src/engine/webgpu/kernels/ring_word.js';
import { createWebGpuEngine } from '../../../src/engine/webgpu/webgpu_engine.js';
import { buildNetwork } from '../../../src/network/build.js';
import { circuitOf, run, spikesOf, testDevice } from '../support.js';

describe('the words of the input ring', () => {
  it('hold two receptors if no sum can reach 16 bits', () => {
    expect(receptorsPerWord(2, 65535)).toBe(2);
    expect(receptorsPerWord(2, 65536)).toBe(1);
    expect(receptorsPerWord(1, 1)).toBe(1);
    expect(receptorsPerWord(2, Number.POSITIVE_INFINITY)).toBe(1);
  });

  it.each([1, 2, 3, 4])('give back the quanta of %i receptors', (receptors) => {
    for (const shared of [1, 2] as const) {
      const layout = { ringSlots: 3, receptors, receptorsPerWord: shared, neurons: 5 };
      const quanta = Int32Array.from({ length: 15 * receptors }, (_, i) => (i * 7919) % 65536);
      expect(unpackRing(packRing(quanta, layout), layout)).toEqual(quanta);
      expect(ringBytes(layout)).toBe(4 * 15 * Math.ceil(receptors / shared));
    }
  });
});

describe('a network whose receptors share words', () => {
  let device: DeviceHandle;
  beforeAll(async () => {
    device = await testDevice();
  });
  afterAll(() => device.destroy());

  const network = buildNetwork(
    circuitOf(cobahh({ neurons: 400, synapsesPerNeuron: 80, delayMs: 1.5, live: true })),
  );
  const apart = {
    ...network,
    synapses: { ...network.synapses, largestInput: Number.POSITIVE_INFINITY },
  };

  it.each(['epochs', 'networks'] as const)(
    'gives what separate words give, to the bit (%s)',
    async (dispatch) => {
      const outcomes = [];
      for (const one of [network, apart]) {
        const engine = await createWebGpuEngine(one, device, { dispatch });
        const spikes = spikesOf(await run(engine, 50.5));
        const snapshot = await engine.snapshot();
        engine.destroy();
        const resumed = await createWebGpuEngine(one, device, { dispatch, resumeFrom: snapshot });
        const later = spikesOf(await run(resumed, 20));
        resumed.destroy();
        outcomes.push({ spikes, snapshot, later });
      }
      expect(outcomes[0].spikes.steps.length).toBeGreaterThan(100);
      expect(outcomes[0].snapshot.ring.some((quanta) => quanta > 0)).toBe(true);
      expect(outcomes[0]).toEqual(outcomes[1]);
    },
  );

  it('keeps the conductance of input under way when weights change', async () => {
    const weighed = (factor: number) => {
      const input = cobahh({ neurons: 400, synapsesPerNeuron: 80, delayMs: 1.5, live: true });
      const projections = input.projections?.map((projection) => ({
        ...projection,
        weight_nS: factor * (projection.weight_nS as number),
      }));
      return buildNetwork(circuitOf({ ...input, ...(projections && { projections }) }));
    };
    const engine = await createWebGpuEngine(weighed(1), device);
    await run(engine, 50.5);
    const before = await engine.snapshot();
    await engine.updateParameters(weighed(0.5));
    const after = await engine.snapshot();
    expect(after.ring).toEqual(before.ring.map((quanta) => 2 * quanta));
    await expect(engine.updateParameters(weighed(1e-10))).rejects.toThrow(
      /input under way to E\[\d+\], receptor excitatory, is .* smaller steps/,
    );
    await run(engine, 1);
    engine.destroy();
  });
});
