import type { Batch } from '../batches/batch.js';
import type { NetworkBuffers } from '../buffers/network_buffers.js';
import type { SynapseRows } from '../buffers/synapse_shards.js';
import type { KernelName } from '../kernels/bindings.js';
import type { KernelConfiguration } from '../kernels/kernel_configuration.js';
import type { CompileKernel, DispatchModules } from '../kernels/kernels.js';

/** One dispatch per epoch for all neurons, or one per batch with one or a few workgroups per network. */
export const DISPATCH_KINDS = ['epochs', 'networks'] as const;
export type DispatchKind = (typeof DISPATCH_KINDS)[number];

/**
 * A way in which the steps of a batch are computed. All give the same results to the bit. Its parts are decided
 * before anything is on a device; {@link compile} and {@link CompiledSteps.bind} put it there.
 */
export interface Dispatch {
  readonly kind: DispatchKind;
  /** The lists that each member's spikes are appended to, [first, end), and the most neurons that share one. */
  readonly memberLists: KernelConfiguration['memberLists'];
  readonly neuronsPerList: number;
  /** Its kernels, and the generated modules that they alone import. */
  readonly kernels: readonly KernelName[];
  readonly modules: DispatchModules;
  /** The synapse rows in the order in which its kernels read them. */
  arrangeRows(rows: SynapseRows): SynapseRows;
  /** Compiles what a run needs from its start. */
  compile(compile: CompileKernel): Promise<CompiledSteps>;
}

/** The kernels of a dispatch, still without buffers. */
export interface CompiledSteps {
  bind(device: GPUDevice, buffers: NetworkBuffers, config: KernelConfiguration): Steps;
}

/** What encoding the steps of a batch reads of it. */
export type StepsOfBatch = Pick<Batch, 'epochs' | 'whole' | 'isWholeSamples'>;

/** Encodes the steps of one batch and returns the open compute pass. */
export type EncodeSteps = (encoder: GPUCommandEncoder) => GPUComputePassEncoder;

/** The kernels of a dispatch with the buffers of a network. */
export interface Steps {
  /** Resolves when every kernel that the batch needs is compiled. */
  prepare(batch: StepsOfBatch): Promise<EncodeSteps>;
}
