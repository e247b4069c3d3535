import { afterAll, beforeAll } from 'vitest';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { testDevice } from '../engine/support.js';
import { recordOnAdapter } from './adapter_record.js';
import { referenceValueTests } from './reference_values.js';

let handle: DeviceHandle;
beforeAll(async () => {
  handle = await testDevice();
});
afterAll(() => handle.destroy());

/**
 * Where float32 ends: four times the deviations measured on lavapipe at 0.01 ms, where rounding weighs most. Cells that creep to
 * their threshold are most sensitive: 0.40 ms after 300 ms in Golomb's cell of 2007 (float64: 0.001), 0.67 ms after 1.8 s in the thalamic
 * cell, 0.12 ms after 2.4 s in the bursting cell, 1.4 ms after 17 s in Butera's; the others have up to 0.002 ms.
 */
referenceValueTests('WebGPU', (experiments, dtMs) => recordOnAdapter(handle, experiments, dtMs), {
  spikeMs: {
    default: 0.01,
    'golomb-2007': 1.6,
    'pospischil-lts': 0.1,
    'pospischil-ib': 0.5,
    'destexhe-tc': 2,
    butera: 6,
  },
  spikes: 20,
  V_mV: { default: 6e-3, 'destexhe-tc': 2 },
  state: 1e-3,
  samples: 0.9,
  rate: 1e-4,
});
