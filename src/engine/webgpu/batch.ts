import { EngineError } from '../engine.js';
import type { EnginePlan } from '../plan.js';
import type { FieldValues } from './layout.js';
import { type EPOCH, type KernelShape, MAX_EPOCHS_PER_BATCH } from './layouts.js';

/** Simulated time that one submit covers at most, ms. */
const LONGEST_BATCH_MS = 100;
/** Neuron-steps of one submit at most, so that progress and aborts stay fine-grained on slow adapters. */
const LARGEST_BATCH_NEURON_STEPS = 50_000_000;

/** Steps of a full batch: whole epochs, and at most what one submit should cover. */
export function stepsPerBatch(plan: EnginePlan): number {
  const steps = Math.min(LONGEST_BATCH_MS / plan.dtMs, LARGEST_BATCH_NEURON_STEPS / plan.neurons);
  const epochs = Math.floor(steps / plan.epochSteps);
  return plan.epochSteps * Math.min(Math.max(1, epochs), MAX_EPOCHS_PER_BATCH);
}

/** What one submit computes. */
export interface Batch {
  readonly firstStep: number;
  readonly steps: number;
  readonly epochs: readonly FieldValues<(typeof EPOCH)['fields']>[];
  /** First sample that ends in the batch, how many do, and the ring slot of the first. */
  readonly firstSample: number;
  readonly samples: number;
  readonly firstSampleSlot: number;
}

/** Cuts `steps` steps from `firstStep` into epochs. */
export function planBatch(plan: EnginePlan, shape: KernelShape, firstStep: number, steps: number): Batch {
  if (firstStep + steps > 2 ** 32 - 1)
    throw new EngineError(`a run has at most ${2 ** 32 - 1} steps; use a larger dt_ms or a shorter run`);
  const epochs: FieldValues<(typeof EPOCH)['fields']>[] = [];
  for (let done = 0; done < steps; ) {
    const step = firstStep + done;
    const epochSteps = Math.min(plan.epochSteps, steps - done);
    epochs.push({
      first_step: step,
      steps: epochSteps,
      ring_slot: step % plan.ringSlots,
      sample_slot: Math.floor(step / plan.sampleSteps) % shape.sampleSlots,
      sample_step: step % plan.sampleSteps,
      batch_step: done,
      index: epochs.length,
      pad: 0,
    });
    done += epochSteps;
  }
  const firstSample = Math.floor(firstStep / plan.sampleSteps);
  return {
    firstStep,
    steps,
    epochs,
    firstSample,
    samples: Math.floor((firstStep + steps) / plan.sampleSteps) - firstSample,
    firstSampleSlot: firstSample % shape.sampleSlots,
  };
}
