import type { EpochConstants } from '../batches/batch.js';
import type { NetworkBuffers } from '../buffers/network_buffers.js';
import { bindGroupLayouts } from '../kernels/bind_groups.js';
import type { KernelName } from '../kernels/bindings.js';
import { EPOCH } from '../kernels/buffer_layouts.js';
import { pack } from '../kernels/wgsl_struct.js';

/**
 * The constants of a batch's epochs. Each has a bind group of its own instead of one with a dynamic offset, for which
 * lavapipe maps and unmaps memory in every dispatch (35 us).
 */
export class EpochBindings {
  private readonly groups: GPUBindGroup[] = [];

  /** For the kernels that share the layout of `kernel`. */
  constructor(
    private readonly device: GPUDevice,
    private readonly buffers: Pick<NetworkBuffers, 'epochs' | 'epochStride'>,
    private readonly kernel: KernelName,
  ) {}

  /** Writes the constants of a batch's dispatches. */
  write(epochs: readonly EpochConstants[]): void {
    const { epochStride } = this.buffers;
    const constants = new ArrayBuffer(epochStride * epochs.length);
    const view = new DataView(constants);
    epochs.forEach((epoch, i) => {
      pack(EPOCH, epoch, view, i * epochStride);
    });
    this.device.queue.writeBuffer(this.buffers.epochs, 0, constants);
  }

  /** Bind group 1 of the batch's `index`th epoch. */
  group(index: number): GPUBindGroup {
    const { epochs: buffer, epochStride } = this.buffers;
    this.groups[index] ??= this.device.createBindGroup({
      label: `epoch ${index}`,
      layout: bindGroupLayouts(this.device, this.kernel)[1],
      entries: [{ binding: 0, resource: { buffer, offset: index * epochStride, size: EPOCH.byteSize } }],
    });
    return this.groups[index];
  }
}
