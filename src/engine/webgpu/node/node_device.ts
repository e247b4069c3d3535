/**
 * Finds a WebGPU adapter in Node with Dawn (npm `webgpu`): hardware, then lavapipe, then SwiftShader. Node only.
 *
 * The environment variable NCE_SOFTWARE_ADAPTER (lavapipe or swiftshader) makes 'auto' and 'software' consider that
 * adapter alone, so that tests and continuous integration know what they run on. NCE_PROCESSORS is the number of
 * processors that a software adapter may use, for processes that share the machine.
 */
import { isMainThread } from 'node:worker_threads';
import {
  type ConsideredCandidate,
  DeviceError,
  type DeviceHandle,
  type DeviceNeeds,
  describeAdapter,
  openAdapterDevice,
} from '../device/device.js';
import { throttleEventLoopDuring } from './event_loop_throttling.js';
import { type DeviceUse, setLavapipeVectors } from './lavapipe_vectors.js';
import { processorsToUse } from './processors.js';
import {
  findSwiftShader,
  gpuDrivers,
  hasGpuDevice,
  hasSystemLoader,
  lavapipeDrivers,
  type SwiftShaderLocation,
  useLoaderFrom,
} from './vulkan_drivers.js';

/** 'auto' takes the first adapter that works; 'gpu' hardware only; 'software' lavapipe, then SwiftShader. */
export type DevicePreference = 'auto' | 'gpu' | 'software' | 'lavapipe' | 'swiftshader';

export type NodeDriver = 'hardware' | 'lavapipe' | 'swiftshader';

export interface OpenNodeDeviceOptions extends DeviceNeeds {
  /** Default 'auto'. */
  readonly preference?: DevicePreference;
  /** Default 'compute', with which a software adapter computes fastest; 'graphics' for what also draws. */
  readonly use?: DeviceUse;
}

export interface NodeDeviceChoice {
  /** Null if nothing offers WebGPU here: the float64 reference engine on the CPU is what remains. */
  readonly handle: DeviceHandle | null;
  readonly considered: readonly ConsideredCandidate[];
}

/** The result of trying one driver: the adapter, or why there is none, with a remedy. */
export type Attempt =
  | { readonly adapter: GPUAdapter }
  | { readonly outcome: string; readonly remedy: string };

const DRIVER_ORDER: Record<DevicePreference, readonly NodeDriver[]> = {
  auto: ['hardware', 'lavapipe', 'swiftshader'],
  gpu: ['hardware'],
  software: ['lavapipe', 'swiftshader'],
  lavapipe: ['lavapipe'],
  swiftshader: ['swiftshader'],
};

/**
 * One Dawn instance per set of drivers, kept until the process ends. If V8 collects the object that create()
 * returned, Dawn's event pump crashes or hangs: always while a device lives, and also after device.lost if work was
 * still in flight (8 of 8 runs under forced garbage collection), so there is no safe moment to release it.
 */
const instances = new Map<string, GPU>();

/**
 * The engine's kernels, the only ones that run here, index within their buffers: clamped indices and counted loops would
 * cost up to a tenth of the time, and a sixth of the compilation.
 */
const DAWN_FEATURES = 'disable_robustness';

/** Openings take turns, because the driver is chosen by the process environment. */
let previousOpening: Promise<unknown> = Promise.resolve();

/**
 * Opens the best device of the wanted kind.
 * @returns the handle, or null with preference 'auto' where there is no adapter at all; and every candidate that
 *   was considered, with the reason why it was not taken.
 * @throws DeviceError 'unavailable' if a named preference cannot be met, 'limits' if only adapters that are too
 *   small were found, 'input' for an unknown preference, NCE_SOFTWARE_ADAPTER or NCE_PROCESSORS.
 */
export function openNodeDevice(options: OpenNodeDeviceOptions = {}): Promise<NodeDeviceChoice> {
  return takeTurn(() => openFirst(options));
}

/** Runs `work` when no other opening is under way. */
export function takeTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = previousOpening.then(work);
  previousOpening = turn.catch(() => undefined);
  return turn;
}

async function openFirst(options: OpenNodeDeviceOptions): Promise<NodeDeviceChoice> {
  const preference = options.preference ?? 'auto';
  const processors = processorsToUse();
  const considered: ConsideredCandidate[] = [];
  let tooSmall: DeviceError | null = null;
  for (const driver of driversToTry(preference)) {
    const attempt = await findAdapter(driver, options.use);
    if (!('adapter' in attempt)) {
      considered.push({ candidate: driver, outcome: attempt.outcome, remedy: attempt.remedy });
      continue;
    }
    const { vendor, architecture, description } = describeAdapter(attempt.adapter.info);
    const used = {
      candidate: driver,
      outcome: `used: ${vendor} ${architecture} (${description})`,
      remedy: null,
    };
    try {
      const needs = { processors, onWait: throttleEventLoopDuring, ...options };
      const handle = await openAdapterDevice(attempt.adapter, needs, [...considered, used]);
      return { handle, considered: handle.considered };
    } catch (error) {
      if (!(error instanceof DeviceError) || error.code === 'input') throw error;
      if (error.code === 'limits') tooSmall ??= error;
      considered.push({ candidate: driver, outcome: error.what, remedy: error.remedy });
    }
  }
  if (tooSmall) throw new DeviceError('limits', tooSmall.what, tooSmall.remedy, { considered });
  if (preference === 'auto') return { handle: null, considered };
  throw new DeviceError(
    'unavailable',
    `There is no WebGPU adapter for device '${preference}':${considered.map((c) => `\n  ${c.candidate}: ${c.outcome}`).join('')}`,
    considered.map((c) => c.remedy).join('; or '),
    { considered },
  );
}

/**
 * The drivers that a preference tries, in order.
 * @throws DeviceError 'input' for an unknown preference or an unknown NCE_SOFTWARE_ADAPTER.
 */
export function driversToTry(preference: DevicePreference): readonly NodeDriver[] {
  const order = DRIVER_ORDER[preference];
  if (!order) {
    throw new DeviceError(
      'input',
      `Unknown device preference '${preference}'.`,
      `use one of ${Object.keys(DRIVER_ORDER).join(', ')}`,
    );
  }
  const forced = process.env.NCE_SOFTWARE_ADAPTER;
  if (!forced || (preference !== 'auto' && preference !== 'software')) return order;
  if (forced !== 'lavapipe' && forced !== 'swiftshader') {
    throw new DeviceError(
      'input',
      `NCE_SOFTWARE_ADAPTER is '${forced}'.`,
      'set it to lavapipe or swiftshader, or unset it',
    );
  }
  return [forced];
}

/** Looks for the adapter of one driver. Call it inside takeTurn. */
export async function findAdapter(driver: NodeDriver, use: DeviceUse = 'compute'): Promise<Attempt> {
  if (driver === 'hardware') return findHardware();
  if (process.platform !== 'linux') {
    return { outcome: `not looked for on ${process.platform}`, remedy: 'use a GPU, or Linux' };
  }
  return driver === 'lavapipe' ? findLavapipe(use) : findSwiftShaderAdapter();
}

async function findHardware(): Promise<Attempt> {
  const noGpu = {
    outcome: 'no GPU with a driver that WebGPU can use',
    remedy: 'on a machine with a GPU, install its Vulkan driver; in a container, pass the GPU through',
  };
  let drivers: readonly string[] | null = null;
  if (process.platform === 'linux') {
    if (!hasGpuDevice()) return { ...noGpu, outcome: 'no GPU: /dev has no device file of one' };
    drivers = gpuDrivers();
    if (drivers.length === 0) return { ...noGpu, outcome: 'no Vulkan driver of a GPU is installed' };
    if (!hasSystemLoader() && !(await borrowLoader())) return noLoader();
  }
  const attempt = await requestAdapter(drivers, noGpu);
  if (!('adapter' in attempt)) return attempt;
  const found = describeAdapter(attempt.adapter.info);
  if (found.driver === 'hardware') return attempt;
  return { ...noGpu, outcome: `only the software adapter ${found.description}` };
}

async function findLavapipe(use: DeviceUse): Promise<Attempt> {
  const remedy =
    'install mesa-vulkan-drivers of Mesa 23 or newer (Debian 13, Ubuntu 24.04; on Debian 12 from ' +
    "bookworm-backports, because Debian 12's own Mesa 22.3 lacks features that WebGPU requires)";
  const drivers = lavapipeDrivers();
  if (drivers.length === 0) return { outcome: 'not installed', remedy };
  if (!hasSystemLoader() && !(await borrowLoader())) return noLoader();
  await setLavapipeVectors(use);
  return requestAdapter(drivers, { outcome: 'installed, but WebGPU accepts no adapter of it', remedy });
}

async function findSwiftShaderAdapter(): Promise<Attempt> {
  let location: SwiftShaderLocation | null;
  try {
    location = await findSwiftShader();
  } catch (error) {
    return {
      outcome: `could not be unpacked: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'set XDG_CACHE_HOME to a folder that only you can write',
    };
  }
  if (!location) {
    return {
      outcome: 'not found',
      remedy: "npm install --save-dev @sparticuz/chromium@147 (x64), or install Debian's package chromium",
    };
  }
  if (!hasSystemLoader() && !useLoaderFrom(location.folder)) return noLoader();
  return requestAdapter([location.manifest], {
    outcome: `found in ${location.source}, but WebGPU accepts no adapter of it`,
    remedy: isMainThread
      ? 'please report it with the output of nce doctor'
      : 'start the worker thread with env: SHARE_ENV, or open the device in the main thread',
  });
}

/** Uses the Vulkan loader that comes with SwiftShader for drivers installed without one. */
async function borrowLoader(): Promise<boolean> {
  const location = await findSwiftShader().catch(() => null);
  return location !== null && useLoaderFrom(location.folder);
}

function noLoader(): Attempt {
  return { outcome: 'there is no Vulkan loader (libvulkan.so.1)', remedy: 'install the package libvulkan1' };
}

/** Asks Dawn for an adapter of the given drivers (ICD manifests); null: of the platform's own graphics interface. */
async function requestAdapter(
  drivers: readonly string[] | null,
  ifNone: { outcome: string; remedy: string },
): Promise<Attempt> {
  let create: (options: string[]) => GPU;
  try {
    const dawn = await import('webgpu');
    create = dawn.create;
    // GPUBufferUsage and the like, which browsers have as globals.
    for (const [name, value] of Object.entries(dawn.globals)) {
      if (!(name in globalThis))
        Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
  } catch (error) {
    return {
      outcome: `the npm package webgpu does not load: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'reinstall it; it has builds for Linux and Windows (x64, arm64) and macOS',
    };
  }
  const files = drivers?.join(':');
  const settings: Record<string, string | undefined> = files
    ? { VK_DRIVER_FILES: files, VK_ICD_FILENAMES: files, VK_ADD_DRIVER_FILES: undefined }
    : {};
  return withEnvironment(settings, async () => {
    const key = files ?? '';
    const gpu = instances.get(key) ?? create([`enable-dawn-features=${DAWN_FEATURES}`]);
    instances.set(key, gpu);
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    return adapter ? { adapter } : ifNone;
  });
}

/** Runs `work` with environment variables set (undefined: unset) and puts them back after it. */
async function withEnvironment<T>(
  settings: Readonly<Record<string, string | undefined>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = Object.keys(settings).map((name) => [name, process.env[name]] as const);
  const apply = (entries: Iterable<readonly [string, string | undefined]>): void => {
    for (const [name, value] of entries) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  apply(Object.entries(settings));
  try {
    return await work();
  } finally {
    apply(before);
  }
}
