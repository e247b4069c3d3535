import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import { type LinkOptions, linkShader } from '../../../src/engine/webgpu/kernels/link.js';

type Data = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | ArrayBuffer;

/** A buffer of a kernel, by its binding's number within its group. */
export interface Binding {
  readonly type: GPUBufferBindingType;
  readonly data: Data;
}

/** Runs one dispatch of a compute shader; returns what its storage buffers hold then, by group and binding. */
export async function runWgsl(
  { device, guard }: DeviceHandle,
  code: string,
  entryPoint: string,
  groups: readonly (readonly Binding[])[],
  workgroups: number,
): Promise<ArrayBuffer[][]> {
  const created: GPUBuffer[] = [];
  const make = (size: number, usage: number) => {
    const buffer = device.createBuffer({ size: Math.max(16, size), usage });
    created.push(buffer);
    return buffer;
  };
  const bindGroupLayouts = groups.map((bindings) =>
    device.createBindGroupLayout({
      entries: bindings.map(({ type }, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type },
      })),
    }),
  );
  const pipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts }),
    compute: { module: device.createShaderModule({ code }), entryPoint },
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const buffers = groups.map((bindings) =>
    bindings.map(({ type, data }) => {
      const { COPY_DST, COPY_SRC, STORAGE, UNIFORM } = GPUBufferUsage;
      const buffer = make(data.byteLength, COPY_DST | COPY_SRC | (type === 'uniform' ? UNIFORM : STORAGE));
      device.queue.writeBuffer(buffer, 0, data);
      return buffer;
    }),
  );
  buffers.forEach((bound, group) => {
    pass.setBindGroup(
      group,
      device.createBindGroup({
        layout: bindGroupLayouts[group],
        entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
      }),
    );
  });
  pass.dispatchWorkgroups(workgroups);
  pass.end();
  const readbacks = buffers.map((bound, group) =>
    bound.map((buffer, binding) => {
      const size = groups[group][binding].data.byteLength;
      const readback = make(size, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
      encoder.copyBufferToBuffer(buffer, 0, readback, 0, size);
      return { readback, size };
    }),
  );
  device.queue.submit([encoder.finish()]);
  const results = await Promise.all(
    readbacks.map((bound) =>
      Promise.all(
        bound.map(async ({ readback, size }) => {
          await guard(readback.mapAsync(GPUMapMode.READ));
          return readback.getMappedRange().slice(0, size);
        }),
      ),
    ),
  );
  for (const buffer of created) buffer.destroy();
  return results;
}

/** WGSL that is run for every row of the inputs: how it is put together, and how many numbers go in and come out. */
export interface RowProgram {
  /** Declarations and `#import`s. */
  readonly declarations: string;
  /** Reads input[0], input[1], ... and writes output[0], ... of its row. */
  readonly body: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Words of the inputs and outputs. */
  readonly scalar?: 'f32' | 'u32';
  readonly link?: LinkOptions;
}

/** Runs WGSL for every row of `rows`; returns the outputs, one row after another. */
export async function evaluateRows(
  handle: DeviceHandle,
  { declarations, body, inputs, outputs, scalar = 'f32', link = {} }: RowProgram,
  rows: readonly (readonly number[])[],
): Promise<Float32Array | Uint32Array> {
  const entry = `${declarations}
@group(0) @binding(0) var<storage, read> all_inputs: array<array<${scalar}, ${inputs}>>;
@group(0) @binding(1) var<storage, read_write> all_outputs: array<array<${scalar}, ${outputs}>>;

@compute @workgroup_size(64)
fn evaluate_rows(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${rows.length}u) { return; }
  var input = all_inputs[id.x];
  var output: array<${scalar}, ${outputs}>;
  ${body}
  all_outputs[id.x] = output;
}
`;
  const code = linkShader('test/entry', { ...link, generated: { ...link.generated, 'test/entry': entry } });
  const Words = scalar === 'f32' ? Float32Array : Uint32Array;
  const data = Words.from(rows.flat());
  const bindings: Binding[] = [
    { type: 'read-only-storage', data },
    { type: 'storage', data: new Words(outputs * rows.length) },
  ];
  const [[, result]] = await runWgsl(handle, code, 'evaluate_rows', [bindings], Math.ceil(rows.length / 64));
  return new Words(result);
}
