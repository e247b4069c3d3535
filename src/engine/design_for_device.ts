import type { Network } from '../network/network.js';
import { type CircuitDesign, designCircuits } from './webgpu/circuit_design.js';
import { DEFAULT_LIMITS } from './webgpu/device/default_limits.js';
import { engineDescription } from './webgpu/device/device.js';
import type { DispatchKind } from './webgpu/dispatch/dispatch.js';
import { type DevicePreference, openNodeDevice } from './webgpu/node/node_device.js';
import { adapterTraits, hardwareTraits } from './webgpu/software/adapter_traits.js';

/** What a device would compute for a network. */
export interface DeviceDesign {
  readonly design: CircuitDesign;
  /** What it is for, such as an adapter's name. */
  readonly description: string;
}

/**
 * Designs a network for the device that a run would take. Where `auto` finds no adapter, it is designed for a GPU with
 * WebGPU's default limits. Rejects as openNodeDevice and designCircuits do.
 */
export async function designForDevice(
  network: Network,
  preference: DevicePreference,
  dispatch: DispatchKind | null,
): Promise<DeviceDesign> {
  const { handle } = await openNodeDevice({ preference });
  const options = dispatch ? { dispatch } : {};
  try {
    const adapter = handle
      ? { traits: adapterTraits(handle), limits: handle.limits }
      : { traits: hardwareTraits(DEFAULT_LIMITS), limits: DEFAULT_LIMITS };
    return {
      design: await designCircuits([network], adapter, options, false),
      description: handle
        ? engineDescription(handle.adapter)
        : "a GPU with WebGPU's default limits: no adapter was found",
    };
  } finally {
    handle?.destroy();
  }
}
