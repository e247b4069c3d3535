import { afterAll, beforeAll } from 'vitest';
import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import { createWebGpuEngine } from '../../../src/engine/webgpu/webgpu_engine.js';
import { testDevice } from '../support.js';
import type { OpenEngine } from './contract_run.js';
import { engineContract } from './engine_contract.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const onDevice =
  (dispatch: 'epochs' | 'networks'): OpenEngine =>
  (network, resumeFrom) =>
    createWebGpuEngine(
      network,
      { ...device, processors: 1 },
      { dispatch, ...(resumeFrom && { resumeFrom }) },
    );

// Kernels take seconds to compile on software adapters, those for whole networks longest: each integrator and each
// dispatch once. That both dispatches give the same bits is tested in workgroups.test.ts.
engineContract(
  'WebGPU by epochs',
  { integrator: 'exponential-euler', hasSpikeSources: true },
  onDevice('epochs'),
);
engineContract(
  'WebGPU by epochs',
  { integrator: 'exponential-euler-simultaneous', hasSpikeSources: false },
  onDevice('epochs'),
);
engineContract('WebGPU by epochs', { integrator: 'rk4', hasSpikeSources: false }, onDevice('epochs'));
engineContract(
  'WebGPU by networks',
  { integrator: 'exponential-euler', hasSpikeSources: false },
  onDevice('networks'),
);
