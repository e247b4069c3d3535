import { describe, expect, it } from 'vitest';
import { cobahh } from '../../../src/bench/cobahh.js';
import { type EnginePlan, planEngine } from '../../../src/engine/plan.js';
import { cellPrograms } from '../../../src/engine/webgpu/kernels/cell_programs.js';
import {
  neuronPlacement,
  type PlacementLimits,
} from '../../../src/engine/webgpu/kernels/neuron_placement.js';
import { PRESETS } from '../../../src/model/presets.js';
import { buildNetwork } from '../../../src/network/build.js';
import { circuitOf } from '../support.js';

const balanced = (neurons: number, delayMs: number) =>
  buildNetwork(circuitOf(cobahh({ neurons, synapsesPerNeuron: 80, delayMs, live: true })));

describe('the placement of neurons', () => {
  const LIMITS = { largestWorkgroup: 1024, threadGroup: 8, mostNeuronsPerThread: 8 };
  const place = (of: EnginePlan, workgroups = 1, limits: Partial<PlacementLimits> = {}) =>
    neuronPlacement(of, cellPrograms(of), workgroups, { ...LIMITS, ...limits });
  const plan = planEngine(buildNetwork(circuitOf(PRESETS['cortical-gamma'])));
  const cells = cellPrograms(plan);

  it('gives every neuron one place, in as few neurons per thread as there are kinds of cells', () => {
    const layout = place(plan)!;
    expect(layout.threadNeurons.length).toBe(cells.programs.length);
    for (const [kind, count] of cells.programs.map((_, v) => [
      v,
      plan.populations.reduce((sum, p, i) => sum + (cells.ofPopulation[i] === v ? p.count : 0), 0),
    ])) {
      const threadNeurons = layout.threadNeurons.filter(({ program }) => program === kind);
      expect(threadNeurons.map(({ first }) => first)).toEqual(
        threadNeurons.map((_, i) => i * layout.workgroupSize),
      );
      expect(threadNeurons.length * layout.workgroupSize).toBeGreaterThanOrEqual(count);
    }
  });

  it('leaves each workgroup threads for the spikes of every other', () => {
    expect(place(plan, 20)!.workgroupSize).toBe(160);
  });

  it('is refused where it would take too many neurons per thread', () => {
    expect(place(plan, 1, { largestWorkgroup: 32 })).toBeNull();
  });

  it.each([2, 3])('gives every neuron one of %i workgroups, and shares them out evenly', (workgroups) => {
    const large = planEngine(balanced(4000, 1.5));
    const layout = place(large, workgroups)!;
    const { threadNeurons, workgroupSize, workgroupOfNeuron } = layout;
    const counts = Array.from({ length: workgroups }, () => 0);
    for (const [neuron, workgroup] of workgroupOfNeuron.entries()) {
      counts[workgroup]++;
      // One kind of cell: a neuron's number is its place.
      const threadNeuron = threadNeurons.filter(({ first }) => first <= neuron).at(-1)!;
      expect(Math.floor((neuron - threadNeuron.first) / workgroupSize)).toBe(workgroup);
    }
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(
      threadNeurons.length * 8 * workgroups,
    );
  });
});
