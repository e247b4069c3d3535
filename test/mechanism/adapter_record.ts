import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { SHADERS } from '../../src/engine/webgpu/kernels/shaders.generated.js';
import { constantOf, stateKeys } from '../../src/mechanism/cell_model.js';
import { HalfStepBack } from '../../src/mechanism/moved_back.js';
import { slowStates } from '../../src/mechanism/slow_states.js';
import { stepWgsl } from '../../src/mechanism/step_wgsl.js';
import { type CellRecord, differingConstants, type Experiment, SAMPLE_MS } from './cell_record.js';
import { stepOptions } from './step_options.js';

/** Most spikes of one experiment. */
const MOST_SPIKES = 512;

/**
 * Runs experiments with cells of the same equations on an adapter by staggered exponential Euler, each in a thread of its own:
 * a kernel of nothing but steps. Constants that differ between the cells are those of each neuron.
 */
export async function recordOnAdapter(
  handle: DeviceHandle,
  experiments: readonly Experiment[],
  dtMs: number,
): Promise<CellRecord[]> {
  const [{ cell }] = experiments;
  const varied = differingConstants(experiments);
  const slow = new Set(experiments.flatMap((experiment) => [...slowStates(experiment.cell, dtMs)]));
  const step = stepWgsl(
    cell,
    stepOptions({
      dtMs,
      fields: new Map(varied.map((name, i) => [name, `vary.value_${i}`])),
      vary: varied.length,
      compensated: slow,
    }),
  );
  const keys = ['V', ...stateKeys(cell)];
  const every = Math.round(SAMPLE_MS / dtMs);
  const steps = experiments.map(({ durationMs }) => Math.round(durationMs / dtMs));
  const rows = Math.floor(Math.max(...steps) / every) + 1;
  const width = 5 + varied.length + step.stateFields.length;
  const inputs = new Float32Array(width * experiments.length);
  const back = new HalfStepBack(cell, dtMs, experiments.length, new Set(varied));
  experiments.forEach(({ cell: own, start }, lane) => {
    back.V[lane] = start.V;
    stateKeys(cell).forEach((key, k) => {
      back.states[k][lane] = start.states[key];
    });
    for (const name of varied) back.varied.get(name)![lane] = constantOf(own, name);
  });
  back.run();
  experiments.forEach(({ cell: own, start, stimulus }, lane) => {
    const { constant = 0, pulse = 0, pulseMs = [0, 0] } = stimulus;
    const states = new Map(stateKeys(cell).map((key, k) => [key, back.states[k][lane]]));
    inputs.set(
      [
        steps[lane],
        constant,
        pulse,
        ...pulseMs.map((ms) => Math.round(ms / dtMs)),
        ...varied.map((name) => constantOf(own, name)),
        ...step.stateFields.map((field) => (field === 'V' ? start.V : (states.get(field) ?? 0))),
      ],
      width * lane,
    );
  });
  const member = (key: string) => step.stateMembers[step.stateFields.indexOf(key)];
  const vary = varied.map((_, i) => `inputs[at + ${5 + i}u]`).join(', ');
  const code = `${['linoid', 'linoid_slope', 'relaxation', 'last_place'].map((name) => SHADERS[`common/${name}`]).join('\n')}
const DT: f32 = ${dtMs};
struct SynapticInput { G: f32, drive: f32 }
struct Cell { unused: f32 }
${step.text}
@group(0) @binding(0) var<storage, read> inputs: array<f32>;
@group(0) @binding(1) var<storage, read_write> samples: array<f32>;
@group(0) @binding(2) var<storage, read_write> spikes: array<vec2f>;
@compute @workgroup_size(1) fn main(@builtin(global_invocation_id) id: vec3u) {
  let at = id.x * ${width}u;
  let cell = Cell(0.0);
  ${varied.length > 0 ? `let vary = Test_Vary(${vary});` : ''}
  let none = SynapticInput(0.0, 0.0);
  var s = Test_State(${step.stateFields.map((_, i) => `inputs[at + ${5 + varied.length + i}u]`).join(', ')});
  var count = 0u;
  for (var k = 0u; k <= u32(inputs[at]); k++) {
    let is_pulse = f32(k) >= inputs[at + 3u] && f32(k) < inputs[at + 4u];
    let before = s;
    s = Test_advance(before, cell, none, none, none, inputs[at + 1u] + select(0.0, inputs[at + 2u], is_pulse)${varied.length > 0 ? ', vary' : ''});
    if (k % ${every}u == 0u) {
      let row = (id.x * ${rows}u + k / ${every}u) * ${keys.length}u;
      samples[row] = before.V;
${keys
  .slice(1)
  .map((key, i) => `      samples[row + ${i + 1}u] = 0.5 * (before.${member(key)} + s.${member(key)});`)
  .join('\n')}
    }
    if (before.V <= -20.0 && s.V > -20.0 && count < ${MOST_SPIKES}u) {
      spikes[id.x * ${MOST_SPIKES}u + count] = vec2f(f32(k), (-20.0 - before.V) / (s.V - before.V));
      count++;
    }
  }
}
`;
  const { device } = handle;
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
  });
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const lanes = experiments.length;
  const sizes = [inputs.byteLength, 4 * lanes * rows * keys.length, 8 * lanes * MOST_SPIKES];
  const buffers = sizes.map((size) => device.createBuffer({ size, usage: STORAGE | COPY_SRC | COPY_DST }));
  device.queue.writeBuffer(buffers[0], 0, inputs);
  const reads = sizes.map((size) => device.createBuffer({ size, usage: MAP_READ | COPY_DST }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(lanes);
  pass.end();
  for (const i of [1, 2]) encoder.copyBufferToBuffer(buffers[i], 0, reads[i], 0, sizes[i]);
  device.queue.submit([encoder.finish()]);
  const [samples, spikes] = await Promise.all(
    [1, 2].map(async (i) => {
      await reads[i].mapAsync(GPUMapMode.READ);
      return new Float32Array(reads[i].getMappedRange().slice(0));
    }),
  );
  for (const buffer of [...buffers, ...reads]) buffer.destroy();
  return experiments.map((_, lane) => {
    const own = spikes.subarray(2 * MOST_SPIKES * lane, 2 * MOST_SPIKES * (lane + 1));
    const times: number[] = [];
    // Nothing fires in the very first step.
    for (let i = 0; i < MOST_SPIKES && own[2 * i] > 0; i++) times.push(dtMs * (own[2 * i] + own[2 * i + 1]));
    const count = Math.floor(steps[lane] / every) + 1;
    return {
      spikes: times,
      samplesOf: (key) => {
        const column = keys.indexOf(key);
        return Float64Array.from(
          { length: count },
          (__, i) => samples[(lane * rows + i) * keys.length + column],
        );
      },
    };
  });
}
