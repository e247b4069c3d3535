/**
 * A WebGPU device with its limits settled and its failures noticed. Browser-safe; node_device.ts finds adapters
 * in Node and ends here too.
 */

/** What drives the adapter: a GPU, a known software renderer, or another software renderer (WARP, say). */
export const DRIVER_KINDS = ['hardware', 'lavapipe', 'swiftshader', 'other-software'] as const;
export type DriverKind = (typeof DRIVER_KINDS)[number];

export interface AdapterDescription {
  readonly vendor: string;
  readonly architecture: string;
  /** The driver's own name for the device; empty where the browser hides it. */
  readonly description: string;
  readonly driver: DriverKind;
  readonly isSoftware: boolean;
}

/** What a manifest and a dashboard call an engine on this adapter. */
export const engineDescription = ({ description, architecture, vendor }: AdapterDescription): string =>
  `WebGPU on ${description || architecture || vendor}`;

/** A candidate for a device that was considered, and the outcome. Printed, and kept in the manifest. */
export interface ConsideredCandidate {
  readonly candidate: string;
  readonly outcome: string;
  /** What the user can do to make this candidate work; null where nothing is wrong with it. */
  readonly remedy: string | null;
}

export type LimitName = Exclude<keyof GPUSupportedLimits, '__brand'>;

/** Limits by their WebGPU name, in that limit's own unit (bytes, counts). */
export type LimitNeeds = Readonly<Partial<Record<LimitName, number>>>;

export type DeviceErrorCode = 'input' | 'unavailable' | 'limits' | 'lost' | 'timeout' | 'gpu-error';

/** No device, too small a device, or a device that failed. The message says what can be done about it. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  readonly code: DeviceErrorCode;
  /** The problem, without the remedy. */
  readonly what: string;
  readonly remedy: string;
  readonly considered: readonly ConsideredCandidate[];

  constructor(
    code: DeviceErrorCode,
    what: string,
    remedy: string,
    options: { considered?: readonly ConsideredCandidate[]; cause?: unknown } = {},
  ) {
    super(`${what}\n  remedy: ${remedy}`, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.what = what;
    this.remedy = remedy;
    this.considered = options.considered ?? [];
  }
}

export interface DeviceHandle {
  readonly device: GPUDevice;
  readonly adapter: AdapterDescription;
  /** Logical processors, which a software adapter computes with. */
  readonly processors: number;
  readonly limits: GPUSupportedLimits;
  readonly features: ReadonlySet<string>;
  /** True if the caller brought the device: then destroy() leaves it alive. */
  readonly isBorrowed: boolean;
  readonly considered: readonly ConsideredCandidate[];
  /** The first uncaptured GPU error or the loss of the device; null while all is well. */
  readonly failure: DeviceError | null;
  /** @throws DeviceError the failure, if there is one. */
  throwIfFailed(): void;
  /**
   * Waits for `work`, but rejects with the failure as soon as the device fails, so that no wait outlives it. With
   * `patienceS` the device counts as failed when `work` takes longer than so many seconds.
   */
  guard<T>(work: Promise<T>, patienceS?: number): Promise<T>;
  /** Destroys an owned device; may be called more than once. */
  destroy(): void;
}

export interface DeviceNeeds {
  /** Limits without which the caller cannot work. */
  readonly require?: LimitNeeds;
  /** Label of the device in error messages. */
  readonly label?: string;
  /** Logical processors; default what the browser says, or 2. */
  readonly processors?: number;
  /** Called with everything that is awaited from the device. */
  readonly onWait?: (work: Promise<unknown>) => void;
}

export interface OpenDeviceOptions extends DeviceNeeds {
  /** A device to borrow: it is checked against `require` and never destroyed. */
  readonly device?: GPUDevice;
  /** Where to ask for an adapter; default `navigator.gpu`. */
  readonly gpu?: GPU;
}

/**
 * The capacities that decide how large a network fits. They are raised to whatever the adapter has, because the
 * WebGPU defaults (128 MiB per binding, 8 storage buffers) are far below it and a device outlives one network.
 */
const CAPACITY_LIMITS: readonly LimitName[] = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
];

const OPTIONAL_FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups'];

/**
 * Opens a device: the caller's, or one from `gpu` or the browser.
 * @throws DeviceError 'unavailable' without WebGPU or adapter, 'limits' if the adapter is too small.
 */
export async function openDevice(options: OpenDeviceOptions = {}): Promise<DeviceHandle> {
  if (options.device) {
    const { device } = options;
    checkLimits(device.limits, options.require ?? {});
    return watchDevice(device, describeAdapter(device.adapterInfo), true, options, [
      { candidate: 'device of the caller', outcome: 'used', remedy: null },
    ]);
  }
  const gpu = options.gpu ?? globalThis.navigator?.gpu;
  if (!gpu) {
    throw new DeviceError(
      'unavailable',
      'This environment has no WebGPU (navigator.gpu is missing).',
      'use a browser with WebGPU on a secure page (https or localhost); in Node use openNodeDevice',
    );
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new DeviceError(
      'unavailable',
      'WebGPU offers no adapter here.',
      'enable hardware acceleration in the browser, or start Chrome with --enable-unsafe-webgpu',
    );
  }
  return openAdapterDevice(adapter, options, [
    { candidate: 'adapter of the browser', outcome: 'used', remedy: null },
  ]);
}

/**
 * Opens a device on an adapter, which is used up by it.
 * @throws DeviceError 'limits' if the adapter is too small, 'unavailable' if it gives no device.
 */
export async function openAdapterDevice(
  adapter: GPUAdapter,
  needs: DeviceNeeds,
  considered: readonly ConsideredCandidate[],
): Promise<DeviceHandle> {
  const require = needs.require ?? {};
  checkLimits(adapter.limits, require);
  const requiredLimits: Record<string, number> = { ...require };
  for (const name of CAPACITY_LIMITS) requiredLimits[name] = adapter.limits[name] as number;
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({
      label: needs.label ?? 'neural-circuit-engine',
      requiredLimits,
      requiredFeatures: OPTIONAL_FEATURES.filter((name) => adapter.features.has(name)),
    });
  } catch (cause) {
    throw new DeviceError(
      'unavailable',
      `The adapter provided no device: ${cause instanceof Error ? cause.message : String(cause)}`,
      'close other programs that use the GPU, or choose another adapter',
      { considered, cause },
    );
  }
  return watchDevice(device, describeAdapter(adapter.info), false, needs, considered);
}

/**
 * Checks needs against what an adapter or device has.
 * @throws DeviceError 'limits', naming each limit with need and have.
 */
export function checkLimits(have: GPUSupportedLimits, need: LimitNeeds): void {
  const short: string[] = [];
  for (const [name, wanted] of Object.entries(need)) {
    const present = have[name as LimitName] as number | undefined;
    if (present === undefined) {
      throw new DeviceError(
        'input',
        `WebGPU has no limit named ${name}.`,
        'use a name of GPUSupportedLimits',
      );
    }
    // Alignments (min...) are better when smaller; everything else when larger.
    const isMet = name.startsWith('min') ? present <= wanted : present >= wanted;
    if (!isMet) short.push(`${name}: need ${wanted}, have ${present}`);
  }
  if (short.length > 0) {
    throw new DeviceError(
      'limits',
      `The adapter is too small: ${short.join('; ')}.`,
      'use fewer neurons or synapses, or an adapter with larger limits (nce doctor lists them)',
    );
  }
}

/** Determines the driver of an adapter from its description. */
export function describeAdapter(info: GPUAdapterInfo | undefined): AdapterDescription {
  const vendor = info?.vendor ?? '';
  const architecture = info?.architecture ?? '';
  const description = info?.description || info?.device || '';
  const text = `${vendor} ${architecture} ${info?.device ?? ''} ${description}`.toLowerCase();
  let driver: DriverKind = 'hardware';
  if (text.includes('swiftshader')) driver = 'swiftshader';
  else if (text.includes('llvmpipe') || text.includes('lavapipe')) driver = 'lavapipe';
  else if (info?.isFallbackAdapter || text.includes('microsoft basic render')) driver = 'other-software';
  return { vendor, architecture, description, driver, isSoftware: driver !== 'hardware' };
}

function watchDevice(
  device: GPUDevice,
  adapter: AdapterDescription,
  isBorrowed: boolean,
  { processors, onWait }: DeviceNeeds,
  considered: readonly ConsideredCandidate[],
): DeviceHandle {
  let failure: DeviceError | null = null;
  let isDestroyed = false;
  // A plain Promise.race against one long-lived promise would keep every result of a run in memory.
  const waiting = new Set<(reason: DeviceError) => void>();

  const fail = (error: DeviceError): void => {
    if (failure || isDestroyed) return;
    failure = error;
    for (const reject of waiting) reject(error);
    waiting.clear();
  };
  const onUncapturedError = (event: GPUUncapturedErrorEvent): void => {
    const { error } = event;
    fail(
      new DeviceError('gpu-error', `The GPU reported an error: ${error.message}`, remedyFor(error), {
        considered,
        cause: error,
      }),
    );
  };
  // A listener, not the onuncapturederror property: three.js assigns that one.
  device.addEventListener('uncapturederror', onUncapturedError);
  device.lost.then((info) => {
    fail(
      new DeviceError(
        'lost',
        `The GPU device was lost: ${info.message || 'no reason given'}`,
        'run again; if it happens again, use shorter batches, a smaller network or --device software',
        { considered },
      ),
    );
  });

  return {
    device,
    adapter,
    processors: processors ?? globalThis.navigator?.hardwareConcurrency ?? 2,
    limits: device.limits,
    features: device.features,
    isBorrowed,
    considered,
    get failure() {
      return failure;
    },
    throwIfFailed() {
      if (failure) throw failure;
    },
    guard<T>(work: Promise<T>, patienceS?: number): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        if (failure) {
          // The work itself may fail later; its error is no longer needed.
          work.catch(() => undefined);
          reject(failure);
          return;
        }
        onWait?.(work);
        waiting.add(reject);
        const stopWatch =
          patienceS === undefined ? null : afterRunning(patienceS, () => fail(hang(patienceS)));
        work.then(resolve, reject).finally(() => {
          stopWatch?.();
          waiting.delete(reject);
        });
      });
    },
    destroy() {
      if (isDestroyed) return;
      isDestroyed = true;
      device.removeEventListener('uncapturederror', onUncapturedError);
      if (!isBorrowed) device.destroy();
    },
  };
}

/**
 * Calls `act` after `seconds` in which this process ran: a process that was stopped and continues finds its timers due
 * at once, before the results that came meanwhile. Returns what calls it off.
 */
function afterRunning(seconds: number, act: () => void): () => void {
  const parts = 10;
  let passed = 0;
  const timer = setInterval(
    () => {
      if (++passed < parts) return;
      clearInterval(timer);
      act();
    },
    (1000 * seconds) / parts,
  );
  return () => clearInterval(timer);
}

const hang = (seconds: number): DeviceError =>
  new DeviceError(
    'timeout',
    `The GPU gave no result for ${seconds} s.`,
    'close other programs that use the GPU, use a smaller network or --device software',
  );

function remedyFor(error: GPUError): string {
  return typeof GPUOutOfMemoryError !== 'undefined' && error instanceof GPUOutOfMemoryError
    ? 'use a smaller network, or an adapter with more memory'
    : 'this is a fault of the engine: please report it with the output of nce doctor';
}
