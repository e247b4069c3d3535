/** Values of the WebGPU constants, which are globals in browsers but not in Node. */
export const USAGE = { MAP_READ: 0x1, COPY_SRC: 0x4, COPY_DST: 0x8, UNIFORM: 0x40, STORAGE: 0x80 } as const;
export const MAP_MODE_READ = 0x1;
export const VISIBLE_TO_COMPUTE = 0x4;
