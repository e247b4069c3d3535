import { EngineError } from '../../engine.js';
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

/** Where a neuron blew up: somewhere in the steps of an epoch. */
export interface BlowUp {
  /** Number in the plan. */
  readonly neuron: number;
  readonly firstStep: number;
  readonly steps: number;
}

/** The first blow-up of a batch; null without one. */
export function blowUpOf({ epochs }: Batch, { blowUp }: DecodedBatch): BlowUp | null {
  if (blowUp === null) return null;
  const { first_step: firstStep, steps } = epochs[blowUp >>> BLOW_UP_NEURON_BITS];
  return { neuron: blowUp & (2 ** BLOW_UP_NEURON_BITS - 1), firstStep, steps };
}
