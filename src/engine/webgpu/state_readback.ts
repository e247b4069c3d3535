import { stateKeys } from '../../mechanism/cell_model.js';
import { CellReadout } from '../../mechanism/cell_readout.js';
import type { EngineSnapshot, NeuronStates } from '../engine.js';
import type { PlannedPopulation } from '../plan.js';
import { runningSums } from './buffers/sample_sums.js';
import type { CircuitResources } from './circuit_resources.js';
import type { DeviceHandle } from './device/device.js';
import { MAP_MODE_READ, USAGE } from './device/gpu_constants.js';
import type { SubmitResources } from './dispatch/submit.js';
import { ringBytes, unpackRing } from './kernels/ring_word.js';

/** Longest wait for a result, s; a submit is meant to take half a second. */
export const PATIENCE_S = 120;

/** All that a run needs to continue to the bit, after `stepsDone` steps. */
export async function readSnapshot(
  handle: DeviceHandle,
  { config, buffers, plan }: CircuitResources,
  stepsDone: number,
): Promise<EngineSnapshot> {
  const sumsPlace = runningSums(config, stepsDone);
  const [rows, ring, sums] = await read(handle, [
    [buffers.state, 0, 4 * config.rows.varied * config.neurons],
    [buffers.inputRing, 0, ringBytes(config)],
    [buffers.sampleSums, sumsPlace.byteOffset, sumsPlace.byteLength],
  ]);
  return {
    kind: 'webgpu',
    stepsDone,
    rows: new Float32Array(rows),
    states: config.cells.states,
    receptors: config.receptors,
    noiseSlots: plan.startNoise.length,
    ring: unpackRing(new Int32Array(ring), config),
    ringSlots: config.ringSlots,
    sampleSums: new Float32Array(sums),
  };
}

/** State of one member in physical units. */
export async function readStates(
  handle: DeviceHandle,
  { plan, config, buffers }: CircuitResources,
  member: number,
): Promise<NeuronStates> {
  const { firstNeuron, neurons } = plan.members[member];
  const [bytes] = await read(handle, [[buffers.state, 0, 4 * config.rows.count * config.neurons]]);
  const rows = new Float32Array(bytes);
  const row = (index: number) => {
    const start = index * config.neurons + firstNeuron;
    return Float64Array.from(rows.subarray(start, start + neurons));
  };
  const conductance_nS = Array.from({ length: plan.receptors }, (_, r) => row(config.rows.g + r));
  for (const { first, count, nS_per_mS_cm2, networkOrigin } of plan.populations) {
    if (networkOrigin !== firstNeuron) continue;
    for (const conductance of conductance_nS)
      for (let i = first; i < first + count; i++) conductance[i - firstNeuron] *= nS_per_mS_cm2;
  }
  const most = Math.max(...plan.populations.map(({ cell }) => stateKeys(cell).length));
  const states = Array.from({ length: most }, (_, k) => row(config.rows.states + k));
  const state = { V_mV: row(config.rows.V), states, conductance_nS };
  for (const population of plan.populations.filter(({ networkOrigin }) => networkOrigin === firstNeuron))
    conductancesFromStates(population, state, firstNeuron);
  return state;
}

/** Fills in the conductances of receptors whose kinetics are mechanisms, nS. */
function conductancesFromStates(
  { cell, receptors, first, count, nS_per_mS_cm2 }: PlannedPopulation,
  { V_mV, states, conductance_nS }: NeuronStates,
  firstNeuron: number,
): void {
  if (cell.receptors.length === 0) return;
  const readout = new CellReadout(
    cell,
    cell.receptors.map(({ density }) => density),
    count,
  );
  const own = (values: Float64Array) => values.subarray(first - firstNeuron, first - firstNeuron + count);
  readout.V.set(own(V_mV));
  readout.states.forEach((values, k) => {
    values.set(own(states[k]));
  });
  readout.run();
  cell.receptors.forEach(({ label }, r) => {
    const number = receptors.findIndex(({ name }) => name === label);
    own(conductance_nS[number]).set(readout.values[r].map((density) => density * nS_per_mS_cm2));
  });
}

/** V and the states of one neuron, by its number in the plan: arrays of one value. */
export async function readNeuron(
  handle: DeviceHandle,
  { config, buffers }: SubmitResources,
  neuron: number,
  states: number,
): Promise<Pick<NeuronStates, 'V_mV' | 'states'>> {
  const rows = [config.rows.V, ...Array.from({ length: states }, (_, k) => config.rows.states + k)];
  const values = await read(
    handle,
    rows.map((row) => [buffers.state, 4 * (row * config.neurons + neuron), 4]),
  );
  const [V_mV, ...others] = values.map((bytes) => Float64Array.from(new Float32Array(bytes)));
  return { V_mV, states: others };
}

async function read(
  { device, guard }: DeviceHandle,
  parts: readonly (readonly [GPUBuffer, number, number])[],
): Promise<ArrayBuffer[]> {
  const encoder = device.createCommandEncoder();
  const stagings = parts.map(([buffer, offset, size]) => {
    const staging = device.createBuffer({
      label: 'readback',
      size,
      usage: USAGE.MAP_READ | USAGE.COPY_DST,
    });
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
    return staging;
  });
  device.queue.submit([encoder.finish()]);
  try {
    await guard(Promise.all(stagings.map((staging) => staging.mapAsync(MAP_MODE_READ))), PATIENCE_S);
    return stagings.map((staging) => staging.getMappedRange().slice(0));
  } finally {
    for (const staging of stagings) staging.destroy();
  }
}
