import { stateKeys } from '../../mechanism/cell_model.js';
import { blownUp } from '../blow_up.js';
import { SimulationFault } from '../engine.js';
import { planBatch } from './batches/batch.js';
import { decodeBatch } from './batches/decode.js';
import type { BlowUp } from './batches/faults.js';
import type { CircuitResources } from './circuit_resources.js';
import type { DeviceHandle } from './device/device.js';
import { submitBatch } from './dispatch/submit.js';
import { PATIENCE_S, readNeuron } from './state_readback.js';

/** How often the state is read at most: in every step of epochs that are no longer. */
const MOST_READINGS = 256;

/**
 * What blew up first, and when. A state that is not finite soon takes all others with it, so the run returns to its restore
 * point, is computed again as far as the epoch that ended in the blow-up, and from there step by step.
 */
export async function diagnose(
  handle: DeviceHandle,
  resources: CircuitResources,
  { neuron, firstStep, steps }: BlowUp,
): Promise<SimulationFault> {
  const { plan, restorePoint } = resources;
  const { name, first, cell } = plan.populations.find((p) => neuron < p.first + p.count)!;
  const keys = stateKeys(cell);
  const end = firstStep + steps;
  const stride = Math.ceil(steps / MOST_READINGS);
  let isSame = true;
  for (let done = restorePoint.restore(); isSame && done < end; ) {
    const target = done < firstStep ? firstStep : Math.min(end, done + stride);
    const batchSteps = Math.min(resources.pacer.steps, target - done);
    isSame = await recompute(handle, resources, done, batchSteps);
    done += batchSteps;
    if (done <= firstStep) continue;
    const fault = blownUp(keys, await readNeuron(handle, resources, neuron, keys.length), 0);
    if (fault) return new SimulationFault(name, neuron - first, done * plan.dtMs, fault.state);
  }
  return new SimulationFault(name, neuron - first, end * plan.dtMs, null);
}

/** Computes a batch again; false where it lost spikes, so that it is not the same. */
async function recompute(
  handle: DeviceHandle,
  resources: CircuitResources,
  firstStep: number,
  steps: number,
): Promise<boolean> {
  const { plan, config, staging } = resources;
  const batch = planBatch(plan, config, firstStep, steps);
  const slot = await handle.guard(staging.acquire());
  submitBatch(handle.device, resources, batch, await resources.steps.prepare(batch), slot.buffer);
  const decode = (bytes: ArrayBuffer) => decodeBatch(plan, config, batch, bytes).largestSpikeCount;
  return (await handle.guard(slot.read(decode), PATIENCE_S)) <= config.spikeCapacity;
}
