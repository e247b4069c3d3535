import { describe, expect, it } from 'vitest';
import { planEngine } from '../../../src/engine/plan.js';
import { packParameters } from '../../../src/engine/webgpu/buffers/parameters.js';
import {
  bufferLayoutModule,
  CHUNK,
  counterWords,
  EPOCH,
  MAX_EPOCHS_PER_BATCH,
  REDUCTION,
  reportedWords,
  SHARD,
  spikeCountWord,
} from '../../../src/engine/webgpu/kernels/buffer_layouts.js';
import { cellPrograms } from '../../../src/engine/webgpu/kernels/cell_programs.js';
import { kernelConfiguration } from '../../../src/engine/webgpu/kernels/kernel_configuration.js';
import { declareStruct, pack, struct } from '../../../src/engine/webgpu/kernels/wgsl_struct.js';
import { everythingNetwork } from '../contract/everything_circuit.js';

interface Layout {
  readonly size: number;
  readonly alignment: number;
  /** Of a struct's members. */
  readonly offsets: Readonly<Record<string, number>>;
}

/**
 * Layout of a type declared in WGSL, by the rules of its specification, section "Alignment and Size": a member's offset is
 * the end of the one before it, rounded up to its alignment; a scalar of 32 bits has size and alignment 4, an array those
 * of its elements, each rounded up to the alignment; a struct has its members' largest alignment, and its size is rounded
 * up to it. An array without a length counts as empty.
 */
function wgslLayout(declarations: string, type: string): Layout {
  const up = (value: number, alignment: number) => Math.ceil(value / alignment) * alignment;
  const array = /^array<(.*?)(?:, ([^,]*))?>$/.exec(type);
  if (array) {
    const { size, alignment } = wgslLayout(declarations, array[1]);
    const factors = (array[2] ?? '0').split(' * ').map((factor) => {
      const [, value] = new RegExp(`^const ${factor} = (\\d+)u;$`, 'm').exec(declarations) ?? [];
      return Number(value ?? factor);
    });
    const length = factors.reduce((product, factor) => product * factor, 1);
    return { size: up(size, alignment) * length, alignment, offsets: {} };
  }
  const struct = new RegExp(`^struct ${type} \\{\n([^}]*)}`, 'm').exec(declarations);
  if (!struct) {
    if (!/^(f32|u32|i32|atomic<u32>|atomic<i32>)$/.test(type)) throw new Error(`no layout known for ${type}`);
    return { size: 4, alignment: 4, offsets: {} };
  }
  const offsets: Record<string, number> = {};
  let end = 0;
  let largest = 1;
  for (const [, name, memberType] of struct[1].matchAll(/^ {2}(\w+): (.*),$/gm)) {
    const { size, alignment } = wgslLayout(declarations, memberType);
    offsets[name] = up(end, alignment);
    end = offsets[name] + size;
    largest = Math.max(largest, alignment);
  }
  return { size: up(end, largest), alignment: largest, offsets };
}

const MIXED = struct('Mixed', { a: 'u32', b: ['f32', 3], c: 'f32', d: ['u32', 1], e: 'u32' });

describe('declareStruct', () => {
  it('writes WGSL', () => {
    expect(declareStruct(MIXED)).toBe(
      'struct Mixed {\n  a: u32,\n  b: array<f32, 3>,\n  c: f32,\n  d: array<u32, 1>,\n  e: u32,\n}\n',
    );
  });
});

describe('pack', () => {
  it('puts every member where the shader reads it, little-endian, after the offset', () => {
    const { offsets, size } = wgslLayout(declareStruct(MIXED), 'Mixed');
    expect(MIXED.byteSize).toBe(size);
    const view = new DataView(new ArrayBuffer(8 + size));
    pack(MIXED, { a: 7, b: [0.5, -1, 2], c: 0.1, d: [9], e: 0xffffffff }, view, 8);
    expect(view.getUint32(0, true) + view.getUint32(4, true)).toBe(0);
    expect(view.getUint32(8 + offsets.a, true)).toBe(7);
    expect([0, 4, 8].map((at) => view.getFloat32(8 + offsets.b + at, true))).toEqual([0.5, -1, 2]);
    expect(view.getFloat32(8 + offsets.c, true)).toBe(Math.fround(0.1));
    expect(view.getUint32(8 + offsets.d, true)).toBe(9);
    expect(view.getUint32(8 + offsets.e, true)).toBe(0xffffffff);
  });

  it('refuses an array of another length', () => {
    const view = new DataView(new ArrayBuffer(MIXED.byteSize));
    expect(() => pack(MIXED, { a: 1, b: [1, 2], c: 0, d: [0], e: 0 }, view, 0)).toThrow(
      /Mixed\.b takes 3 values, got 2/,
    );
  });
});

describe('the structs of the kernels', () => {
  it.each([EPOCH, SHARD, CHUNK, REDUCTION])('$name is as large as WGSL makes it', (layout) => {
    const { offsets, size } = wgslLayout(declareStruct(layout), layout.name);
    expect(layout.byteSize).toBe(size);
    expect(Object.keys(offsets)).toEqual(Object.keys(layout.fields));
  });

  // In uniform buffers the elements of an array would be 16 bytes apart.
  it.each([EPOCH, SHARD, REDUCTION])('$name may be a uniform: it has no arrays', (layout) => {
    expect(declareStruct(layout)).not.toContain('array');
  });

  describe('of a whole network', () => {
    const network = everythingNetwork('exponential-euler', true);
    const plan = planEngine(network);
    const config = kernelConfiguration(plan, {
      cells: cellPrograms(plan),
      hasSynapses: true,
      memberLists: [[0, 3]],
      spikeCapacity: 100,
      sampleSlots: 5,
      injectsCurrent: false,
      clearsRing: true,
      receptorsPerWord: 1,
    });
    const declarations = bufferLayoutModule(plan, config);
    const layoutOf = (type: string) => wgslLayout(declarations, type);

    it('parameters are packed where the shader reads them', () => {
      const view = new DataView(packParameters(plan, config));
      const { offsets } = layoutOf('Parameters');
      const [cell, stimulus] = [layoutOf('Cell'), layoutOf('Stimulus')];
      const f32 = (at: number) => view.getFloat32(at, true);
      const u32 = (at: number) => view.getUint32(at, true);
      plan.populations.forEach(({ first, count, cell: c, receptors }, p) => {
        const at = (member: string) => offsets.cells + p * cell.size + cell.offsets[member];
        expect([u32(at('first_neuron')), u32(at('neurons')), u32(at('program'))]).toEqual([
          first,
          count,
          config.cells.ofPopulation[p],
        ]);
        config.cells.constants[p].forEach((value, k) => {
          expect(f32(at(`constant_${k}`))).toBe(Math.fround(value));
        });
        const gLeak = Math.fround(c.constants.get('leak.g')!);
        expect([...config.cells.constants[p]].map(Math.fround)).toContain(gLeak);
        expect(f32(at('spike_threshold'))).toBe(c.spikeThreshold_mV);
        receptors.forEach((receptor, r) => {
          expect(f32(at('reversal') + 4 * r)).toBe(receptor.reversal_mV);
          expect(f32(at('excitatory') + 4 * r)).toBe(receptor.excitatory ? 1 : 0);
        });
      });
      expect(u32(offsets.members + layoutOf('Member').offsets.end)).toBe(plan.populations.length);
      const shower = network.populations.findIndex(({ name }) => name === 'fastShower');
      const poisson = plan.stimuli[plan.populations[shower].stimuli[0]];
      if (poisson.kind !== 'poisson') throw new Error('the shower gets Poisson input');
      const slot = offsets.stimuli + shower * config.stimuliPerCell * stimulus.size;
      expect(u32(slot + stimulus.offsets.threshold_count)).toBe(poisson.thresholds.length);
      expect(f32(slot + stimulus.offsets.amplitude)).toBe(Math.fround(poisson.weight_mS_cm2));
      const firstThreshold = offsets.thresholds + 4 * u32(slot + stimulus.offsets.first_threshold);
      poisson.thresholds.forEach((threshold, k) => {
        expect(u32(firstThreshold + 4 * k)).toBe(threshold);
        if (k < 8) expect(u32(slot + stimulus.offsets.thresholds + 4 * k)).toBe(threshold);
      });
      config.recorded.forEach((neuron, i) => {
        expect(u32(offsets.recorded + 4 * i)).toBe(neuron);
      });
    });

    it('counters are where the host reads them', () => {
      const { offsets } = layoutOf('Counters');
      const count = layoutOf('Count');
      for (let list = 0; list < config.spikeLists; list++)
        expect(4 * spikeCountWord(list)).toBe(offsets.spike_counts + list * count.size + count.offsets.value);
      expect(4 * reportedWords(config)).toBe(offsets.arrivals);
      expect(4 * counterWords(config)).toBe(offsets.epoch_start + 4 * (MAX_EPOCHS_PER_BATCH + 1));
      // A line of the cache each.
      expect([count.size, offsets.spike_counts, offsets.arrivals % 64]).toEqual([64, 64, 0]);
    });
  });
});
