import type { Network } from '../../network/network.js';
import { AdvanceGuard } from '../advance_guard.js';
import {
  EngineError,
  type EngineSetup,
  type EngineSnapshot,
  type NeuronStates,
  type RecordedBlock,
} from '../engine.js';
import { batchGranule, planBatch } from './batches/batch.js';
import { decodeBatch, stagingLayout } from './batches/decode.js';
import { type BlowUp, blowUpOf, throwIfBarrierMissed } from './batches/faults.js';
import { carriedStates } from './buffers/carried_states.js';
import { requantized } from './buffers/start_data.js';
import type { WebGpuEngineOptions } from './circuit_design.js';
import {
  allocateCircuits,
  type CircuitResources,
  releaseCircuits,
  STAGING_SLOTS,
} from './circuit_resources.js';
import type { DeviceHandle } from './device/device.js';
import { diagnose } from './diagnose.js';
import { submitBatch } from './dispatch/submit.js';
import { PATIENCE_S, readSnapshot, readStates } from './state_readback.js';

/** A batch with more spikes than its list holds, and how many it has; those after the first lost one are not all right. */
interface Overflow {
  readonly steps: number;
  readonly spikes: number;
}

/**
 * The time loop over one network or several side by side on a device. Every batch of epochs is one submit; results come
 * back through a ring of staging buffers while later batches are computed.
 */
export class GpuCircuits {
  /** Steps whose records have been handed out. */
  stepsDone: number;
  /** Steps that the buffers of the device are at; other than `stepsDone` only while advancing. */
  private computedSteps: number;
  private failure: Error | null = null;
  private readonly guard = new AdvanceGuard();

  private constructor(
    private readonly handle: DeviceHandle,
    private resources: CircuitResources,
    private options: Pick<WebGpuEngineOptions, 'dispatch' | 'spikeCapacity'>,
    stepsDone: number,
  ) {
    this.stepsDone = stepsDone;
    this.computedSteps = stepsDone;
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
    const resumeFrom = {
      ...carriedStates(snapshot, old.plan, networks),
      ring: requantized(snapshot, old.plan, old.networks, networks),
    };
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
    const { config, buffers, restorePoint } = this.resources;
    restorePoint.forget();
    const offset = 4 * (config.rows.injectedCurrent * config.neurons + neuron);
    this.handle.device.queue.writeBuffer(buffers.state, offset, Float32Array.of(current_uA_cm2));
  }

  /** As Engine.advance, with the member that each block belongs to. */
  advance(
    steps: number,
    onBlock: (block: RecordedBlock, member: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    return this.guard.during(this.stepsDone, steps, () => this.advanceBatches(steps, onBlock, signal));
  }

  private async advanceBatches(
    steps: number,
    onBlock: (block: RecordedBlock, member: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const stop = this.stepsDone + steps;
    // A run that has returned to its restore point comes back to where its records end, whatever the signal.
    while (this.isBehind || (this.stepsDone < stop && !signal?.aborted)) {
      const { restorePoint } = this.resources;
      if (restorePoint.isMissing || (restorePoint.isOld && !this.isBehind))
        restorePoint.take(this.computedSteps);
      const stopped = this.isBehind
        ? await this.computeUntil(this.stepsDone, onBlock, undefined)
        : await this.computeUntil(stop, onBlock, signal);
      if (stopped && 'neuron' in stopped) {
        this.failure = await diagnose(this.handle, this.resources, stopped);
        throw this.failure;
      }
      if (stopped) await this.makeRoom(stopped);
    }
  }

  private get isBehind(): boolean {
    return this.computedSteps < this.stepsDone;
  }

  /**
   * Computes batch after batch until step `stop`, the abort or the end of the restore point's time, and hands out the records
   * that are new. Returns the first batch with more spikes than its list holds, or the first blow-up: the results of its batch,
   * and of those after it, are wrong and are handed to nobody.
   */
  private async computeUntil(
    stop: number,
    onBlock: (block: RecordedBlock, member: number) => void,
    signal: AbortSignal | undefined,
  ): Promise<Overflow | BlowUp | null> {
    const { plan, config, pacer, staging, steps: kernels, restorePoint } = this.resources;
    let stopped: Overflow | BlowUp | null = null;
    let inOrder: Promise<void> = Promise.resolve();
    const fail = (error: unknown) => {
      this.failure ??= error as Error;
    };
    const isBehind = this.isBehind;
    while (
      this.computedSteps < stop &&
      !signal?.aborted &&
      !this.failure &&
      !stopped &&
      (isBehind || !restorePoint.isOld)
    ) {
      const slot = await this.handle.guard(staging.acquire()).catch(fail);
      if (!slot || this.failure) break;
      const batch = planBatch(
        plan,
        config,
        this.computedSteps,
        Math.min(pacer.steps, stop - this.computedSteps),
      );
      const encodeSteps = await kernels.prepare(batch);
      submitBatch(this.handle.device, this.resources, batch, encodeSteps, slot.buffer);
      this.computedSteps += batch.steps;
      const decode = (bytes: ArrayBuffer): RecordedBlock[] => {
        if (stopped) return [];
        const decoded = decodeBatch(plan, config, batch, bytes);
        throwIfBarrierMissed(decoded);
        const spikes = decoded.largestSpikeCount;
        if (spikes > config.spikeCapacity) {
          stopped = { steps: batch.steps, spikes };
          return [];
        }
        stopped = blowUpOf(batch, decoded);
        return stopped ? [] : decoded.blocks;
      };
      const blocks = this.handle.guard(
        pacer.measure(batch.steps, () => slot.read(decode)),
        PATIENCE_S,
      );
      blocks.catch(fail);
      inOrder = inOrder
        .then(() => blocks)
        .then((decoded) => {
          const stepsDone = batch.firstStep + batch.steps;
          if (this.failure || stopped || stepsDone <= this.stepsDone) return;
          decoded.forEach(onBlock);
          this.stepsDone = stepsDone;
        })
        .catch(fail);
    }
    await inOrder;
    this.handle.throwIfFailed();
    if (this.failure) throw this.failure;
    return stopped;
  }

  /**
   * Returns to the restore point. Batches are from now on half as long as the one that overflowed, or, where that was one
   * sample or less, the lists are made longer.
   */
  private async makeRoom({ steps, spikes }: Overflow): Promise<void> {
    const { config, plan, pacer, restorePoint } = this.resources;
    this.computedSteps = restorePoint.restore();
    if (steps > batchGranule(plan)) {
      pacer.limit(Math.floor(steps / 2));
      return;
    }
    this.options = { ...this.options, spikeCapacity: Math.max(spikes, 2 * config.spikeCapacity) };
    await this.reallocate(this.networks, config.injectsCurrent);
  }

  snapshot(): Promise<EngineSnapshot> {
    return readSnapshot(this.handle, this.resources, this.computedSteps);
  }

  /** State of one member in physical units. */
  readState(member: number): Promise<NeuronStates> {
    return readStates(this.handle, this.resources, member);
  }

  destroy(): void {
    releaseCircuits(this.resources, this.handle, null);
  }
}
