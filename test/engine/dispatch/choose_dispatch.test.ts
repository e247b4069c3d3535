import { describe, expect, it } from 'vitest';
import { cobahh } from '../../../src/bench/cobahh.js';
import { planEngine } from '../../../src/engine/plan.js';
import {
  type BindingLimits,
  chooseDispatch,
  type DispatchQuestion,
} from '../../../src/engine/webgpu/dispatch/choose_dispatch.js';
import type { DispatchLimits } from '../../../src/engine/webgpu/dispatch/dispatch_grid.js';
import { cellPrograms } from '../../../src/engine/webgpu/kernels/cell_programs.js';
import { type AdapterTraits, hardwareTraits } from '../../../src/engine/webgpu/software/adapter_traits.js';
import { PRESETS } from '../../../src/model/presets.js';
import { buildNetwork } from '../../../src/network/build.js';
import { circuitOf } from '../support.js';

const LIMITS: BindingLimits & DispatchLimits = {
  maxStorageBuffersPerShaderStage: 10,
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65_535,
};
const GPU = hardwareTraits({ maxComputeInvocationsPerWorkgroup: 1024, maxComputeWorkgroupSizeX: 1024 });
const QUESTION: DispatchQuestion = { synapseBytes: 1e6, hasInputWithoutSynapses: false, wanted: null };

const small = planEngine(buildNetwork(circuitOf(PRESETS['cortical-gamma'])));
const large = planEngine(
  buildNetwork(circuitOf(cobahh({ neurons: 4000, synapsesPerNeuron: 2, delayMs: 1.5, live: true }))),
);

const choose = (
  plan = small,
  question: Partial<DispatchQuestion> = {},
  traits: Partial<AdapterTraits> = {},
  limits: Partial<BindingLimits & DispatchLimits> = {},
) =>
  chooseDispatch(
    plan,
    cellPrograms(plan),
    { ...QUESTION, ...question },
    { ...GPU, ...traits },
    { ...LIMITS, ...limits },
  );

const kindOf = async (...question: Parameters<typeof choose>) => (await choose(...question)).kind;

describe('how a network is dispatched', () => {
  it('on a GPU: small ones in workgroups, larger ones by epochs', async () => {
    expect(await kindOf(small)).toBe('networks');
    expect(await kindOf(large)).toBe('epochs');
  });

  it('by epochs if requested, or if the adapter is faster that way', async () => {
    const prefersEpochs = { workgroupsPerNetwork: async () => null };
    expect(await kindOf(small, { wanted: 'epochs' })).toBe('epochs');
    expect(await kindOf(small, {}, prefersEpochs)).toBe('epochs');
    expect(await kindOf(small, { wanted: 'networks' }, prefersEpochs)).toBe('networks');
    expect(await kindOf(large, { wanted: 'networks' })).toBe('epochs');
  });

  it('by epochs if simulate_network would lack bindings, rows or spike sources', async () => {
    expect(await kindOf(small, {}, {}, { maxStorageBuffersPerShaderStage: 8 })).toBe('epochs');
    expect(await kindOf(small, {}, {}, { maxStorageBufferBindingSize: 1e6 - 1 })).toBe('epochs');
    expect(await kindOf(small, { hasInputWithoutSynapses: true })).toBe('epochs');
    const sourceEvents = { steps: Float64Array.of(1), rows: Uint32Array.of(500) };
    expect(await kindOf({ ...small, sourceEvents })).toBe('epochs');
  });

  it('one list of spikes for all with epochs, otherwise one for each workgroup of a network', async () => {
    const two = { ...small, members: [small.members[0], small.members[0]] };
    expect(await choose(two, { wanted: 'epochs' })).toMatchObject({
      memberLists: [
        [0, 1],
        [0, 1],
      ],
      neuronsPerList: 500,
      kernels: ['integrate_epoch', 'deliver_spikes'],
    });
    expect(await choose(two, {}, { workgroupsPerNetwork: async () => 3 })).toMatchObject({
      memberLists: [
        [0, 3],
        [3, 6],
      ],
      kernels: ['simulate_network'],
    });
  });
});
