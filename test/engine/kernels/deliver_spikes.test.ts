import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planEngine } from '../../../src/engine/plan.js';
import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import {
  counterWords,
  EPOCH,
  SHARD,
  spikeCountWord,
} from '../../../src/engine/webgpu/kernels/buffer_layouts.js';
import { cellPrograms } from '../../../src/engine/webgpu/kernels/cell_programs.js';
import { kernelConfiguration } from '../../../src/engine/webgpu/kernels/kernel_configuration.js';
import { kernelSource } from '../../../src/engine/webgpu/kernels/kernels.js';
import { packRing, unpackRing } from '../../../src/engine/webgpu/kernels/ring_word.js';
import { pack } from '../../../src/engine/webgpu/kernels/wgsl_struct.js';
import { buildNetwork } from '../../../src/network/build.js';
import { packTarget, packWeight } from '../../../src/network/synapse_word.js';
import { circuitOf, testDevice } from '../support.js';
import { runWgsl } from './run_wgsl.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

/** A shard of rows that begins with row 2; rows have 0 to 150 synapses, more than a workgroup has threads. */
const NEURONS = 40;
const FIRST_SOURCE = 2;
const SOURCES = 7;
const SPIKE_CAPACITY = 12;
const numbers = (salt: number) => (below: number) => {
  salt = (Math.imul(salt, 1664525) + 1013904223) >>> 0;
  return Math.floor((salt / 2 ** 32) * below);
};

describe.each([
  ['two receptors in a word', false],
  ['a word for each receptor, and spike sources', true],
])('deliver_spikes: %s', (_, hasSpikeSources) => {
  const network = buildNetwork(
    circuitOf(
      {
        name: 'delivery',
        receptors: {
          a: { tau_ms: 2, reversal_mV: 0, sign: 'excitatory' },
          b: { tau_ms: 2, reversal_mV: 0, sign: 'excitatory' },
          c: { tau_ms: 2, reversal_mV: -70, sign: 'inhibitory' },
        },
        populations: { cells: { cell: 'traub-miles', neurons: NEURONS } },
        spikeSources: hasSpikeSources ? { source: { trains_ms: [[1, 2]] } } : {},
        projections: [
          {
            from: hasSpikeSources ? 'source' : 'cells',
            to: 'cells',
            receptor: 'a',
            connector: { kind: 'fixed-probability', probability: 1 },
            weight_nS: 1,
            delay_ms: { distribution: 'uniform', low: 1, high: 2 },
          },
        ],
      },
      { dt_ms: 0.1 },
    ),
  );
  const plan = planEngine(network);
  const receptorsPerWord = hasSpikeSources ? 1 : 2;
  const config = kernelConfiguration(plan, {
    cells: cellPrograms(plan),
    hasSynapses: true,
    memberLists: [[0, 1]],
    spikeCapacity: SPIKE_CAPACITY,
    sampleSlots: 3,
    injectsCurrent: false,
    clearsRing: true,
    receptorsPerWord,
  });
  const code = kernelSource('deliver_spikes', plan, config);
  const { ringSlots, receptors, epochSteps } = config;

  const random = numbers(5);
  const lengths = [0, 1, 150, 64, 65, 3, 20];
  const rowPointers = Uint32Array.from([0, ...lengths]);
  for (let k = 1; k < rowPointers.length; k++) rowPointers[k] += rowPointers[k - 1];
  const synapses = Array.from({ length: rowPointers[SOURCES] }, () => ({
    target: random(NEURONS),
    receptor: random(receptors),
    weight: 1 + random(200),
    // A spike acts before its slot comes round again.
    delay: random(ringSlots),
  }));
  const words = Uint32Array.from(
    synapses.flatMap(({ target, receptor, weight, delay }) => [
      packTarget(target, receptor),
      packWeight(weight, delay),
    ]),
  );

  /** Runs the kernel; spikes are (neuron, step of the batch) from the batch's start, the epoch's begin at `epochStart`. */
  async function delivered(
    spikes: readonly (readonly [neuron: number, step: number])[],
    {
      epochStart = 0,
      ringSlot = 0,
      batchStep = 0,
      workgroups = 3,
      events = [] as readonly (readonly [row: number, step: number])[],
      firstStep = 0,
      index = 0,
    },
  ) {
    const bytes = (size: number, write: (view: DataView) => void) => {
      const buffer = new ArrayBuffer(size);
      write(new DataView(buffer));
      return buffer;
    };
    const epoch = {
      first_step: firstStep,
      steps: epochSteps,
      ring_slot: ringSlot,
      sample_slot: 0,
      sample_step: 0,
      batch_step: batchStep,
      index,
      first_event: 0,
      end_event: events.length,
    };
    const counters = new Uint32Array(counterWords(config));
    counters[spikeCountWord(0)] = spikes.length;
    // Where epochs start comes last.
    const epochStarts = counters.length - 1023 - 1;
    counters[epochStarts + index] = epochStart;
    const pairs = (list: readonly (readonly [number, number])[], size: number) => {
      const packed = new Uint32Array(2 * size);
      packed.set(list.slice(0, size).flat());
      return packed;
    };
    const before = Int32Array.from({ length: ringSlots * receptors * NEURONS }, (_, i) => i % 7);
    const [[, countersAfter, , , , ring]] = await runWgsl(
      device,
      code,
      'deliver_spikes',
      [
        [
          { type: 'read-only-storage', data: pairs(spikes, SPIKE_CAPACITY) },
          { type: 'storage', data: counters },
          {
            type: 'uniform',
            data: bytes(SHARD.byteSize, (view) =>
              pack(SHARD, { first_source: FIRST_SOURCE, sources: SOURCES, pad0: 0, pad1: 0 }, view, 0),
            ),
          },
          { type: 'read-only-storage', data: rowPointers },
          { type: 'read-only-storage', data: words },
          { type: 'storage', data: packRing(before.slice(), config) },
          { type: 'read-only-storage', data: pairs(events, Math.max(2, events.length)) },
        ],
        [{ type: 'uniform', data: bytes(EPOCH.byteSize, (view) => pack(EPOCH, epoch, view, 0)) }],
      ],
      workgroups,
    );
    const expected = before.slice();
    const send = (row: number, step: number) => {
      const k = row - FIRST_SOURCE;
      if (k < 0 || k >= SOURCES) return;
      for (const { target, receptor, weight, delay } of synapses.slice(rowPointers[k], rowPointers[k + 1])) {
        const slot = (ringSlot + step + 1 + delay) % ringSlots;
        expected[(slot * receptors + receptor) * NEURONS + target] += weight;
      }
    };
    for (const [neuron, step] of spikes.slice(epochStart, SPIKE_CAPACITY)) send(neuron, step - batchStep);
    for (const [row, step] of hasSpikeSources ? events : []) send(row, step - firstStep);
    return {
      ring: unpackRing(new Int32Array(ring), config),
      expected,
      nextEpochStart: new Uint32Array(countersAfter)[epochStarts + index + 1],
    };
  }

  const someSpikes = (count: number, from: number): [number, number][] =>
    Array.from({ length: count }, (_, k) => [k % 11, from + (k % epochSteps)]);

  it('adds the weights of every spike at its step of arrival, where the ring ends and begins again', async () => {
    for (const ringSlot of [0, 5, ringSlots - 1]) {
      const { ring, expected, nextEpochStart } = await delivered(someSpikes(10, 0), { ringSlot });
      expect(ring).toEqual(expected);
      expect(nextEpochStart).toBe(10);
    }
  });

  it('delivers the spikes of its epoch alone, whatever the number of workgroups', async () => {
    const spikes = [...someSpikes(4, 3), ...someSpikes(7, 14)];
    for (const workgroups of [1, 2, 16]) {
      const { ring, expected, nextEpochStart } = await delivered(spikes, {
        epochStart: 4,
        batchStep: 14,
        ringSlot: 2,
        workgroups,
        index: 9,
      });
      expect(ring).toEqual(expected);
      expect(nextEpochStart).toBe(11);
    }
  });

  it('delivers no spike past the capacity, which the buffer does not hold', async () => {
    const { ring, expected, nextEpochStart } = await delivered(someSpikes(SPIKE_CAPACITY + 5, 0), {});
    expect(ring).toEqual(expected);
    expect(nextEpochStart).toBe(SPIKE_CAPACITY);
  });

  if (hasSpikeSources)
    it('delivers the events of spike sources, also several of one step', async () => {
      const events: [number, number][] = [
        [3, 100],
        [4, 100],
        [4, 100],
        [8, 101],
        [NEURONS, 101],
      ];
      const { ring, expected } = await delivered(someSpikes(3, 0), { events, firstStep: 100, ringSlot: 4 });
      expect(ring).toEqual(expected);
    });
});
