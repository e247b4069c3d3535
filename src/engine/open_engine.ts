import type { Network } from '../network/network.js';
import type { Engine } from './engine.js';
import { createReferenceEngine } from './reference/reference_engine.js';
import type { AdapterDescription, ConsideredCandidate } from './webgpu/device.js';
import { openNodeDevice } from './webgpu/node_device.js';

/** `auto` takes the best adapter, else the reference; `gpu` hardware, `software` a software adapter, `cpu` the float64 reference. */
export const DEVICE_CHOICES = ['auto', 'gpu', 'software', 'cpu'] as const;
export type DeviceChoice = (typeof DEVICE_CHOICES)[number];

/** What computed a run: an adapter and why it was taken, or the float64 reference. */
export interface EngineRecord {
  readonly description: string;
  /** Null for the float64 reference. */
  readonly adapter: AdapterDescription | null;
  readonly limits: Readonly<Record<string, number>> | null;
  readonly considered: readonly ConsideredCandidate[];
}

export interface OpenedEngine {
  readonly engine: Engine;
  readonly record: EngineRecord;
  /** Frees the engine and its device. */
  close(): void;
}

/** Opens the engine for a network in Node. Throws DeviceError where no device of the choice is there or it is too small. */
export async function openEngine(network: Network, choice: DeviceChoice): Promise<OpenedEngine> {
  const { handle, considered } = choice === 'cpu' ? NO_DEVICE : await openNodeDevice({ preference: choice });
  const engine = createReferenceEngine(network);
  return {
    engine,
    record: { description: engine.description, adapter: null, limits: null, considered },
    close: () => {
      engine.destroy();
      handle?.destroy();
    },
  };
}

const NO_DEVICE = { handle: null, considered: [] };
