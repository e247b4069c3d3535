import type { Network } from '../../network/network.js';
import {
  type AdvanceOptions,
  type Engine,
  EngineError,
  type NeuronStates,
  type RecordedBlock,
  SimulationFault,
} from '../engine.js';
import { type EnginePlan, planEngine } from '../plan.js';
import { type Batch, planBatch, stepsPerBatch } from './batch.js';
import { decodeBlock, stagingLayout } from './decode.js';
import type { DeviceHandle } from './device.js';
import { compileKernels, type Kernels, kernelVariants } from './kernels.js';
import { pack } from './layout.js';
import {
  BLOW_UP_NEURON_BITS,
  EPOCH,
  type KernelShape,
  kernelShape,
  MAX_GPU_NEURONS,
  outputsPerSample,
  REDUCTION,
} from './layouts.js';
import { createNetworkBuffers, MAP_MODE_READ, type NetworkBuffers, USAGE } from './network_buffers.js';
import { StagingRing } from './staging_ring.js';

/** Submits whose results may be on their way at once. */
const STAGING_SLOTS = 3;

export interface WebGpuEngineOptions {
  /**
   * Spikes that one batch can hold; by default enough for every neuron to fire at 500 Hz. A run that fires more ends
   * with an error that names this option.
   */
  readonly spikeCapacity?: number;
}

/**
 * Puts a network on a device. Rejects with EngineError where it does not fit or a kernel does not compile. The device
 * stays the caller's: `destroy()` frees the network's buffers only.
 */
export async function createWebGpuEngine(
  network: Network,
  handle: DeviceHandle,
  options: WebGpuEngineOptions = {},
): Promise<Engine> {
  const { device } = handle;
  if (network.neurons > MAX_GPU_NEURONS)
    throw new EngineError(
      `a network on the GPU has at most ${MAX_GPU_NEURONS} neurons, not ${network.neurons}`,
    );
  const plan = planEngine(network);
  const batchSteps = stepsPerBatch(plan, network.neurons);
  const shape = kernelShape(plan, {
    neurons: network.neurons,
    workgroupSize: 64,
    deliveryWorkgroupSize: 64,
    spikeCapacity: options.spikeCapacity ?? Math.ceil(0.5 * network.neurons * batchSteps * plan.dtMs) + 64,
    sampleSlots: Math.ceil(batchSteps / plan.sampleSteps) + 1,
  });
  const largestDispatch = device.limits.maxComputeWorkgroupsPerDimension;
  if (shape.workgroups > largestDispatch)
    throw new EngineError(
      `the network needs ${shape.workgroups} workgroups, the adapter dispatches at most ${largestDispatch}; use fewer neurons`,
    );
  const { ofPopulation } = kernelVariants(plan);
  device.pushErrorScope('out-of-memory');
  let buffers: NetworkBuffers;
  try {
    buffers = createNetworkBuffers(device, network, plan, shape, (p) => ofPopulation[p]);
  } finally {
    const outOfMemory = await device.popErrorScope();
    if (outOfMemory)
      // biome-ignore lint/correctness/noUnsafeFinally: the allocation's own error is the one to report
      throw new EngineError(`the adapter ran out of memory: ${outOfMemory.message}; use a smaller network`);
  }
  try {
    const kernels = await compileKernels(device, plan, shape, network.circuit.simulation.integrator);
    return new WebGpuEngine(network, handle, plan, shape, batchSteps, kernels, buffers);
  } catch (error) {
    buffers.destroy();
    throw error;
  }
}

interface BindGroups {
  readonly integrate: GPUBindGroup;
  readonly deliver: readonly GPUBindGroup[];
  readonly reduceChunks: GPUBindGroup;
  readonly reduceSamples: GPUBindGroup;
}

class WebGpuEngine implements Engine {
  readonly description: string;
  stepsDone = 0;
  private readonly bindGroups: BindGroups;
  private readonly staging: StagingRing;
  private readonly deliveryWorkgroups: number;
  private failure: Error | null = null;

  constructor(
    readonly network: Network,
    private readonly handle: DeviceHandle,
    private readonly plan: EnginePlan,
    private readonly shape: KernelShape,
    private readonly batchSteps: number,
    private readonly kernels: Kernels,
    private readonly buffers: NetworkBuffers,
  ) {
    const { adapter, device } = handle;
    this.description = `WebGPU on ${adapter.description || adapter.architecture || adapter.vendor}`;
    this.bindGroups = createBindGroups(device, kernels, buffers);
    this.staging = new StagingRing(device, STAGING_SLOTS, stagingLayout(shape).byteSize);
    this.deliveryWorkgroups = handle.isSoftware ? 16 : 512;
  }

  async advance(steps: number, { onBlock, signal }: AdvanceOptions): Promise<void> {
    const stop = this.stepsDone + steps;
    let submitted = this.stepsDone;
    let inOrder: Promise<void> = Promise.resolve();
    const fail = (error: unknown) => {
      this.failure ??= error as Error;
    };
    while (submitted < stop && !signal?.aborted && !this.failure) {
      const slot = await this.staging.acquire();
      this.handle.throwIfFailed();
      if (this.failure) break;
      const batch = planBatch(this.plan, this.shape, submitted, Math.min(this.batchSteps, stop - submitted));
      this.submit(batch, slot.buffer);
      submitted += batch.steps;
      const bytes = slot.read();
      bytes.catch(fail);
      inOrder = inOrder
        .then(() => bytes)
        .then((data) => {
          if (this.failure) return;
          onBlock(this.blockOf(batch, data));
          this.stepsDone = batch.firstStep + batch.steps;
        })
        .catch(fail);
    }
    await inOrder;
    this.handle.throwIfFailed();
    if (this.failure) throw this.failure;
  }

  async readState(): Promise<NeuronStates> {
    const { device } = this.handle;
    const size = this.buffers.state.size;
    const staging = device.createBuffer({
      label: 'state readback',
      size,
      usage: USAGE.MAP_READ | USAGE.COPY_DST,
    });
    try {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(this.buffers.state, 0, staging, 0, size);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(MAP_MODE_READ);
      return this.statesOf(new Float32Array(staging.getMappedRange().slice(0)));
    } finally {
      staging.destroy();
    }
  }

  destroy(): void {
    this.staging.destroy();
    this.buffers.destroy();
    // Dawn returns the memory of destroyed buffers at a later submit.
    this.handle.device.queue.submit([]);
  }

  private submit(batch: Batch, staging: GPUBuffer): void {
    const { device } = this.handle;
    const { buffers, kernels, bindGroups, shape } = this;
    const constants = new ArrayBuffer(buffers.epochStride * batch.epochs.length);
    const view = new DataView(constants);
    batch.epochs.forEach((epoch, i) => {
      pack(EPOCH, epoch, view, i * buffers.epochStride);
    });
    device.queue.writeBuffer(buffers.epochs, 0, constants);
    const reduction = new ArrayBuffer(REDUCTION.byteSize);
    const { firstSampleSlot, samples } = batch;
    pack(REDUCTION, { first_slot: firstSampleSlot, samples, pad0: 0, pad1: 0 }, new DataView(reduction), 0);
    device.queue.writeBuffer(buffers.reduction, 0, reduction);

    const encoder = device.createCommandEncoder({ label: `steps from ${batch.firstStep}` });
    encoder.clearBuffer(buffers.counters);
    const pass = encoder.beginComputePass();
    batch.epochs.forEach((_, i) => {
      const offset = [i * buffers.epochStride];
      pass.setPipeline(kernels.integrateEpoch);
      pass.setBindGroup(0, bindGroups.integrate, offset);
      pass.dispatchWorkgroups(shape.workgroups);
      if (bindGroups.deliver.length > 0) pass.setPipeline(kernels.deliverSpikes);
      for (const group of bindGroups.deliver) {
        pass.setBindGroup(0, group, offset);
        pass.dispatchWorkgroups(this.deliveryWorkgroups);
      }
    });
    if (samples > 0) {
      pass.setPipeline(kernels.reduceChunks);
      pass.setBindGroup(0, bindGroups.reduceChunks);
      pass.dispatchWorkgroups(Math.ceil((samples * shape.chunks.length) / 64));
      pass.setPipeline(kernels.reduceSamples);
      pass.setBindGroup(0, bindGroups.reduceSamples);
      pass.dispatchWorkgroups(Math.ceil((samples * outputsPerSample(shape)) / 64));
    }
    pass.end();
    for (const { buffer, offset, byteSize } of stagingLayout(shape).parts)
      encoder.copyBufferToBuffer(buffers[buffer], 0, staging, offset, byteSize);
    device.queue.submit([encoder.finish()]);
  }

  private blockOf(batch: Batch, data: ArrayBuffer): RecordedBlock {
    const block = decodeBlock(this.plan, this.shape, batch, data);
    if (block.blowUp !== null) {
      const neuron = block.blowUp & (2 ** BLOW_UP_NEURON_BITS - 1);
      const epoch = batch.epochs[block.blowUp >>> BLOW_UP_NEURON_BITS];
      const population = this.plan.populations.find((p) => neuron < p.first + p.count)!;
      const timeMs = (epoch.first_step + epoch.steps) * this.plan.dtMs;
      throw new SimulationFault(population.name, neuron - population.first, timeMs);
    }
    if (block.spikeCount > this.shape.spikeCapacity)
      throw new EngineError(
        `${block.spikeCount} spikes in ${batch.steps * this.plan.dtMs} ms from ${batch.firstStep * this.plan.dtMs} ms on exceed the spike buffer: spikeCapacity is ${this.shape.spikeCapacity}, raise it`,
      );
    return block.recorded;
  }

  private statesOf(rows: Float32Array): NeuronStates {
    const { neurons } = this.network;
    const row = (index: number) => Float64Array.from(rows.subarray(index * neurons, (index + 1) * neurons));
    const layout = this.shape.rows;
    const conductance_nS = this.plan.receptors.map((_, r) => row(layout.g + r));
    for (const { first, count, nS_per_mS_cm2 } of this.plan.populations)
      for (const conductance of conductance_nS)
        for (let i = first; i < first + count; i++) conductance[i] *= nS_per_mS_cm2;
    return {
      V_mV: row(layout.V),
      m: row(layout.m),
      h: row(layout.h),
      n: row(layout.n),
      p: row(layout.p),
      conductance_nS,
    };
  }
}

function createBindGroups(device: GPUDevice, kernels: Kernels, buffers: NetworkBuffers): BindGroups {
  const group = (label: string, pipeline: GPUComputePipeline, resources: (GPUBuffer | GPUBufferBinding)[]) =>
    device.createBindGroup({
      label,
      layout: pipeline.getBindGroupLayout(0),
      entries: resources.map((resource, binding) => ({
        binding,
        resource: 'buffer' in resource ? resource : { buffer: resource },
      })),
    });
  const epoch = { buffer: buffers.epochs, size: EPOCH.byteSize };
  return {
    integrate: group('integrate epoch', kernels.integrateEpoch, [
      epoch,
      buffers.parameters,
      buffers.state,
      buffers.inputRing,
      buffers.spikes,
      buffers.counters,
      buffers.sampleSums,
      buffers.traces,
    ]),
    deliver: buffers.shards.map((shard) =>
      group('deliver spikes', kernels.deliverSpikes, [
        epoch,
        buffers.spikes,
        buffers.counters,
        shard.uniform,
        shard.rowPointers,
        shard.synapses,
        buffers.inputRing,
      ]),
    ),
    reduceChunks: group('reduce chunks', kernels.reduceChunks, [
      buffers.reduction,
      buffers.sampleSums,
      buffers.chunks,
      buffers.electrodeWeights,
      buffers.partialSums,
    ]),
    reduceSamples: group('reduce samples', kernels.reduceSamples, [
      buffers.reduction,
      buffers.partialSums,
      buffers.populationChunks,
      buffers.reduced,
    ]),
  };
}
