import type { EnginePlan } from '../../plan.js';
import { splitRows } from '../buffers/synapse_shards.js';
import { bindGroup } from '../kernels/bind_groups.js';
import type { CellPrograms } from '../kernels/cell_programs.js';
import type { NeuronPlacement } from '../kernels/neuron_placement.js';
import { threadNeuronsModule } from '../kernels/program_modules.js';
import type { Dispatch } from './dispatch.js';
import { type DispatchLimits, dispatchGrid } from './dispatch_grid.js';
import { EpochBindings } from './epoch_constants.js';

/** One dispatch per batch: workgroups that hold whole networks compute all its epochs (simulate_network). */
export function networkDispatch(
  { members }: EnginePlan,
  { programs }: CellPrograms,
  placement: NeuronPlacement,
  { maxComputeWorkgroupsPerDimension }: DispatchLimits,
): Dispatch {
  const { workgroups, threadNeurons, workgroupSize } = placement;
  const grid = dispatchGrid(members.length * workgroups, maxComputeWorkgroupsPerDimension);
  return {
    kind: 'networks',
    memberLists: members.map((_, m) => [m * workgroups, (m + 1) * workgroups]),
    neuronsPerList: Math.min(
      Math.max(...members.map(({ neurons }) => neurons)),
      threadNeurons.length * workgroupSize,
    ),
    kernels: ['simulate_network'],
    modules: {
      generated: { 'generated/thread_neurons': threadNeuronsModule(programs, placement) },
      repeats: { NEURONS_PER_THREAD: threadNeurons.length },
    },
    arrangeRows: (rows) => splitRows(rows, placement),
    async compile(compile) {
      const simulate = await compile('simulate_network');
      return {
        bind(device, buffers) {
          const constants = new EpochBindings(device, buffers, 'simulate_network');
          // Without synapses the kernel never reads their bindings, but something has to be bound.
          const rows = buffers.shards[0] ?? { rowPointers: buffers.parameters, synapses: buffers.parameters };
          const group = bindGroup(device, 'simulate_network', { ...buffers, ...rows });
          return {
            prepare:
              async ({ whole }) =>
              (encoder) => {
                constants.write([whole]);
                encoder.clearBuffer(buffers.counters);
                const pass = encoder.beginComputePass();
                pass.setPipeline(simulate);
                pass.setBindGroup(0, group);
                pass.setBindGroup(1, constants.group(0));
                pass.dispatchWorkgroups(...grid);
                return pass;
              },
          };
        },
      };
    },
  };
}
