import type { Network } from '../../network/network.js';
import type { EngineSetup, EngineSnapshot, RecordedBlock } from '../engine.js';
import type { WebGpuEngineOptions } from './circuit_design.js';
import { type DeviceHandle, engineDescription } from './device/device.js';
import { GpuCircuits } from './gpu_circuits.js';

/** Many small networks side by side in the same dispatches, each with its own parameters, seed and records. */
export interface Ensemble {
  readonly networks: readonly Network[];
  readonly stepsDone: number;
  /** As Engine.description. */
  readonly description: string;
  readonly memoryBytes: number;
  /** As Engine.setup. */
  readonly setup: EngineSetup;
  /** As Engine.advance, for all members at once; `onBlock` gets each member's records. */
  advance(
    steps: number,
    options: { onBlock: (block: RecordedBlock, member: number) => void; signal?: AbortSignal },
  ): Promise<void>;
  /** As Engine.snapshot, of all members together. */
  snapshot(): Promise<EngineSnapshot>;
  destroy(): void;
}

/**
 * Puts networks on a device side by side. They share dt, integrator, sample period and number of receptors;
 * everything else may differ. Each gives exactly the results that it would give alone. Rejects with EngineError where
 * they do not fit.
 */
export async function createEnsemble(
  networks: readonly Network[],
  handle: DeviceHandle,
  options: WebGpuEngineOptions = {},
): Promise<Ensemble> {
  const circuits = await GpuCircuits.create(networks, handle, options);
  return {
    networks,
    description: engineDescription(handle.adapter),
    get stepsDone() {
      return circuits.stepsDone;
    },
    get memoryBytes() {
      return circuits.memoryBytes;
    },
    get setup() {
      return circuits.setup;
    },
    advance: (steps, { onBlock, signal }) => circuits.advance(steps, onBlock, signal),
    snapshot: () => circuits.snapshot(),
    destroy: () => circuits.destroy(),
  };
}
