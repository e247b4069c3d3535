import { describe, expect, it } from 'vitest';
import {
  bindingAccess,
  bindingsModule,
  inBindingOrder,
  KERNEL_NAMES,
  storageBuffersOf,
} from '../../../src/engine/webgpu/kernels/bindings.js';
import { SHADERS } from '../../../src/engine/webgpu/kernels/shaders.generated.js';

describe('the bindings of the kernels', () => {
  it.each(KERNEL_NAMES)('%s: declared in WGSL as they are in the bind group layouts', (kernel) => {
    const declared: string[][] = [];
    for (const [, group, number, space] of bindingsModule(kernel).matchAll(
      /^@group\((\d)\) @binding\((\d+)\) var<([^>]+)> \w+: [^;]+;$/gm,
    )) {
      declared[Number(group)] ??= [];
      declared[Number(group)][Number(number)] = space;
    }
    const spaces = {
      uniform: 'uniform',
      'read-only-storage': 'storage, read',
      storage: 'storage, read_write',
    };
    expect(declared).toEqual(bindingAccess(kernel).map((group) => group.map((access) => spaces[access])));
  });

  it('are declared nowhere else, and every kernel opens with what it does and binds', () => {
    expect(Object.entries(SHADERS).filter(([, text]) => text.includes('@binding'))).toEqual([]);
    const kernels = Object.keys(SHADERS).filter((path) => SHADERS[path].includes('@compute'));
    expect(kernels.sort()).toEqual([...KERNEL_NAMES].sort());
    for (const kernel of KERNEL_NAMES) {
      const [opening] = SHADERS[kernel].split('#import');
      for (const [, name] of bindingsModule(kernel).matchAll(/> (\w+):/g)) expect(opening).toContain(name);
    }
  });

  it('are in the order of their numbers, whatever the order of the buffers', () => {
    const named = (name: string) => name as unknown as GPUBuffer;
    const buffers = {
      reduced: named('reduced'),
      reduction: named('reduction'),
      chunkRanges: named('chunkRanges'),
      partialSums: named('partialSums'),
    };
    expect(inBindingOrder('reduce_samples', buffers)).toEqual([
      'reduction',
      'partialSums',
      'chunkRanges',
      'reduced',
    ]);
    expect(bindingsModule('reduce_samples')).toMatch(
      /@binding\(2\) var<storage, read> chunk_ranges: array<vec2u>;/,
    );
  });

  it('are no more storage buffers than every WebGPU device has, but for simulate_network', () => {
    for (const kernel of KERNEL_NAMES)
      expect(storageBuffersOf(kernel), kernel).toBeLessThanOrEqual(kernel === 'simulate_network' ? 9 : 8);
  });
});
