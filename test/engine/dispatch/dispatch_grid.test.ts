import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedBlock } from '../../../src/engine/engine.js';
import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import { dispatchGrid } from '../../../src/engine/webgpu/dispatch/dispatch_grid.js';
import { createEnsemble } from '../../../src/engine/webgpu/ensemble.js';
import { createWebGpuEngine } from '../../../src/engine/webgpu/webgpu_engine.js';
import { resolveCircuit } from '../../../src/model/circuit_file.js';
import { PRESETS } from '../../../src/model/presets.js';
import { buildNetwork } from '../../../src/network/build.js';
import { hashed, joined, run, testDevice } from '../support.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

describe('dispatches of more workgroups than one dimension takes', () => {
  it('have no more than that in either dimension, and few too many', () => {
    for (const workgroups of [0, 1, 65_534, 65_535, 65_536, 97_969, 131_070, 131_071, 4_194_304]) {
      const [columns, rows] = dispatchGrid(workgroups, 65_535);
      expect(Math.max(columns, rows)).toBeLessThanOrEqual(65_535);
      expect(columns * rows).toBeGreaterThanOrEqual(workgroups);
      expect(columns * rows - workgroups).toBeLessThan(rows);
    }
  });

  /** The device, as if it took only so many workgroups in one dimension. */
  const narrow = (maxComputeWorkgroupsPerDimension: number): DeviceHandle => ({
    ...device,
    limits: new Proxy(device.limits, {
      get: (limits, name) =>
        name === 'maxComputeWorkgroupsPerDimension'
          ? maxComputeWorkgroupsPerDimension
          : limits[name as keyof GPUSupportedLimits],
    }),
  });

  it.each(['epochs', 'networks'] as const)('give the same to the bit (%s)', async (dispatch) => {
    const network = buildNetwork(resolveCircuit(PRESETS['cortical-gamma']));
    const records = [];
    for (const handle of [device, narrow(3)]) {
      const engine = await createWebGpuEngine(network, handle, { dispatch });
      records.push(joined(await run(engine, 60)));
      engine.destroy();
    }
    expect(records[0].spikeSteps.length).toBeGreaterThan(0);
    expect(hashed(records[1])).toEqual(hashed(records[0]));
  });

  it('also simulate every member of an ensemble', async () => {
    const circuit = resolveCircuit(PRESETS['hodgkin-huxley']);
    const networks = Array.from({ length: 5 }, (_, seed) =>
      buildNetwork({ ...circuit, simulation: { ...circuit.simulation, seed } }),
    );
    const records = [];
    for (const handle of [device, narrow(2)]) {
      const ensemble = await createEnsemble(networks, handle, { dispatch: 'networks' });
      const blocks: RecordedBlock[][] = networks.map(() => []);
      await ensemble.advance(2000, { onBlock: (block, member) => blocks[member].push(block) });
      ensemble.destroy();
      records.push(blocks.map((own) => hashed(joined(own))));
    }
    expect(records[1]).toEqual(records[0]);
  });
});
