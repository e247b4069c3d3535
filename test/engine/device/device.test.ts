import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { doctorReport, formatDoctorReport } from '../../../src/cli/doctor.js';
import {
  checkLimits,
  DeviceError,
  describeAdapter,
  openDevice,
} from '../../../src/engine/webgpu/device/device.js';
import { type DevicePreference, openNodeDevice } from '../../../src/engine/webgpu/node/node_device.js';

const run = promisify(execFile);
const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

async function openSwiftShader(needs: Parameters<typeof openNodeDevice>[0] = {}) {
  const { handle } = await openNodeDevice({ ...needs, preference: 'swiftshader' });
  if (!handle) throw new Error('SwiftShader must be there after npm ci');
  return handle;
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

afterEach(() => vi.unstubAllEnvs());

describe('openNodeDevice', () => {
  it('opens SwiftShader with nothing but the npm packages, with the adapter limits', async () => {
    const handle = await openSwiftShader();
    expect(handle.adapter.driver).toBe('swiftshader');
    expect(handle.adapter.isSoftware).toBe(true);
    expect(handle.limits.maxStorageBuffersPerShaderStage).toBeGreaterThan(8);
    expect(handle.limits.maxStorageBufferBindingSize).toBeGreaterThan(2 ** 27);
    expect(handle.features.has('timestamp-query')).toBe(true);
    handle.destroy();
  });

  it('computes', async () => {
    const handle = await openSwiftShader();
    const { device } = handle;
    const source = device.createBuffer({ size: 8, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
    const target = device.createBuffer({ size: 8, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    device.queue.writeBuffer(source, 0, new Uint32Array([7, 11]));
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, 0, target, 0, 8);
    device.queue.submit([encoder.finish()]);
    await handle.guard(target.mapAsync(GPUMapMode.READ));
    expect([...new Uint32Array(target.getMappedRange().slice(0))]).toEqual([7, 11]);
    handle.destroy();
  });

  it('leaves the environment as it was', async () => {
    const before = { ...process.env };
    (await openSwiftShader()).destroy();
    expect({ ...process.env }).toEqual(before);
  });

  it('reports for auto why the better candidates were not used', async () => {
    const { handle, considered } = await openNodeDevice();
    expect(handle).not.toBeNull();
    expect(considered.at(-1)?.outcome).toMatch(/^used: /);
    for (const refused of considered.slice(0, -1)) expect(refused.remedy).toBeTruthy();
    handle?.destroy();
  });

  it('takes the software adapter that NCE_SOFTWARE_ADAPTER names', async () => {
    vi.stubEnv('NCE_SOFTWARE_ADAPTER', 'swiftshader');
    for (const preference of ['auto', 'software'] as const) {
      const { handle, considered } = await openNodeDevice({ preference });
      expect(considered.map((c) => c.candidate)).toEqual(['swiftshader']);
      handle?.destroy();
    }
    vi.stubEnv('NCE_SOFTWARE_ADAPTER', 'voodoo');
    expect(await errorOf(openNodeDevice())).toMatchObject({
      code: 'input',
      message: /voodoo.*lavapipe or swiftshader/s,
    });
  });

  it('uses as many processors as NCE_PROCESSORS says', async () => {
    vi.stubEnv('NCE_PROCESSORS', '3');
    const { handle } = await openNodeDevice({ preference: 'software' });
    expect(handle?.processors).toBe(3);
    handle?.destroy();
    for (const wrong of ['0', '1.5', 'all']) {
      vi.stubEnv('NCE_PROCESSORS', wrong);
      expect(await errorOf(openNodeDevice())).toMatchObject({
        code: 'input',
        message: new RegExp(`${wrong}.*from 1 on`, 's'),
      });
    }
  });

  it('names what is missing when lavapipe is wanted and not installed', async () => {
    vi.stubEnv('VK_DRIVER_FILES', '');
    const error = await errorOf(openNodeDevice({ preference: 'lavapipe' }));
    expect(error).toBeInstanceOf(DeviceError);
    expect(error).toMatchObject({
      code: 'unavailable',
      message: /lavapipe: not installed.*Mesa 23 or newer/s,
    });
  });

  it('refuses an unknown preference', async () => {
    const error = await errorOf(openNodeDevice({ preference: 'quantum' as DevicePreference }));
    expect(error).toMatchObject({ code: 'input', message: /quantum.*auto, gpu, software/s });
  });

  it('states what is needed and available if the adapter is too small', async () => {
    const error = await errorOf(openSwiftShader({ require: { maxBufferSize: 2 ** 45 } }));
    expect(error).toMatchObject({
      code: 'limits',
      message: /maxBufferSize: need 35184372088832, have \d+.*remedy/s,
    });
  });
});

describe('DeviceHandle', () => {
  it('turns the first uncaptured error into a failure that guard and throwIfFailed report', async () => {
    const handle = await openSwiftShader();
    const never = handle.guard(new Promise(() => undefined));
    handle.device.createBuffer({ label: 'bad', size: 4, usage: 0 });
    expect(await errorOf(never)).toMatchObject({ code: 'gpu-error' });
    expect(handle.failure?.message).toContain('bad');
    expect(() => handle.throwIfFailed()).toThrow(DeviceError);
    expect(await errorOf(handle.guard(Promise.resolve(1)))).toBe(handle.failure);
    handle.destroy();
  });

  it('does not call its own destruction a failure, and may be destroyed twice', async () => {
    const handle = await openSwiftShader();
    handle.destroy();
    handle.destroy();
    expect((await handle.device.lost).reason).toBe('destroyed');
    expect(handle.failure).toBeNull();
  });

  it('reports a lost device', async () => {
    let lose: (info: { reason: 'unknown'; message: string }) => void = () => undefined;
    const lost = new Promise((resolve) => {
      lose = resolve;
    });
    const device = Object.assign(new EventTarget(), { lost, limits: {}, features: new Set() });
    const handle = await openDevice({ device: device as unknown as GPUDevice });
    const waiting = handle.guard(new Promise(() => undefined));
    lose({ reason: 'unknown', message: 'driver reset' });
    expect(await errorOf(waiting)).toMatchObject({ code: 'lost', message: /driver reset/ });
  });

  it('never destroys a borrowed device', async () => {
    const owner = await openSwiftShader();
    const borrower = await openDevice({ device: owner.device });
    expect(borrower.isBorrowed).toBe(true);
    borrower.destroy();
    const isLost = await Promise.race([
      owner.device.lost.then(() => true),
      owner.device.queue.onSubmittedWorkDone().then(() => false),
    ]);
    expect(isLost).toBe(false);
    owner.destroy();
  });
});

describe('checkLimits and describeAdapter', () => {
  const limits = { maxBufferSize: 100, minStorageBufferOffsetAlignment: 32 } as unknown as GPUSupportedLimits;

  it('requires maxima at least, and alignments at most, as large as needed', () => {
    checkLimits(limits, { maxBufferSize: 100, minStorageBufferOffsetAlignment: 256 });
    expect(() => checkLimits(limits, { maxBufferSize: 101 })).toThrow(/need 101, have 100/);
    expect(() => checkLimits(limits, { minStorageBufferOffsetAlignment: 16 })).toThrow(/need 16, have 32/);
    expect(() => checkLimits(limits, { maxNeurons: 1 } as never)).toThrow(/no limit named maxNeurons/);
  });

  it.each([
    [
      { vendor: 'google', architecture: 'swiftshader', description: 'SwiftShader driver 5.0.0' },
      'swiftshader',
    ],
    [{ vendor: 'mesa', architecture: 'software', description: 'llvmpipe: Mesa 25.0.7' }, 'lavapipe'],
    [{ vendor: 'microsoft', architecture: 'warp', isFallbackAdapter: true }, 'other-software'],
    [{ vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H100' }, 'hardware'],
  ])('recognises the driver of %o', (info, driver) => {
    expect(describeAdapter(info as unknown as GPUAdapterInfo).driver).toBe(driver);
  });
});

describe('doctor', () => {
  it('lists every candidate with limits or remedy, and what auto uses', async () => {
    const report = await doctorReport();
    expect(report.candidates.map((c) => c.candidate)).toEqual(['hardware', 'lavapipe', 'swiftshader']);
    for (const c of report.candidates) {
      expect(c.works ? c.limits.maxBufferSize! > 0 : c.remedy).toBeTruthy();
    }
    expect(report.chosen).toBe(report.candidates.find((c) => c.works)?.candidate);
    expect(formatDoctorReport(report)).toContain(`--device auto uses: ${report.chosen}`);
    JSON.stringify(report);
  });
});

describe('in processes of their own', () => {
  let folder: string;
  const child = (script: string, env: Record<string, string> = {}) => {
    const path = join(folder, `child-${Math.random().toString(36).slice(2)}.mjs`);
    writeFileSync(path, script);
    return run(process.execPath, ['--expose-gc', path], {
      cwd: repository,
      timeout: 60_000,
      env: { ...process.env, ...env },
    });
  };

  beforeAll(async () => {
    // Inside the checkout, so that the child finds the npm packages.
    folder = mkdtempSync(join(repository, 'node_modules', '.device-test-'));
    await build({
      configFile: false,
      logLevel: 'error',
      root: repository,
      build: {
        ssr: 'src/engine/webgpu/node/node_device.ts',
        outDir: folder,
        rollupOptions: { output: { entryFileNames: 'device.mjs' } },
      },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // Without the strong reference to Dawn's instances 9 of 9 runs of this script crashed or hung.
  const stress = `
    import { openNodeDevice } from './device.mjs';
    for (let round = 0; round < 5; round++) {
      const { handle } = await openNodeDevice({ preference: 'swiftshader' });
      const { device } = handle;
      const source = device.createBuffer({ size: 4096, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
      const target = device.createBuffer({ size: 4096, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
      const code = '@group(0) @binding(0) var<storage, read_write> sum: array<u32>;'
        + '@compute @workgroup_size(64) fn add(@builtin(global_invocation_id) id: vec3u) { sum[id.x] += id.x; }';
      const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module: device.createShaderModule({ code }) } });
      const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer: source } }] });
      for (let k = 1; k <= 30; k++) {
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(16);
        pass.end();
        encoder.copyBufferToBuffer(source, 0, target, 0, 4096);
        device.queue.submit([encoder.finish()]);
        const mapped = target.mapAsync(GPUMapMode.READ);
        gc();
        await handle.guard(mapped);
        gc();
        if (new Uint32Array(target.getMappedRange())[1023] !== 1023 * k) throw new Error('wrong sum');
        target.unmap();
      }
      if (round % 2 === 0) handle.destroy();
      for (let k = 0; k < 5; k++) { gc(); await new Promise((resolve) => setImmediate(resolve)); }
    }
    console.log('survived');`;

  it('survives forced garbage collection, and then exits', async () => {
    for (let repeat = 0; repeat < 4; repeat++) expect((await child(stress)).stdout).toBe('survived\n');
  });

  it('unpacks SwiftShader once when processes start together on an empty cache', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'nce-cache-'));
    const script = `import { openNodeDevice } from './device.mjs';
      const { handle } = await openNodeDevice({ preference: 'swiftshader' });
      console.log(handle.adapter.driver); handle.destroy();`;
    const starts = [1, 2, 3].map(() => child(script, { XDG_CACHE_HOME: cache }));
    for (const { stdout } of await Promise.all(starts)) expect(stdout).toBe('swiftshader\n');
    expect(readdirSync(join(cache, 'neural-circuit-engine'))).toEqual([
      expect.stringMatching(/^swiftshader-[\d.]+$/),
    ]);
    rmSync(cache, { recursive: true });
  });
});
