import type { KernelConfiguration } from '../kernels/kernel_configuration.js';
import type { NetworkBuffers } from './network_buffers.js';
import { runningSums } from './sample_sums.js';

/** Wall-clock time after which a restore point is replaced, ms: what has to be computed again is at most that much. */
const LONGEST_AGE_MS = 5000;

/**
 * A copy, on the device, of everything that computing changes and that later steps need: state, input ring and the sums of the
 * running sample. A run returns to it where a batch has to be computed again.
 */
export class RestorePoint {
  private steps: number | null = null;
  private takenAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly device: GPUDevice,
    private readonly buffers: NetworkBuffers,
    private readonly config: KernelConfiguration,
  ) {}

  /** Whether there is none, or none with the present contents of the buffers. */
  get isMissing(): boolean {
    return this.steps === null;
  }

  get isOld(): boolean {
    return performance.now() - this.takenAtMs > LONGEST_AGE_MS;
  }

  /** Makes the present, after `steps` steps, the restore point; not while batches are computed that may have to be undone. */
  take(steps: number): void {
    this.steps = steps;
    this.takenAtMs = performance.now();
    this.copy(steps, (original, offset, copy, bytes) => [original, offset, copy, 0, bytes]);
  }

  /** Returns to the restore point and says after how many steps it was taken. It then counts as old. */
  restore(): number {
    if (this.steps === null) throw new Error('there is no restore point');
    this.takenAtMs = Number.NEGATIVE_INFINITY;
    this.copy(this.steps, (original, offset, copy, bytes) => [copy, 0, original, offset, bytes]);
    return this.steps;
  }

  /** To be called where the host has changed a buffer. */
  forget(): void {
    this.steps = null;
  }

  private copy(
    steps: number,
    direct: (
      original: GPUBuffer,
      offset: number,
      copy: GPUBuffer,
      bytes: number,
    ) => Parameters<GPUCommandEncoder['copyBufferToBuffer']>,
  ): void {
    const { state, inputRing, sampleSums, restorePoint } = this.buffers;
    const sums = runningSums(this.config, steps);
    const encoder = this.device.createCommandEncoder({ label: 'restore point' });
    encoder.copyBufferToBuffer(...direct(state, 0, restorePoint.state, state.size));
    encoder.copyBufferToBuffer(...direct(inputRing, 0, restorePoint.inputRing, inputRing.size));
    encoder.copyBufferToBuffer(
      ...direct(sampleSums, sums.byteOffset, restorePoint.runningSums, sums.byteLength),
    );
    this.device.queue.submit([encoder.finish()]);
  }
}
