import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POPULATION_SIGNALS } from '../../../src/engine/engine.js';
import { mergePlans, planEngine } from '../../../src/engine/plan.js';
import { packChunks } from '../../../src/engine/webgpu/buffers/parameters.js';
import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import { REDUCTION } from '../../../src/engine/webgpu/kernels/buffer_layouts.js';
import { cellPrograms } from '../../../src/engine/webgpu/kernels/cell_programs.js';
import {
  kernelConfiguration,
  outputsPerSample,
  reducedSignals,
} from '../../../src/engine/webgpu/kernels/kernel_configuration.js';
import { kernelSource } from '../../../src/engine/webgpu/kernels/kernels.js';
import { pack } from '../../../src/engine/webgpu/kernels/wgsl_struct.js';
import { buildNetwork } from '../../../src/network/build.js';
import { circuitOf, testDevice } from '../support.js';
import { runWgsl } from './run_wgsl.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

/** Two members with populations of 1 to 200 neurons, 1 and 2 electrodes. */
const member = (sizes: readonly number[], electrodes: number) =>
  planEngine(
    buildNetwork(
      circuitOf({
        name: 'reduction',
        populations: Object.fromEntries(
          sizes.map((neurons, i) => [`p${i}`, { cell: 'traub-miles', neurons }]),
        ),
        recording: {
          lfp: {
            populations: ['p0'],
            electrodes: Array.from({ length: electrodes }, (_, e) => ({ x_um: 100 * e, y_um: 0, z_um: 0 })),
          },
        },
      }),
    ),
  );

describe('reduce_chunks and reduce_samples', () => {
  const sizes = [
    [200, 1, 64],
    [65, 130],
  ];
  const plan = mergePlans([member(sizes[0], 1), member(sizes[1], 2)]);
  const sampleSlots = 5;
  const config = kernelConfiguration(plan, {
    cells: cellPrograms(plan),
    hasSynapses: false,
    memberLists: [
      [0, 1],
      [0, 1],
    ],
    spikeCapacity: 8,
    sampleSlots,
    injectsCurrent: false,
    clearsRing: true,
    receptorsPerWord: 1,
  });
  const { neurons, electrodes, chunks } = config;
  const sourceOf = (kernel: 'reduce_chunks' | 'reduce_samples') => kernelSource(kernel, plan, config);
  const signals = POPULATION_SIGNALS.length;
  const noise = (k: number, salt: number) => Math.fround((Math.sin(12.9898 * k + salt) * 43758.5453) % 1);
  const sampleSums = Float32Array.from({ length: sampleSlots * signals * neurons }, (_, k) => noise(k, 1));
  const weights = Float32Array.from({ length: electrodes * neurons }, (_, k) => noise(k, 2) + 1.5);
  const at = (slot: number, signal: number, neuron: number) =>
    sampleSums[(slot * signals + signal) * neurons + neuron];

  async function reduced(firstSlot: number, samples: number): Promise<Float32Array> {
    const reduction = new ArrayBuffer(REDUCTION.byteSize);
    pack(REDUCTION, { first_slot: firstSlot, samples, pad0: 0, pad1: 0 }, new DataView(reduction), 0);
    const [[, , , , partialSums]] = await runWgsl(
      device,
      sourceOf('reduce_chunks'),
      'reduce_chunks',
      [
        [
          { type: 'uniform', data: reduction },
          { type: 'read-only-storage', data: sampleSums },
          { type: 'read-only-storage', data: packChunks(config) },
          { type: 'read-only-storage', data: weights },
          { type: 'storage', data: new Float32Array(samples * chunks.length * reducedSignals(config)) },
        ],
      ],
      Math.ceil((samples * chunks.length) / 64),
    );
    const [[, , , outputs]] = await runWgsl(
      device,
      sourceOf('reduce_samples'),
      'reduce_samples',
      [
        [
          { type: 'uniform', data: reduction },
          { type: 'read-only-storage', data: partialSums },
          {
            type: 'read-only-storage',
            data: Uint32Array.from([...config.populationChunks, ...config.memberChunks].flat()),
          },
          { type: 'storage', data: new Float32Array(samples * outputsPerSample(config)) },
        ],
      ],
      Math.ceil((samples * outputsPerSample(config)) / 64),
    );
    return new Float32Array(outputs);
  }

  it('sum every signal over each population, and weighted currents over each member', async () => {
    const [firstSlot, samples] = [3, 4];
    const outputs = await reduced(firstSlot, samples);
    const perSample = outputsPerSample(config);
    expect(perSample).toBe(5 * signals + 2 * 2 * 2);
    const expectNear = (found: number, terms: readonly number[], what: string) => {
      const [sum, sizes] = [(a: number, b: number) => a + b, terms.map(Math.abs)];
      // Each of the additions and products rounds by half of 2^-23.
      const rounding = (terms.length + 2) * 2 ** -24 * sizes.reduce(sum, 0);
      expect(Math.abs(found - terms.reduce(sum, 0)), what).toBeLessThanOrEqual(rounding);
    };
    for (let k = 0; k < samples; k++) {
      // Slots of the ring of samples: 3, 4, 0, 1.
      const slot = (firstSlot + k) % sampleSlots;
      plan.populations.forEach(({ first, count }, p) => {
        const cells = Array.from({ length: count }, (_, i) => first + i);
        for (let s = 0; s < signals; s++)
          expectNear(
            outputs[k * perSample + p * signals + s],
            cells.map((i) => at(slot, s, i)),
            `sample ${k}, population ${p}, ${POPULATION_SIGNALS[s]}`,
          );
      });
      plan.members.forEach(({ firstNeuron, neurons: own }, m) => {
        const cells = Array.from({ length: own }, (_, i) => firstNeuron + i);
        for (let e = 0; e < electrodes; e++) {
          const output = k * perSample + 5 * signals + (m * electrodes + e) * 2;
          const weight = (i: number) => weights[e * neurons + i];
          const [excitatory, inhibitory, absolute] = [0, 1, 2];
          expectNear(
            outputs[output],
            cells.map((i) => weight(i) * at(slot, absolute, i)),
            `sample ${k}, member ${m}, electrode ${e}, absolute`,
          );
          expectNear(
            outputs[output + 1],
            cells.flatMap((i) => [weight(i) * at(slot, inhibitory, i), -weight(i) * at(slot, excitatory, i)]),
            `sample ${k}, member ${m}, electrode ${e}, signed`,
          );
        }
      });
    }
  });

  it('give the same bits every time', async () => {
    expect(await reduced(1, 3)).toEqual(await reduced(1, 3));
  });

  it('chunks hold every neuron of a population once, 64 at most', () => {
    config.populationChunks.forEach(([first, end], p) => {
      const held = chunks
        .slice(first, end)
        .flatMap((chunk) =>
          Array.from(
            { length: Math.ceil((chunk.end - chunk.first) / chunk.stride) },
            (_, k) => chunk.first + k * chunk.stride,
          ),
        );
      const population = plan.populations[p];
      expect(held.sort((a, b) => a - b)).toEqual(
        Array.from({ length: population.count }, (_, i) => population.first + i),
      );
      for (const chunk of chunks.slice(first, end))
        expect(Math.ceil((chunk.end - chunk.first) / chunk.stride)).toBeLessThanOrEqual(64);
    });
  });
});
