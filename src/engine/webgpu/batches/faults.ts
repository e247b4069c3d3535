import { EngineError, SimulationFault } from '../../engine.js';
import type { EnginePlan } from '../../plan.js';
import { BLOW_UP_NEURON_BITS } from '../kernels/buffer_layouts.js';
import type { Batch } from './batch.js';
import type { DecodedBatch } from './decode.js';

/** Throws EngineError where workgroups that share a network waited for each other in vain. */
export function throwIfBarrierMissed({ missed }: DecodedBatch): void {
  if (missed)
    throw new EngineError(
      "the adapter stopped running a network's workgroups at the same time; stop other programs, or set NCE_PROCESSORS=1, with which one workgroup has the network",
    );
}

/** Throws SimulationFault where a potential blew up. */
export function throwIfBlownUp(plan: EnginePlan, batch: Batch, { blowUp }: DecodedBatch): void {
  if (blowUp === null) return;
  const neuron = blowUp & (2 ** BLOW_UP_NEURON_BITS - 1);
  const epoch = batch.epochs[blowUp >>> BLOW_UP_NEURON_BITS];
  const population = plan.populations.find((p) => neuron < p.first + p.count)!;
  const timeMs = (epoch.first_step + epoch.steps) * plan.dtMs;
  throw new SimulationFault(population.name, neuron - population.first, timeMs);
}
