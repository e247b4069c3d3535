import { EngineError } from '../../engine.js';
import { USAGE } from '../device/gpu_constants.js';

/** Makes the buffers of one network and knows all of them; `remedy` is what the error says where one does not fit. */
export interface BufferMaker {
  storage(label: string, bytes: number, remedy: string): GPUBuffer;
  filled(label: string, data: ArrayBuffer | ArrayBufferView, remedy: string): GPUBuffer;
  uniform(label: string, bytes: number): GPUBuffer;
  /** Adopts a buffer that was made before. */
  takeOver(buffer: GPUBuffer): void;
  /** Bytes of the largest buffer that the adapter binds. */
  readonly largestBytes: number;
  /** Bytes of all buffers. */
  readonly totalBytes: number;
  /** Frees all buffers but `kept`. */
  destroy(kept: GPUBuffer | null): void;
}

/** Bytes of the largest storage buffer that a device with these limits binds. */
export const largestStorageBytes = ({
  maxStorageBufferBindingSize,
  maxBufferSize,
}: Pick<GPUSupportedLimits, 'maxStorageBufferBindingSize' | 'maxBufferSize'>): number =>
  Math.min(maxStorageBufferBindingSize, maxBufferSize);

export function bufferMaker(device: GPUDevice): BufferMaker {
  const largestBytes = largestStorageBytes(device.limits);
  const made: GPUBuffer[] = [];
  const make = (label: string, size: number, usage: number): GPUBuffer => {
    const buffer = device.createBuffer({ label, size, usage });
    made.push(buffer);
    return buffer;
  };
  const storage = (label: string, bytes: number, remedy: string): GPUBuffer => {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    if (size > largestBytes)
      throw new EngineError(
        `the network does not fit the adapter: ${label} needs ${size} bytes in one buffer, the adapter binds at most ${largestBytes}; ${remedy}`,
      );
    return make(label, size, USAGE.STORAGE | USAGE.COPY_DST | USAGE.COPY_SRC);
  };
  return {
    storage,
    filled(label, data, remedy) {
      const buffer = storage(label, data.byteLength, remedy);
      if (data.byteLength > 0) device.queue.writeBuffer(buffer, 0, data as GPUAllowSharedBufferSource);
      return buffer;
    },
    uniform: (label, size) => make(label, size, USAGE.UNIFORM | USAGE.COPY_DST),
    takeOver: (buffer) => made.push(buffer),
    largestBytes,
    get totalBytes() {
      return made.reduce((sum, { size }) => sum + size, 0);
    },
    destroy(kept) {
      for (const buffer of made) if (buffer !== kept) buffer.destroy();
    },
  };
}
