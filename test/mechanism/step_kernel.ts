import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { SHADERS } from '../../src/engine/webgpu/kernels/shaders.generated.js';
import { CAPACITANCE, type CellModel, constantOf, stateKeys } from '../../src/mechanism/cell_model.js';
import { CellReadout } from '../../src/mechanism/cell_readout.js';
import { CellSteps } from '../../src/mechanism/cell_steps.js';
import type { CellStateValues } from '../../src/mechanism/reference_cell.js';
import { restOf } from '../../src/mechanism/rest.js';
import type { CellIntegrator } from '../../src/mechanism/step_tape.js';
import { stepWgsl } from '../../src/mechanism/step_wgsl.js';
import { traceWgsl } from '../../src/mechanism/trace_wgsl.js';
import { stepOptions } from './step_options.js';

export interface CellRun {
  readonly dtMs: number;
  readonly steps: number;
  /** One lane for each, uA/cm2. */
  readonly stimuli: readonly number[];
  readonly integrator?: CellIntegrator;
  /** Conductance at the start, mS/cm2, that decays with 5 ms; its reversal potential is 0 mV. */
  readonly G?: number;
  /** Constants that are fields of the cell, by name; those of one field are equal. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Constants that differ between lanes, with the value of each. */
  readonly varied?: Readonly<Record<string, readonly number[]>>;
  readonly compensated?: ReadonlySet<string>;
  /** Of every lane, or of each. */
  readonly start?: CellStateValues | readonly CellStateValues[];
  readonly traces?: readonly string[];
}

export interface CellResult {
  /** V and the states after the last step, then the traces; of every lane. */
  of(name: string, lane: number): number;
}

const startOf = (start: NonNullable<CellRun['start']>, lane: number): CellStateValues =>
  Array.isArray(start) ? start[lane] : (start as CellStateValues);

const DECAY_MS = 5;

/** A kernel of nothing but steps of one cell. */
export async function runOnAdapter(
  handle: DeviceHandle,
  cell: CellModel,
  run: CellRun,
): Promise<CellResult & { readonly text: string }> {
  const { dtMs, steps, stimuli, G = 0, varied = {}, start = restOf(cell), traces = [] } = run;
  const { [CAPACITANCE]: C = null, ...constants } = run.fields ?? {};
  const fields = new Map([
    ...Object.entries(constants).map(([name, field]) => [name, `cell.${field}`] as const),
    ...Object.keys(varied).map((name, i) => [name, `vary.value_${i}`] as const),
  ]);
  const varies = Object.values(varied);
  const options = stepOptions({
    dtMs,
    fields,
    C: C && `cell.${C}`,
    vary: varies.length,
    ...(run.integrator && { integrator: run.integrator }),
    ...(run.compensated && { compensated: run.compensated }),
  });
  const step = stepWgsl(cell, options);
  const values = new Map(Object.keys(run.fields ?? {}).map((name) => [name, constantOf(cell, name)]));
  const cellValues = new Map([
    ...Object.entries(run.fields ?? {}).map(([name, field]) => [field, constantOf(cell, name)] as const),
    ...step.hoisted.map(({ field, value }) => [field.slice('cell.'.length), value(values)] as const),
  ]);
  const width = step.stateFields.length + traces.length;
  const count = 1 + varies.length;
  const last = varies.length > 0 ? ', vary' : '';
  const functions = ['linoid', 'linoid_slope', 'relaxation', 'last_place'];
  const code = `${functions.map((name) => SHADERS[`common/${name}`]).join('\n')}
const DT: f32 = ${dtMs};
struct SynapticInput { G: f32, drive: f32 }
struct Cell { unused: f32, ${[...cellValues.keys()].map((field) => `${field}: f32,`).join(' ')} }
${step.text}
${traceWgsl(cell, traces, options)}
@group(0) @binding(0) var<storage, read_write> state: array<f32>;
@group(0) @binding(1) var<storage, read> lanes: array<f32>;
@group(0) @binding(2) var<storage, read> constants: array<f32>;
@compute @workgroup_size(1) fn main(@builtin(global_invocation_id) id: vec3u) {
  let lane = id.x;
  let cell = Cell(0.0, ${[...cellValues.keys()].map((_, i) => `constants[${i}]`).join(', ')});
  let I = lanes[lane * ${count}];
  ${varies.length > 0 ? `let vary = Test_Vary(${varies.map((_, i) => `lanes[lane * ${count} + ${i + 1}]`).join(', ')});` : ''}
  var s = Test_State(${step.stateFields.map((_, i) => `state[lane * ${width} + ${i}]`).join(', ')});
  var g = f32(${G}) + constants[0] * 0.0;
  for (var k = 0u; k < ${steps}u; k++) {
    let half = SynapticInput(g * ${Math.exp(-dtMs / 2 / DECAY_MS)}, 0.0);
    let full = SynapticInput(g * ${Math.exp(-dtMs / DECAY_MS)}, 0.0);
    s = Test_advance(s, cell, SynapticInput(g, 0.0), half, full, I${last});
    g = full.G;
  }
${step.stateMembers.map((member, i) => `  state[lane * ${width} + ${i}] = s.${member};`).join('\n')}
${traces.map((_, i) => `  state[lane * ${width} + ${step.stateFields.length + i}] = Test_trace_${i}(s, cell${last});`).join('\n')}
}
`;
  const { device } = handle;
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
  });
  const initial = new Float32Array(width * stimuli.length);
  stimuli.forEach((_, lane) => {
    step.stateFields.forEach((field, i) => {
      const { V, states } = startOf(start, lane);
      initial[lane * width + i] = field === 'V' ? V : (states[field] ?? 0);
    });
  });
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = (data: Float32Array<ArrayBuffer>) => {
    const made = device.createBuffer({ size: data.byteLength, usage });
    device.queue.writeBuffer(made, 0, data);
    return made;
  };
  const inLanes = stimuli.flatMap((I, lane) => [I, ...varies.map((of) => of[lane])]);
  const state = buffer(initial);
  const buffers = [
    state,
    buffer(Float32Array.from(inLanes)),
    buffer(Float32Array.from([...cellValues.values(), 0])),
  ];
  const read = device.createBuffer({
    size: initial.byteLength,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = buffers.map((resource, binding) => ({ binding, resource: { buffer: resource } }));
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(stimuli.length);
  pass.end();
  encoder.copyBufferToBuffer(state, 0, read, 0, initial.byteLength);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(GPUMapMode.READ);
  const results = Array.from(new Float32Array(read.getMappedRange()));
  const names = [...step.stateFields, ...traces];
  return { of: (name, lane) => results[lane * width + names.lastIndexOf(name)], text: step.text };
}

/** The same from the formulas as written. */
export function runInFloat64(cell: CellModel, run: CellRun): CellResult {
  const { dtMs, steps, stimuli, G = 0, varied = {}, start = restOf(cell), traces = [] } = run;
  const varies = new Set(Object.keys(varied));
  const neurons = new CellSteps(cell, run.integrator ?? 'exponential-euler', stimuli.length, varies);
  const readout = new CellReadout(cell, ['V', ...stateKeys(cell), ...traces], stimuli.length, varies);
  stimuli.forEach((_, lane) => {
    const { V, states } = startOf(start, lane);
    neurons.V[lane] = V;
    stateKeys(cell).forEach((key, i) => {
      neurons.states[i][lane] = states[key];
    });
  });
  neurons.dt.fill(dtMs);
  neurons.statesDt.fill(dtMs);
  neurons.I.set(stimuli);
  for (const [name, values] of Object.entries(varied)) {
    neurons.varied.get(name)!.set(values);
    readout.varied.get(name)!.set(values);
  }
  for (let step = 0; step < steps; step++) {
    const at = (share: number) => G * Math.exp(-((step + share) * dtMs) / DECAY_MS);
    neurons.synapses.start.G.fill(at(0));
    neurons.synapses.half.G.fill(at(0.5));
    neurons.synapses.full.G.fill(at(1));
    neurons.run();
  }
  readout.V.set(neurons.V);
  readout.states.forEach((values, i) => {
    values.set(neurons.states[i]);
  });
  readout.run();
  const names = ['V', ...stateKeys(cell), ...traces];
  return { of: (name, lane) => readout.values[names.lastIndexOf(name)][lane] };
}
