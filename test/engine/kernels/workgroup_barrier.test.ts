import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import { linkShader } from '../../../src/engine/webgpu/kernels/link.js';
import { workgroupBarrierModule } from '../../../src/engine/webgpu/kernels/workgroup_barrier.js';
import { workgroupsRunAtOnce } from '../../../src/engine/webgpu/software/barrier_probe.js';
import { testDevice } from '../support.js';
import { runWgsl } from './run_wgsl.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const ROUNDS = 50;

/** Every workgroup adds 1 to a sum, waits for the others and notes the sum: a multiple of their number each time. */
const entry = (workgroups: number, mostTries: number) => `
${workgroupBarrierModule(workgroups, mostTries)}
#import common/workgroup_barrier
struct Count { value: atomic<u32> }
struct Counters { arrivals: Count, missed: atomic<u32>, sum: atomic<u32> }
@group(0) @binding(0) var<storage, read_write> counters: Counters;
@group(0) @binding(1) var<storage, read_write> seen: array<u32>;

@compute @workgroup_size(1)
fn wait_and_note(@builtin(workgroup_id) workgroup: vec3u) {
  for (var round = 0u; round < ${ROUNDS}u; round++) {
    atomicAdd(&counters.sum, 1u);
    workgroup_barrier(2u * round + 1u);
    seen[workgroup.x * ${ROUNDS}u + round] = atomicLoad(&counters.sum);
    workgroup_barrier(2u * round + 2u);
  }
}
`;

async function run(workgroups: number, dispatched: number, mostTries: number) {
  const code = linkShader('test/entry', { generated: { 'test/entry': entry(workgroups, mostTries) } });
  const [[counters, seen]] = await runWgsl(
    device,
    code,
    'wait_and_note',
    [
      [
        { type: 'storage', data: new Uint32Array(4) },
        { type: 'storage', data: new Uint32Array(workgroups * ROUNDS) },
      ],
    ],
    dispatched,
  );
  const [arrivals, missed] = new Uint32Array(counters);
  return { arrivals, missed, seen: [...new Uint32Array(seen)] };
}

it('lets no workgroup pass before all have arrived, time after time', async () => {
  // Only where workgroups run at once may they wait for each other; one alone always passes.
  const workgroups = (await workgroupsRunAtOnce(device, 2)) ? 2 : 1;
  const { arrivals, missed, seen } = await run(workgroups, workgroups, 2 ** 28);
  expect(missed).toBe(0);
  expect(arrivals).toBe(2 * ROUNDS * workgroups);
  const expected = Array.from({ length: ROUNDS }, (_, round) => workgroups * (round + 1));
  expect(seen).toEqual(Array.from({ length: workgroups }, () => expected).flat());
});

it('gives up if a workgroup never arrives, and reports it', async () => {
  const { arrivals, missed } = await run(2, 1, 1000);
  expect(missed).toBe(1);
  expect(arrivals).toBe(2 * ROUNDS);
});
