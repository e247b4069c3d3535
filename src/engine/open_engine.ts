import type { Network } from '../network/network.js';
import type { Engine, EngineSnapshot } from './engine.js';
import { createReferenceEngine } from './reference/reference_engine.js';
import type {
  AdapterDescription,
  ConsideredCandidate,
  DeviceHandle,
  DriverKind,
} from './webgpu/device/device.js';
import { type DevicePreference, openNodeDevice } from './webgpu/node/node_device.js';
import { createWebGpuEngine } from './webgpu/webgpu_engine.js';

/** `auto` takes the best adapter, else the reference; `gpu` hardware, `software` a software adapter, `cpu` the float64 reference. */
export const DEVICE_CHOICES = ['auto', 'gpu', 'software', 'cpu'] as const;
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** What computed a run: an adapter and why it was taken, or the float64 reference. */
export interface EngineRecord {
  readonly description: string;
  /** Null for the float64 reference. */
  readonly adapter: AdapterDescription | null;
  readonly limits: Readonly<Record<string, number>> | null;
  /** All candidates for a device that were considered, with the outcome. */
  readonly considered: readonly ConsideredCandidate[];
}

export interface OpenedEngine {
  readonly engine: Engine;
  readonly record: EngineRecord;
  /** Frees the engine and its device. */
  close(): void;
}

/** What opens an engine of the same kind again: the same driver, or the reference. */
export function choiceOf(driver: DriverKind | null): DeviceChoice | DevicePreference {
  if (driver === null) return 'cpu';
  return driver === 'hardware' ? 'gpu' : driver === 'other-software' ? 'auto' : driver;
}

/**
 * Opens the engine for a network in Node, at time 0 or where a snapshot was taken. Rejects with DeviceError if there
 * is no such device, with EngineError where the network or the snapshot does not fit it.
 */
export async function openEngine(
  network: Network,
  choice: DeviceChoice | DevicePreference,
  resumeFrom: EngineSnapshot | null = null,
): Promise<OpenedEngine> {
  const options = resumeFrom ? { resumeFrom } : {};
  const { handle, considered } =
    choice === 'cpu' ? { handle: null, considered: [] } : await openNodeDevice({ preference: choice });
  if (handle) return openedOn(handle, () => createWebGpuEngine(network, handle, options));
  const engine = createReferenceEngine(network, options);
  return {
    engine,
    record: { description: engine.description, adapter: null, limits: null, considered },
    close: () => engine.destroy(),
  };
}

/** What `create` makes on a device, which belongs to it from now on: closing it frees both, and so does a failure. */
export async function openedOn<E extends { readonly description: string; destroy(): void }>(
  handle: DeviceHandle,
  create: () => Promise<E>,
): Promise<{ readonly engine: E; readonly record: EngineRecord; close(): void }> {
  try {
    const engine = await create();
    return {
      engine,
      record: adapterRecord(engine.description, handle),
      close: () => {
        engine.destroy();
        handle.destroy();
      },
    };
  } catch (error) {
    handle.destroy();
    throw error;
  }
}

/** What computes on a device, for the manifest. */
function adapterRecord(description: string, handle: DeviceHandle): EngineRecord {
  const { adapter, considered } = handle;
  return { description, adapter, limits: limitsOf(handle), considered };
}

/** The limits are getters of a prototype, which JSON does not see. */
function limitsOf({ limits }: DeviceHandle): Record<string, number> {
  const values: Record<string, number> = {};
  for (const name in limits) {
    const value = limits[name as keyof GPUSupportedLimits];
    if (typeof value === 'number') values[name] = value;
  }
  return values;
}
