import type { File as Hdf5File } from 'h5wasm/node';

/** Marks a file as SONATA, version 0.1: root attributes `magic` (u32) and `version` (u32[2]). */
export function writeMagic(file: Hdf5File): void {
  file.create_attribute('magic', 0x0a7a, null, '<I');
  file.create_attribute('version', new Uint32Array([0, 1]), [2], '<I');
}
