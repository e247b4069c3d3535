import type { Network } from '../../network/network.js';
import { BYTES_PER_SYNAPSE } from '../../network/synapse_word.js';
import type { EngineSnapshot } from '../engine.js';
import { stepsPerBatch } from './batches/batch.js';
import { largestStorageBytes } from './buffers/buffer_maker.js';
import { configureKernels } from './circuit_configuration.js';
import { type CircuitPlan, planCircuits } from './circuit_plan.js';
import { type BindingLimits, chooseDispatch } from './dispatch/choose_dispatch.js';
import type { Dispatch, DispatchKind } from './dispatch/dispatch.js';
import type { DispatchLimits } from './dispatch/dispatch_grid.js';
import { REDUCTION_KERNELS } from './dispatch/reduction.js';
import type { KernelName } from './kernels/bindings.js';
import { cellPrograms } from './kernels/cell_programs.js';
import type { KernelConfiguration } from './kernels/kernel_configuration.js';
import { kernelSource } from './kernels/kernels.js';
import type { AdapterTraits } from './software/adapter_traits.js';

export interface WebGpuEngineOptions {
  /**
   * Spikes of one workgroup that a batch can hold (all spikes where every epoch is dispatched) at first; by default enough
   * for every neuron to fire at 500 Hz. A batch that fires more is computed again, in shorter ones or with a longer list.
   */
  readonly spikeCapacity?: number;
  /** Continues from a snapshot of the WebGPU engine instead of starting at time 0. */
  readonly resumeFrom?: EngineSnapshot;
  /**
   * One dispatch per epoch for all neurons, or one per batch with one workgroup or a few for each network, where networks
   * are small enough for that. By default what should be faster on the adapter; the results are the same to the bit.
   */
  readonly dispatch?: DispatchKind;
}

/** What a design is made for. */
export interface DesignAdapter {
  readonly traits: AdapterTraits;
  readonly limits: BindingLimits & DispatchLimits;
}

/** Everything about networks on an adapter that is decided before anything is on the device. */
export interface CircuitDesign {
  readonly planned: CircuitPlan;
  readonly dispatch: Dispatch;
  /** Steps of the longest batch. */
  readonly batchSteps: number;
  readonly config: KernelConfiguration;
  /** The WGSL of every kernel. */
  readonly sources: ReadonlyMap<KernelName, string>;
}

/**
 * Designs networks for an adapter: a plan, a way of dispatching it, the kernels' configuration, and their WGSL. Rejects with
 * EngineError where the networks cannot run side by side or do not fit.
 */
export async function designCircuits(
  networks: readonly Network[],
  { traits, limits }: DesignAdapter,
  options: WebGpuEngineOptions,
  injectsCurrent: boolean,
): Promise<CircuitDesign> {
  const planned = planCircuits(networks, options.resumeFrom ?? null);
  const { plan, synapses, hasSynapses } = planned;
  const cells = cellPrograms(plan);
  const question = {
    synapseBytes: BYTES_PER_SYNAPSE * synapses,
    hasInputWithoutSynapses: hasSynapses && synapses === 0,
    wanted: options.dispatch ?? null,
  };
  const dispatch = await chooseDispatch(plan, cells, question, traits, limits);
  const batchSteps = stepsPerBatch(plan, largestStorageBytes(limits));
  const spikeCapacity = options.spikeCapacity ?? null;
  const config = configureKernels(planned, cells, dispatch, traits, {
    batchSteps,
    spikeCapacity,
    injectsCurrent,
  });
  const sources = new Map(
    [...dispatch.kernels, ...REDUCTION_KERNELS].map((kernel) => [
      kernel,
      kernelSource(kernel, plan, config, dispatch.modules),
    ]),
  );
  return { planned, dispatch, batchSteps, config, sources };
}
