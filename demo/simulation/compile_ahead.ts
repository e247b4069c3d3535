import { designCircuits } from '../../src/engine/webgpu/circuit_design.js';
import { compileReduction } from '../../src/engine/webgpu/dispatch/reduction.js';
import { kernelCompiler } from '../../src/engine/webgpu/kernels/kernels.js';
import { adapterTraits } from '../../src/engine/webgpu/software/adapter_traits.js';
import type { DeviceHandle, EngineSnapshot, Network } from '../../src/index.js';

/**
 * Compiles the kernels that an engine needs to continue with a network from a snapshot: they are kept for the device, so that
 * the engine finds them when it is updated. Rejects with EngineError where the network does not fit.
 */
export async function compileAhead(
  network: Network,
  handle: DeviceHandle,
  resumeFrom: EngineSnapshot,
  injectsCurrent: boolean,
): Promise<void> {
  const { device, limits } = handle;
  const adapter = { traits: adapterTraits(handle), limits };
  const { dispatch, sources } = await designCircuits([network], adapter, { resumeFrom }, injectsCurrent);
  const compile = kernelCompiler(device, sources);
  await Promise.all([dispatch.compile(compile), compileReduction(compile, limits)]);
}
