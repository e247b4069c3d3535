import type { DeviceHandle } from '../device/device.js';
import { MAP_MODE_READ, USAGE } from '../device/gpu_constants.js';
import { bindGroup, bindGroupLayouts } from '../kernels/bind_groups.js';
import { bindingsModule } from '../kernels/bindings.js';
import { linkShader } from '../kernels/link.js';
import { workgroupBarrierModule } from '../kernels/workgroup_barrier.js';

const KERNEL = 'probe_workgroup_barrier';

/** How often the workgroups of the probe check in total whether all have arrived: a few tenths of a second. */
const PROBE_TRIES = 2 ** 24;

const known = new WeakMap<GPUDevice, Map<number, Promise<boolean>>>();

/** Whether so many workgroups of one dispatch run at the same time on a device; asked once. */
export function workgroupsRunAtOnce(handle: DeviceHandle, workgroups: number): Promise<boolean> {
  const ofDevice = known.get(handle.device) ?? new Map<number, Promise<boolean>>();
  known.set(handle.device, ofDevice);
  const runAtOnce = ofDevice.get(workgroups) ?? probe(handle, workgroups);
  ofDevice.set(workgroups, runAtOnce);
  return runAtOnce;
}

async function probe({ device, guard }: DeviceHandle, workgroups: number): Promise<boolean> {
  const code = linkShader(KERNEL, {
    generated: {
      'generated/bindings': bindingsModule(KERNEL),
      'generated/workgroup_barrier': workgroupBarrierModule(workgroups, PROBE_TRIES),
    },
  });
  const pipeline = await device.createComputePipelineAsync({
    label: KERNEL,
    layout: device.createPipelineLayout({ bindGroupLayouts: bindGroupLayouts(device, KERNEL) }),
    compute: { module: device.createShaderModule({ code }), entryPoint: KERNEL },
  });
  const counters = device.createBuffer({ size: 8, usage: USAGE.STORAGE | USAGE.COPY_SRC });
  const result = device.createBuffer({ size: 8, usage: USAGE.MAP_READ | USAGE.COPY_DST });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup(device, KERNEL, { counters }));
  pass.dispatchWorkgroups(workgroups);
  pass.end();
  encoder.copyBufferToBuffer(counters, 0, result, 0, 8);
  device.queue.submit([encoder.finish()]);
  await guard(result.mapAsync(MAP_MODE_READ));
  const [arrivals, missed] = new Uint32Array(result.getMappedRange());
  counters.destroy();
  result.destroy();
  return arrivals === workgroups && missed === 0;
}
