import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { bindGroupLayouts } from '../../src/engine/webgpu/kernels/bind_groups.js';
import type { KernelName } from '../../src/engine/webgpu/kernels/bindings.js';
import { openNodeDevice } from '../../src/engine/webgpu/node/node_device.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import { resolveCircuit } from '../../src/model/circuit_file.js';
import { PRESETS } from '../../src/model/presets.js';
import { buildNetwork } from '../../src/network/build.js';
import { testDevice } from '../engine/support.js';
import { temporaryFolder } from '../temporary_folder.js';
import { runCli } from './run_cli.js';

const machine = vi.hoisted(() => ({ hasAdapter: true }));
vi.mock('../../src/engine/webgpu/node/node_device.js', async (original) => {
  const real = await original<typeof import('../../src/engine/webgpu/node/node_device.js')>();
  return {
    ...real,
    openNodeDevice: (options: object) =>
      machine.hasAdapter ? real.openNodeDevice(options) : Promise.resolve({ handle: null, considered: [] }),
  };
});

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const readShaders = (place: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(place)
      .filter((name) => name.endsWith('.wgsl'))
      .map((name) => [name.replace(/\.wgsl$/, ''), readFileSync(join(place, name), 'utf8')]),
  );

/** Compiles a file as the kernel that it is named after. */
async function compile(kernel: string, code: string): Promise<void> {
  const module = device.device.createShaderModule({ code });
  const { messages } = await module.getCompilationInfo();
  expect(
    messages.map(({ message }) => message),
    kernel,
  ).toEqual([]);
  await device.device.createComputePipelineAsync({
    layout: device.device.createPipelineLayout({
      bindGroupLayouts: bindGroupLayouts(device.device, kernel as KernelName),
    }),
    compute: { module, entryPoint: kernel, constants: code.includes('override') ? { WHOLE_SAMPLES: 1 } : {} },
  });
}

describe('nce shaders', () => {
  it.each([
    ['epochs', ['deliver_spikes', 'integrate_epoch', 'reduce_chunks', 'reduce_samples']],
    ['networks', ['reduce_chunks', 'reduce_samples', 'simulate_network']],
  ] as const)(
    '--dispatch %s: writes what the engine gives the device, and each file compiles',
    async (dispatch, kernels) => {
      const out = join(await temporaryFolder(), dispatch);
      const { code, err } = await runCli(['shaders', 'ping', '--out', out, '--dispatch', dispatch]);
      expect(code, err).toBe(0);
      const shaders = readShaders(out);
      expect(Object.keys(shaders).sort()).toEqual(kernels);
      for (const [kernel, wgsl] of Object.entries(shaders)) await compile(kernel, wgsl);

      // A device of its own, since kernels that a device knows are not compiled again.
      const { handle } = await openNodeDevice({ preference: 'auto' });
      const fresh = handle!;
      const given = vi.spyOn(fresh.device, 'createShaderModule');
      const engine = await createWebGpuEngine(buildNetwork(resolveCircuit(PRESETS.ping)), fresh, {
        dispatch,
      });
      engine.destroy();
      const texts = given.mock.calls.map(([{ code: text }]) => text);
      fresh.destroy();
      expect(texts.filter((text) => !text.includes('fn probe_workgroup_barrier')).sort()).toEqual(
        Object.values(shaders).sort(),
      );
      expect(JSON.parse(readFileSync(join(out, 'shaders.json'), 'utf8'))).toMatchObject({
        circuit: 'ping',
        dispatch,
      });
    },
  );

  it('replaces earlier shaders only with --force, and nothing else', async () => {
    const out = join(await temporaryFolder(), 'again');
    const shaders = (...more: string[]) => runCli(['shaders', 'ping', '--out', out, ...more]);
    expect((await shaders()).code).toBe(0);
    expect(await shaders()).toMatchObject({ code: 2, err: expect.stringContaining('--force') });
    expect((await shaders('--force', '--integrator', 'rk4')).code).toBe(0);
    const other = await temporaryFolder();
    writeFileSync(join(other, 'notes.txt'), 'mine');
    const refused = await runCli(['shaders', 'ping', '--out', other, '--force']);
    expect(refused.code).toBe(2);
    expect(readdirSync(other)).toContain('notes.txt');
  });

  it('says which dispatch is possible if another is requested', async () => {
    const large = ['--set', 'populations.E.neurons=20000', '--set', 'projections=[]'];
    const { code, err } = await runCli([
      'shaders',
      'ping',
      '--out',
      join(await temporaryFolder(), 'large'),
      '--dispatch',
      'networks',
      ...large,
    ]);
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--dispatch networks is not possible.*use --dispatch epochs/),
    });
  });

  it('needs no adapter, and says what the shaders are for', async () => {
    machine.hasAdapter = false;
    const out = join(await temporaryFolder(), 'none');
    const { code, err } = await runCli(['shaders', 'ping', '--out', out]);
    machine.hasAdapter = true;
    expect(code, err).toBe(0);
    expect(err).toContain("WebGPU's default limits: no adapter was found");
    for (const [kernel, wgsl] of Object.entries(readShaders(out))) await compile(kernel, wgsl);
  });
});
