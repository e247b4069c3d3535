import type { Network } from '../../network/network.js';
import {
  EngineError,
  type EngineSetup,
  type EngineSnapshot,
  type NeuronStates,
  type RecordedBlock,
  SimulationFault,
} from '../engine.js';
import { type Batch, planBatch } from './batches/batch.js';
import { decodeBatch, stagingLayout } from './batches/decode.js';
import { requantized } from './buffers/start_data.js';
import type { WebGpuEngineOptions } from './circuit_design.js';
import {
  allocateCircuits,
  type CircuitResources,
  releaseCircuits,
  STAGING_SLOTS,
} from './circuit_resources.js';
import type { DeviceHandle } from './device/device.js';
import { MAP_MODE_READ, USAGE } from './device/gpu_constants.js';
import { submitBatch } from './dispatch/submit.js';
import { BLOW_UP_NEURON_BITS } from './kernels/buffer_layouts.js';
import { ringBytes, unpackRing } from './kernels/ring_word.js';

/** Longest wait for a result, s; a submit should take half a second. */
const PATIENCE_S = 120;

/**
 * The time loop over one network or several side by side on a device. Every batch of epochs is one submit; results come
 * back through a ring of staging buffers while later batches are computed.
 */
export class GpuCircuits {
  stepsDone: number;
  private failure: Error | null = null;

  private constructor(
    private readonly handle: DeviceHandle,
    private resources: CircuitResources,
    private readonly options: Pick<WebGpuEngineOptions, 'dispatch' | 'spikeCapacity'>,
    stepsDone: number,
  ) {
    this.stepsDone = stepsDone;
  }

  /**
   * Puts networks on a device. Rejects with EngineError where they do not fit, cannot run side by side, or a kernel
   * does not compile. The device still belongs to the caller.
   */
  static async create(
    networks: readonly Network[],
    handle: DeviceHandle,
    options: WebGpuEngineOptions,
  ): Promise<GpuCircuits> {
    const resources = await allocateCircuits(networks, handle, options, false, null);
    const { resumeFrom, ...kept } = options;
    return new GpuCircuits(handle, resources, kept, resumeFrom?.stepsDone ?? 0);
  }

  get networks(): readonly Network[] {
    return this.resources.networks;
  }

  get memoryBytes(): number {
    return this.resources.buffers.totalBytes + STAGING_SLOTS * stagingLayout(this.resources.config).byteSize;
  }

  get setup(): EngineSetup {
    return this.resources.setup;
  }

  get stateBuffer(): GPUBuffer {
    return this.resources.buffers.state;
  }

  /** Continues with other networks of the same neurons and receptors; the state buffer stays the same. */
  async updateParameters(networks: readonly Network[]): Promise<void> {
    await this.reallocate(networks, this.resources.config.injectsCurrent);
  }

  private async reallocate(networks: readonly Network[], injectsCurrent: boolean): Promise<void> {
    const old = this.resources;
    const snapshot = await this.snapshot();
    const resumeFrom = { ...snapshot, ring: requantized(snapshot, old.plan, old.networks, networks) };
    const options = { ...this.options, resumeFrom };
    this.resources = await allocateCircuits(
      networks,
      this.handle,
      options,
      injectsCurrent,
      old.buffers.state,
    );
    const kept = this.resources.buffers.state === old.buffers.state;
    releaseCircuits(old, this.handle, kept ? old.buffers.state : null);
  }

  /** Writes the constant extra current of one neuron, uA/cm2. */
  async injectCurrent(neuron: number, current_uA_cm2: number): Promise<void> {
    if (!(neuron >= 0 && neuron < this.resources.config.neurons))
      throw new EngineError(`there is no neuron ${neuron}: the network has ${this.resources.config.neurons}`);
    if (!this.resources.config.injectsCurrent) await this.reallocate(this.networks, true);
    const { config, buffers } = this.resources;
    const offset = 4 * (config.rows.injectedCurrent * config.neurons + neuron);
    this.handle.device.queue.writeBuffer(buffers.state, offset, Float32Array.of(current_uA_cm2));
  }

  /** As Engine.advance, with the member that each block belongs to. */
  async advance(
    steps: number,
    onBlock: (block: RecordedBlock, member: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { plan, config, pacer, staging, steps: kernels } = this.resources;
    const stop = this.stepsDone + steps;
    let submitted = this.stepsDone;
    let inOrder: Promise<void> = Promise.resolve();
    const fail = (error: unknown) => {
      this.failure ??= error as Error;
    };
    while (submitted < stop && !signal?.aborted && !this.failure) {
      const slot = await this.handle.guard(staging.acquire()).catch(fail);
      if (!slot || this.failure) break;
      const batch = planBatch(plan, config, submitted, Math.min(pacer.steps, stop - submitted));
      const encodeSteps = await kernels.prepare(batch);
      submitBatch(this.handle.device, this.resources, batch, encodeSteps, slot.buffer);
      submitted += batch.steps;
      const blocks = this.handle.guard(
        pacer.measure(batch.steps, () => slot.read((bytes) => this.blocksOf(batch, bytes))),
        PATIENCE_S,
      );
      blocks.catch(fail);
      inOrder = inOrder
        .then(() => blocks)
        .then((decoded) => {
          if (this.failure) return;
          decoded.forEach(onBlock);
          this.stepsDone = batch.firstStep + batch.steps;
        })
        .catch(fail);
    }
    await inOrder;
    this.handle.throwIfFailed();
    if (this.failure) throw this.failure;
  }

  async snapshot(): Promise<EngineSnapshot> {
    const { config, buffers, plan } = this.resources;
    const slot = Math.floor(this.stepsDone / config.sampleSteps) % config.sampleSlots;
    const sumsOffset = 4 * slot * 6 * config.neurons;
    const [rows, ring, sums] = await this.read([
      [buffers.state, 0, 4 * config.rows.count * config.neurons],
      [buffers.inputRing, 0, ringBytes(config)],
      [buffers.sampleSums, sumsOffset, 4 * 3 * config.neurons],
    ]);
    return {
      kind: 'webgpu',
      stepsDone: this.stepsDone,
      rows: new Float32Array(rows),
      receptors: config.receptors,
      noiseSlots: plan.startNoise.length,
      ring: unpackRing(new Int32Array(ring), config),
      ringSlots: config.ringSlots,
      sampleSums: new Float32Array(sums),
    };
  }

  /** State of one member in physical units. */
  async readState(member: number): Promise<NeuronStates> {
    const { plan, config, buffers } = this.resources;
    const { firstNeuron, neurons } = plan.members[member];
    const [bytes] = await this.read([[buffers.state, 0, 4 * config.rows.count * config.neurons]]);
    const rows = new Float32Array(bytes);
    const row = (index: number) => {
      const start = index * config.neurons + firstNeuron;
      return Float64Array.from(rows.subarray(start, start + neurons));
    };
    const conductance_nS = Array.from({ length: plan.receptors }, (_, r) => row(config.rows.g + r));
    for (const { first, count, nS_per_mS_cm2, networkOrigin } of plan.populations) {
      if (networkOrigin !== firstNeuron) continue;
      for (const conductance of conductance_nS)
        for (let i = first; i < first + count; i++) conductance[i - firstNeuron] *= nS_per_mS_cm2;
    }
    const [V_mV, m, h, n, p] = [0, 1, 2, 3, 4].map(row);
    return { V_mV, m, h, n, p, conductance_nS };
  }

  destroy(): void {
    releaseCircuits(this.resources, this.handle, null);
  }

  private async read(parts: readonly (readonly [GPUBuffer, number, number])[]): Promise<ArrayBuffer[]> {
    const { device } = this.handle;
    const encoder = device.createCommandEncoder();
    const stagings = parts.map(([buffer, offset, size]) => {
      const staging = device.createBuffer({
        label: 'readback',
        size,
        usage: USAGE.MAP_READ | USAGE.COPY_DST,
      });
      encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
      return staging;
    });
    device.queue.submit([encoder.finish()]);
    try {
      const mapped = Promise.all(stagings.map((staging) => staging.mapAsync(MAP_MODE_READ)));
      await this.handle.guard(mapped, PATIENCE_S);
      return stagings.map((staging) => staging.getMappedRange().slice(0));
    } finally {
      for (const staging of stagings) staging.destroy();
    }
  }

  /** The members' records of a batch. Throws SimulationFault on a blow-up, EngineError on an overflow. */
  private blocksOf(batch: Batch, data: ArrayBuffer): RecordedBlock[] {
    const { plan, config } = this.resources;
    const { blowUp, missed, largestSpikeCount, blocks } = decodeBatch(plan, config, batch, data);
    if (missed)
      throw new EngineError(
        "the adapter stopped running a network's workgroups at the same time; leave it more processors, or use the option dispatch: 'epochs'",
      );
    if (blowUp !== null) {
      const neuron = blowUp & (2 ** BLOW_UP_NEURON_BITS - 1);
      const epoch = batch.epochs[blowUp >>> BLOW_UP_NEURON_BITS];
      const population = plan.populations.find((p) => neuron < p.first + p.count)!;
      const timeMs = (epoch.first_step + epoch.steps) * plan.dtMs;
      throw new SimulationFault(population.name, neuron - population.first, timeMs);
    }
    if (largestSpikeCount > config.spikeCapacity)
      throw new EngineError(
        `${largestSpikeCount} spikes in ${batch.steps * plan.dtMs} ms from ${batch.firstStep * plan.dtMs} ms exceed the spike buffer: spikeCapacity is ${config.spikeCapacity}, raise it`,
      );
    return blocks;
  }
}
