import { describe, expect, it } from 'vitest';
import { cobahh } from '../../src/bench/cobahh.js';
import type { EngineSnapshot } from '../../src/engine/engine.js';
import { configureKernels } from '../../src/engine/webgpu/circuit_configuration.js';
import { planCircuits } from '../../src/engine/webgpu/circuit_plan.js';
import { epochDispatch } from '../../src/engine/webgpu/dispatch/epoch_dispatch.js';
import { cellPrograms } from '../../src/engine/webgpu/kernels/cell_programs.js';
import { hardwareTraits } from '../../src/engine/webgpu/software/adapter_traits.js';
import { PRESETS } from '../../src/model/presets.js';
import { buildNetwork } from '../../src/network/build.js';
import { circuitOf } from './support.js';

const balanced = (delayMs: number, neurons = 200) =>
  buildNetwork(circuitOf(cobahh({ neurons, synapsesPerNeuron: 20, delayMs, live: true })));
const bare = buildNetwork(
  circuitOf({
    name: 'bare',
    simulation: { dt_ms: 0.1 },
    populations: { E: { cell: 'pyramidal-rs', neurons: 3 } },
  }),
);

/** Input under way: so many quanta in a ring of `ringSlots`. */
const underWay = (largest: number, ringSlots: number) =>
  ({ ring: Int32Array.of(largest, 0, 0), ringSlots }) as unknown as EngineSnapshot;

describe('planning circuits for a device', () => {
  it('gives epochs as long as the shortest delay of any network, and a ring for the longest', () => {
    const { plan, synapses, hasSynapses } = planCircuits([balanced(1.5), balanced(0.5)], null);
    expect(plan.epochSteps).toBe(6);
    expect(plan.ringSlots).toBe(16);
    expect(hasSynapses).toBe(true);
    expect(synapses).toBe(balanced(1.5).synapses.count + balanced(0.5).synapses.count);
  });

  it('keeps what is under way: its delays, and its sums in the bound of the input', () => {
    const alone = planCircuits([balanced(0.5)], null);
    const resumed = planCircuits([balanced(0.5)], underWay(70_000, 16));
    expect(alone.plan.ringSlots).toBe(6);
    expect(resumed.plan.ringSlots).toBe(16);
    expect(resumed.largestInput).toBe(alone.largestInput + 70_000);
  });

  it('reads the ring of a network without synapses only where something is under way', () => {
    expect(planCircuits([bare], null)).toMatchObject({ synapses: 0, hasSynapses: false });
    expect(planCircuits([bare], null).plan.epochSteps).toBe(10);
    const resumed = planCircuits([bare], underWay(1, 4));
    expect(resumed).toMatchObject({ synapses: 0, hasSynapses: true });
    expect(resumed.plan.epochSteps).toBe(4);
    expect(planCircuits([bare], underWay(0, 4)).hasSynapses).toBe(false);
  });

  it('refuses members with different integrators', () => {
    const other = buildNetwork(circuitOf(PRESETS['cortical-gamma'], { integrator: 'rk4' }));
    expect(() => planCircuits([buildNetwork(circuitOf(PRESETS['cortical-gamma'])), other], null)).toThrow(
      /share integrator: exponential-euler and rk4/,
    );
  });
});

describe('configuring kernels', () => {
  const traits = hardwareTraits({ maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256 });
  const planned = planCircuits([balanced(1.5)], null);
  const cells = cellPrograms(planned.plan);
  const dispatch = epochDispatch(planned.plan, cells, 1, {
    maxComputeWorkgroupsPerDimension: 65_535,
  });
  const choices = { batchSteps: 100, spikeCapacity: null, injectsCurrent: false };

  it('holds spikes at 500 Hz and the samples of a batch, the running one besides', () => {
    const config = configureKernels(planned, cells, dispatch, traits, choices);
    // 200 neurons, 10 ms at 0.5 spikes per ms, and 64 to spare.
    expect(config.spikeCapacity).toBe(1064);
    expect(config.sampleSlots).toBe(11);
    expect(config.spikeLists).toBe(1);
    expect(
      configureKernels(planned, cells, dispatch, traits, { ...choices, spikeCapacity: 7 }).spikeCapacity,
    ).toBe(7);
  });

  it('puts two receptors in a word of the ring if no sum needs more than 16 bits', () => {
    const wordsFor = (largestInput: number) =>
      configureKernels({ ...planned, largestInput }, cells, dispatch, traits, choices).receptorsPerWord;
    expect(wordsFor(65_535)).toBe(2);
    expect(wordsFor(65_536)).toBe(1);
  });

  it('clears the ring as the adapter does it best', () => {
    const fills = { ...traits, kernelClearsRing: false };
    expect(configureKernels(planned, cells, dispatch, traits, choices).clearsRing).toBe(true);
    expect(configureKernels(planned, cells, dispatch, fills, choices).clearsRing).toBe(false);
  });
});
