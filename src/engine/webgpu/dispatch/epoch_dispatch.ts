import type { EnginePlan } from '../../plan.js';
import type { EpochConstants } from '../batches/batch.js';
import { bindGroup } from '../kernels/bind_groups.js';
import type { CellPrograms } from '../kernels/cell_programs.js';
import { EPOCH_WORKGROUP_SIZE, type KernelConfiguration } from '../kernels/kernel_configuration.js';
import { runEpochModule } from '../kernels/program_modules.js';
import { ringBytes } from '../kernels/ring_word.js';
import type { Dispatch } from './dispatch.js';
import { type DispatchLimits, dispatchGrid } from './dispatch_grid.js';
import { EpochBindings } from './epoch_constants.js';

/** Workgroups of integrate_epoch: each is within one population. */
export const epochWorkgroups = ({ populations }: EnginePlan): number =>
  populations.reduce((sum, { count }) => sum + Math.ceil(count / EPOCH_WORKGROUP_SIZE), 0);

/**
 * Two dispatches per epoch for all neurons: integrate_epoch, then deliver_spikes once for each synapse shard with
 * `deliveryWorkgroups` that share the spikes.
 */
export function epochDispatch(
  plan: EnginePlan,
  { programs }: CellPrograms,
  deliveryWorkgroups: number,
  { maxComputeWorkgroupsPerDimension }: DispatchLimits,
): Dispatch {
  const grid = dispatchGrid(epochWorkgroups(plan), maxComputeWorkgroupsPerDimension);
  return {
    kind: 'epochs',
    memberLists: plan.members.map(() => [0, 1]),
    neuronsPerList: plan.neurons,
    kernels: ['integrate_epoch', 'deliver_spikes'],
    modules: {
      generated: { 'generated/run_epoch': runEpochModule(programs) },
    },
    arrangeRows: (rows) => rows,
    async compile(compile) {
      const integrate = (isWholeSamples: boolean) =>
        compile('integrate_epoch', { WHOLE_SAMPLES: isWholeSamples ? 1 : 0 });
      const [deliver] = await Promise.all([
        compile('deliver_spikes'),
        integrate(plan.epochSteps >= plan.sampleSteps),
      ]);
      return {
        bind(device, buffers, config) {
          const constants = new EpochBindings(device, buffers, 'integrate_epoch');
          const ofNeurons = bindGroup(device, 'integrate_epoch', buffers);
          const ofShards = buffers.shards.map((shard) =>
            bindGroup(device, 'deliver_spikes', { ...buffers, ...shard }),
          );
          return {
            async prepare({ epochs, isWholeSamples }) {
              const pipeline = await integrate(isWholeSamples);
              return (encoder) => {
                constants.write(epochs);
                encoder.clearBuffer(buffers.counters);
                let pass = encoder.beginComputePass();
                epochs.forEach((epoch, i) => {
                  pass.setPipeline(pipeline);
                  pass.setBindGroup(0, ofNeurons);
                  pass.setBindGroup(1, constants.group(i));
                  pass.dispatchWorkgroups(...grid);
                  if (config.hasSynapses && !config.clearsRing && epoch.steps > 0) {
                    pass.end();
                    clearRingSlots(encoder, buffers.inputRing, config, epoch);
                    pass = encoder.beginComputePass();
                  }
                  pass.setPipeline(deliver);
                  pass.setBindGroup(1, constants.group(i));
                  for (const group of ofShards) {
                    pass.setBindGroup(0, group);
                    pass.dispatchWorkgroups(deliveryWorkgroups);
                  }
                });
                return pass;
              };
            },
          };
        },
      };
    },
  };
}

/** Clears the slots that an epoch has read. */
function clearRingSlots(
  encoder: GPUCommandEncoder,
  ring: GPUBuffer,
  config: KernelConfiguration,
  epoch: EpochConstants,
): void {
  const { ringSlots } = config;
  const slotBytes = ringBytes(config) / ringSlots;
  const end = epoch.ring_slot + epoch.steps;
  encoder.clearBuffer(
    ring,
    epoch.ring_slot * slotBytes,
    (Math.min(end, ringSlots) - epoch.ring_slot) * slotBytes,
  );
  if (end > ringSlots) encoder.clearBuffer(ring, 0, (end - ringSlots) * slotBytes);
}
