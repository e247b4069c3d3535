import { POPULATION_SIGNALS } from '../../engine.js';
import type { EnginePlan } from '../../plan.js';
import { LFP_SIGNALS, TRACE_VARIABLES } from '../../signals.js';
import { type StateRows, stateRows } from '../../state_rows.js';
import type { CellPrograms } from './cell_programs.js';

/** Threads of a workgroup of integrate_epoch and of deliver_spikes. */
export const EPOCH_WORKGROUP_SIZE = 64;
/** Threads of a workgroup of the recording's reduction. */
export const REDUCTION_WORKGROUP_SIZE = 64;

/** Neurons of one thread of the recording's reduction, at most. */
const CHUNK_NEURONS = 64;

/** Poisson thresholds that are compared in the kernel's code, at most; the rest is looked up. */
const MOST_INLINE_THRESHOLDS = 8;

/** Every `stride`th neuron of a population from the `first` on, [first, end): what one thread of the reduction adds. */
export interface ReductionChunk {
  readonly first: number;
  readonly end: number;
  readonly stride: number;
}

/** Everything that sizes the buffers and the kernels of one network. */
export interface KernelConfiguration {
  readonly cells: CellPrograms;
  readonly neurons: number;
  readonly populations: number;
  /** At least 1: a network without receptors gets an unused one. */
  readonly receptors: number;
  readonly receptorsPerWord: 1 | 2;
  /** Stimuli of every population, filled up with inert ones. */
  readonly stimuliPerCell: number;
  readonly inlineThresholds: number;
  readonly longestThresholds: number;
  /** Whether the neuron kernel clears the input that it has read; else the host clears the slots after every epoch. */
  readonly clearsRing: boolean;
  readonly injectsCurrent: boolean;
  /** Whether input arrives through the ring at all. */
  readonly hasSynapses: boolean;
  readonly epochSteps: number;
  readonly ringSlots: number;
  /** Rows of the state buffer, one value per neuron each. */
  readonly rows: StateRows;
  /** Lists that spikes are appended to, which of them [first, end) are a member's, and what each can hold in a batch. */
  readonly spikeLists: number;
  readonly memberLists: readonly (readonly [first: number, end: number])[];
  readonly spikeCapacity: number;
  readonly sampleSteps: number;
  readonly sampleSlots: number;
  readonly members: number;
  /** Electrodes of the member that has most. */
  readonly electrodes: number;
  /** Recorded neurons of all members. */
  readonly recorded: readonly number[];
  readonly traceWidth: number;
  readonly chunks: readonly ReductionChunk[];
  /** [first, end) into chunks, by population and by member. */
  readonly populationChunks: readonly (readonly [first: number, end: number])[];
  readonly memberChunks: readonly (readonly [first: number, end: number])[];
}

/** The parts of a configuration that do not follow from the plan. */
export type KernelOptions = Pick<
  KernelConfiguration,
  | 'cells'
  | 'hasSynapses'
  | 'memberLists'
  | 'spikeCapacity'
  | 'sampleSlots'
  | 'injectsCurrent'
  | 'clearsRing'
  | 'receptorsPerWord'
>;

export function kernelConfiguration(plan: EnginePlan, options: KernelOptions): KernelConfiguration {
  const receptors = Math.max(1, plan.receptors);
  const longestThresholds = Math.max(
    0,
    ...plan.stimuli.map((s) => (s.kind === 'poisson' ? s.thresholds.length : 0)),
  );
  const chunks: ReductionChunk[] = [];
  const populationChunks = plan.populations.map(({ first, count }) => {
    const start = chunks.length;
    const stride = Math.ceil(count / CHUNK_NEURONS);
    for (let k = 0; k < stride; k++) chunks.push({ first: first + k, end: first + count, stride });
    return [start, chunks.length] as const;
  });
  return {
    ...options,
    spikeLists: Math.max(...options.memberLists.map(([, end]) => end)),
    neurons: plan.neurons,
    populations: plan.populations.length,
    receptors,
    stimuliPerCell: Math.max(0, ...plan.populations.map((p) => p.stimuli.length)),
    inlineThresholds: Math.min(longestThresholds, MOST_INLINE_THRESHOLDS),
    longestThresholds,
    epochSteps: plan.epochSteps,
    ringSlots: plan.ringSlots,
    rows: stateRows({
      states: options.cells.states,
      receptors,
      noiseSlots: plan.startNoise.length,
      varied: options.cells.varied,
    }),
    sampleSteps: plan.sampleSteps,
    members: plan.members.length,
    electrodes: Math.max(...plan.members.map((member) => member.electrodes.length)),
    recorded: plan.members.flatMap((member) => member.recorded.map(({ neuron }) => neuron)),
    traceWidth:
      TRACE_VARIABLES.length +
      receptors +
      Math.max(...options.cells.programs.map(({ variables }) => variables.length)),
    chunks,
    populationChunks,
    memberChunks: plan.members.map(({ firstPopulation, populations }) => [
      populationChunks[firstPopulation][0],
      populationChunks[firstPopulation + populations - 1][1],
    ]),
  };
}

/** Values of one chunk in one sample: the populations' signals, then two per electrode. */
export function reducedSignals(config: KernelConfiguration): number {
  return POPULATION_SIGNALS.length + LFP_SIGNALS.length * config.electrodes;
}

/** Values of one reduced sample: populations' signals, then two for each electrode of each member. */
export function outputsPerSample(config: KernelConfiguration): number {
  return (
    config.populations * POPULATION_SIGNALS.length + LFP_SIGNALS.length * config.electrodes * config.members
  );
}
