import { expect, it, vi } from 'vitest';
import { cobahh } from '../../../src/bench/cobahh.js';
import { createWebGpuEngine } from '../../../src/engine/webgpu/webgpu_engine.js';
import { buildNetwork } from '../../../src/network/build.js';
import { circuitOf, run, testDevice } from '../support.js';

vi.mock('../../../src/engine/webgpu/software/barrier_probe.js', () => ({
  workgroupsRunAtOnce: async () => true,
}));
vi.mock('../../../src/engine/webgpu/kernels/workgroup_barrier.js', async (original) => ({
  ...(await original<object>()),
  PATIENT_TRIES: 100,
}));

it('workgroups that never meet end the run with an error and a remedy', async () => {
  const device = await testDevice();
  const network = buildNetwork(
    circuitOf(cobahh({ neurons: 32_000, synapsesPerNeuron: 2, delayMs: 1.5, live: true })),
  );
  const lavapipe = {
    ...device,
    adapter: { ...device.adapter, driver: 'lavapipe' as const },
    processors: 128,
  };
  const engine = await createWebGpuEngine(network, lavapipe);
  await expect(run(engine, 5)).rejects.toThrow(/workgroups at the same time.*NCE_PROCESSORS=1/);
  engine.destroy();
  device.destroy();
});
