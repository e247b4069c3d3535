import { StorageInstancedBufferAttribute, type WebGPURenderer } from 'three/webgpu';

/**
 * Lets three.js read a GPU buffer that is not its own, without a copy. three has no public way to do this: it creates an
 * attribute's buffer on first use unless the backend's record of the attribute already holds one, so that record is
 * written here. Everything that depends on this detail of three 0.187 is in this file.
 */
export interface SharedAttribute {
  readonly attribute: StorageInstancedBufferAttribute;
  /** Takes the buffer away from three again; without this three destroys it with the renderer. */
  release(): void;
}

/** `buffer` holds one f32 per element from its start, needs the usage STORAGE and must be of the renderer's device. */
export function shareBuffer(renderer: WebGPURenderer, buffer: GPUBuffer, elements: number): SharedAttribute {
  const attribute = new StorageInstancedBufferAttribute(new Float32Array(elements), 1);
  const backend = renderer.backend as unknown as { get(of: object): { buffer?: GPUBuffer } };
  backend.get(attribute).buffer = buffer;
  return {
    attribute,
    release: () => {
      // three then destroys what it finds here.
      backend.get(attribute).buffer = { destroy() {} } as GPUBuffer;
    },
  };
}

/** The device that a renderer draws with. */
export function deviceOf(renderer: WebGPURenderer): GPUDevice {
  return (renderer.backend as unknown as { device: GPUDevice }).device;
}
