import { eventsBefore } from '../../../network/source_events.js';
import { EngineError, POPULATION_SIGNALS } from '../../engine.js';
import type { EnginePlan } from '../../plan.js';
import { type EPOCH, MAX_EPOCHS_PER_BATCH } from '../kernels/buffer_layouts.js';
import type { KernelConfiguration } from '../kernels/kernel_configuration.js';
import type { FieldValues } from '../kernels/wgsl_struct.js';

/** Simulated time that one submit covers at most, ms. */
const LONGEST_BATCH_MS = 100;
/** Neuron-steps of one submit at most, so that progress and aborts stay fine-grained on slow adapters. */
const LARGEST_BATCH_NEURON_STEPS = 50_000_000;

/** Steps that a batch is a multiple of: a sample of the recording, or an epoch where samples are very long. */
export function batchGranule(plan: EnginePlan): number {
  return Math.ceil(plan.sampleSteps / plan.epochSteps) < MAX_EPOCHS_PER_BATCH
    ? plan.sampleSteps
    : plan.epochSteps;
}

/** Steps of a full batch: at most what one submit should cover, and whose samples one buffer of `largestBytes` holds. */
export function stepsPerBatch(plan: EnginePlan, largestBytes: number): number {
  const steps = Math.min(LONGEST_BATCH_MS / plan.dtMs, LARGEST_BATCH_NEURON_STEPS / plan.neurons);
  const granule = batchGranule(plan);
  const epochsPerGranule = Math.ceil(granule / plan.epochSteps);
  // A batch that begins within a sample has one epoch more.
  const samplesThatFit = Math.floor(largestBytes / (4 * POPULATION_SIGNALS.length * plan.neurons)) - 1;
  const most = Math.min(
    Math.floor((MAX_EPOCHS_PER_BATCH - 1) / epochsPerGranule),
    Math.max(1, Math.floor((samplesThatFit * plan.sampleSteps) / granule)),
  );
  return granule * Math.min(Math.max(1, Math.floor(steps / granule)), most);
}

export type EpochConstants = FieldValues<(typeof EPOCH)['fields']>;

/** The first epoch of a batch that begins at `step`. */
export function epochAt(
  plan: EnginePlan,
  config: KernelConfiguration,
  step: number,
  steps: number,
): EpochConstants {
  return {
    first_step: step,
    steps,
    ring_slot: step % plan.ringSlots,
    sample_slot: Math.floor(step / plan.sampleSteps) % config.sampleSlots,
    sample_step: step % plan.sampleSteps,
    batch_step: 0,
    index: 0,
    first_event: eventsBefore(plan.sourceEvents, step),
    end_event: eventsBefore(plan.sourceEvents, step + steps),
  };
}

/** What one submit computes. */
export interface Batch {
  readonly firstStep: number;
  readonly steps: number;
  readonly epochs: readonly EpochConstants[];
  /** The batch as if it were one epoch, for kernels that cut it themselves in the same way. */
  readonly whole: EpochConstants;
  /** Whether every epoch is one whole sample: kernels then keep no partial sums. */
  readonly isWholeSamples: boolean;
  /** First sample that ends in the batch, how many do, and the ring slot of the first. */
  readonly firstSample: number;
  readonly samples: number;
  readonly firstSampleSlot: number;
}

/** Cuts `steps` steps from `firstStep` into epochs, which end where a sample does. */
export function planBatch(
  plan: EnginePlan,
  config: KernelConfiguration,
  firstStep: number,
  steps: number,
): Batch {
  if (firstStep + steps > 2 ** 32 - 1)
    throw new EngineError(`a run has at most ${2 ** 32 - 1} steps; use a larger dt_ms or a shorter run`);
  const epochs: EpochConstants[] = [];
  for (let done = 0; done < steps; ) {
    const step = firstStep + done;
    const epochSteps = Math.min(plan.epochSteps, steps - done, plan.sampleSteps - (step % plan.sampleSteps));
    epochs.push({
      ...epochAt(plan, config, step, epochSteps),
      batch_step: done,
      index: epochs.length,
    });
    done += epochSteps;
  }
  const firstSample = Math.floor(firstStep / plan.sampleSteps);
  return {
    firstStep,
    steps,
    epochs,
    whole: epochAt(plan, config, firstStep, steps),
    isWholeSamples: epochs.every((epoch) => epoch.steps === plan.sampleSteps),
    firstSample,
    samples: Math.floor((firstStep + steps) / plan.sampleSteps) - firstSample,
    firstSampleSlot: firstSample % config.sampleSlots,
  };
}
