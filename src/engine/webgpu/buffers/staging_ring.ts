import { MAP_MODE_READ, USAGE } from '../device/gpu_constants.js';

/** One staging buffer of the ring, taken until its data has been read. */
export interface StagingSlot {
  readonly buffer: GPUBuffer;
  /**
   * Waits for the copies submitted into the slot and decodes their bytes, which are gone afterwards: the slot is then free
   * again. A copy of its whole capacity would cost more than what a small network computes.
   */
  read<T>(decode: (bytes: ArrayBuffer) => T): Promise<T>;
}

/**
 * A fixed number of buffers through which results come back while later batches are computed. The time loop waits only
 * when every slot is taken.
 */
export class StagingRing {
  private readonly free: GPUBuffer[] = [];
  private readonly all: GPUBuffer[] = [];
  private readonly waiting: ((buffer: GPUBuffer) => void)[] = [];

  constructor(device: GPUDevice, slots: number, byteSize: number) {
    for (let i = 0; i < slots; i++) {
      const buffer = device.createBuffer({
        label: `staging ${i}`,
        size: byteSize,
        usage: USAGE.MAP_READ | USAGE.COPY_DST,
      });
      this.all.push(buffer);
      this.free.push(buffer);
    }
  }

  async acquire(): Promise<StagingSlot> {
    const buffer = this.free.pop() ?? (await new Promise<GPUBuffer>((resolve) => this.waiting.push(resolve)));
    return {
      buffer,
      read: async (decode) => {
        try {
          await buffer.mapAsync(MAP_MODE_READ);
          try {
            return decode(buffer.getMappedRange());
          } finally {
            buffer.unmap();
          }
        } finally {
          const next = this.waiting.shift();
          if (next) next(buffer);
          else this.free.push(buffer);
        }
      },
    };
  }

  /** Writes all of every buffer once: memory is only given to a process when it is first written. */
  clear(encoder: GPUCommandEncoder): void {
    for (const buffer of this.all) encoder.clearBuffer(buffer);
  }

  destroy(): void {
    for (const buffer of this.all) buffer.destroy();
  }
}
