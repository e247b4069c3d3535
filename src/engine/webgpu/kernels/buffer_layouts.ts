import { POPULATION_SIGNALS, TRACE_VARIABLES } from '../../engine.js';
import type { EnginePlan, PlannedStimulus } from '../../plan.js';
import { LFP_SIGNALS } from '../../signals.js';
import { constantField } from './cell_programs.js';
import {
  EPOCH_WORKGROUP_SIZE,
  type KernelConfiguration,
  outputsPerSample,
  REDUCTION_WORKGROUP_SIZE,
  reducedSignals,
} from './kernel_configuration.js';
import { SIGNAL_ROWS } from './signals_module.js';
import { rowConstants } from './state_module.js';
import { declareStruct, struct } from './wgsl_struct.js';

/** Bits of a blow-up report that name the neuron; the rest names the epoch of the batch. */
export const BLOW_UP_NEURON_BITS = 22;
/** Most epochs of a batch, and most neurons, that a blow-up report can name. */
export const MAX_EPOCHS_PER_BATCH = 2 ** (32 - BLOW_UP_NEURON_BITS) - 1;
export const MAX_GPU_NEURONS = 2 ** BLOW_UP_NEURON_BITS;

/** What a stimulus does; the numbers that the kernel compares with. */
export const STIMULUS_KIND = { current: 0, poisson: 1, noise: 2 } as const;

/** Constants of one epoch. */
export const EPOCH = struct('Epoch', {
  /** First step since time 0, and number of steps. */
  first_step: 'u32',
  steps: 'u32',
  /** Ring slot of the first step. */
  ring_slot: 'u32',
  /** Slot of the running sample, and how many of its steps are done. */
  sample_slot: 'u32',
  sample_step: 'u32',
  /** First step since the start of the batch; number of the epoch in the batch. */
  batch_step: 'u32',
  index: 'u32',
  /** The events of spike sources in the epoch's steps: [first, end). */
  first_event: 'u32',
  end_event: 'u32',
});

/** Neurons and spike sources whose rows one synapse buffer holds. */
export const SHARD = struct('Shard', { first_source: 'u32', sources: 'u32', pad0: 'u32', pad1: 'u32' });

/** A network of the plan: its populations. */
export const MEMBER = struct('Member', { first: 'u32', end: 'u32' });

/** A ReductionChunk. */
export const CHUNK = struct('Chunk', { first: 'u32', end: 'u32', stride: 'u32' });

/** Samples that one batch reduces. */
export const REDUCTION = struct('Reduction', { first_slot: 'u32', samples: 'u32', pad0: 'u32', pad1: 'u32' });

export const stimulusStruct = (config: KernelConfiguration) =>
  struct('Stimulus', {
    kind: 'u32',
    start_step: 'u32',
    stop_step: 'u32',
    key: 'u32',
    /** Receptor of a Poisson input, slot of a noise current. */
    slot: 'u32',
    /** First of its Poisson thresholds in the table, their number, and the first ones themselves. */
    first_threshold: 'u32',
    threshold_count: 'u32',
    thresholds: ['u32', Math.max(1, config.inlineThresholds)],
    /** Current, uA/cm2; conductance of a Poisson event, mS/cm2; mean of a noise current. */
    amplitude: 'f32',
    decay: 'f32',
    noise_increment: 'f32',
  });

export function cellStruct(config: KernelConfiguration) {
  return struct('Cell', {
    first_neuron: 'u32',
    neurons: 'u32',
    first_workgroup: 'u32',
    first_stimulus: 'u32',
    spike_threshold: 'f32',
    refractory_steps: 'f32',
    program: 'u32',
    /** What a neuron's number within its network counts from. */
    network_origin: 'u32',
    /** By receptor: mS/cm2 of a quantum; mV; exp(-dt/tau) and its square root; 1 for excitatory, 0 for inhibitory. */
    quantum: ['f32', config.receptors],
    reversal: ['f32', config.receptors],
    decay: ['f32', config.receptors],
    half_decay: ['f32', config.receptors],
    excitatory: ['f32', config.receptors],
    /** What has a name in the equations of the cell; see cellPrograms. */
    ...Object.fromEntries(
      Array.from(config.cells.constants[0], (_, k) => [constantField(k), 'f32' as const]),
    ),
  });
}

/** 32-bit words of a cache line: each counter has one of its own, after one for what is reported. */
const WORDS_OF_COUNT = 16;

/** Words of the counters that come back after each batch, and where the spikes of a list are counted. */
export const reportedWords = ({ spikeLists }: KernelConfiguration): number =>
  WORDS_OF_COUNT * (1 + spikeLists);
export const spikeCountWord = (list: number): number => WORDS_OF_COUNT * (1 + list);
/** Words of all counters. */
export const counterWords = (config: KernelConfiguration): number =>
  reportedWords(config) + WORDS_OF_COUNT + 2 * config.spikeLists + MAX_EPOCHS_PER_BATCH + 1;

/** The module generated/buffer_layouts of every kernel: structs and constants of this network. */
export function bufferLayoutModule(plan: EnginePlan, config: KernelConfiguration): string {
  const constants: Record<string, number> = {
    NEURONS: config.neurons,
    POPULATIONS: config.populations,
    RECEPTORS: config.receptors,
    EPOCH_WORKGROUP_SIZE,
    REDUCTION_WORKGROUP_SIZE,
    EPOCH_STEPS: config.epochSteps,
    RING_SLOTS: config.ringSlots,
    INLINE_THRESHOLDS: config.inlineThresholds,
    ...rowConstants(config.rows),
    SPIKE_CAPACITY: config.spikeCapacity,
    LISTS: config.spikeLists,
    SYNAPSE_ROWS: plan.neurons + plan.spikeSources,
    SAMPLE_STEPS: config.sampleSteps,
    SAMPLE_SLOTS: config.sampleSlots,
    SIGNALS: POPULATION_SIGNALS.length,
    ...SIGNAL_ROWS,
    LFP_SIGNALS: LFP_SIGNALS.length,
    ELECTRODES: config.electrodes,
    REDUCED_SIGNALS: reducedSignals(config),
    OUTPUTS: outputsPerSample(config),
    CHUNKS: config.chunks.length,
    TRACES: config.recorded.length,
    TRACE_WIDTH: config.traceWidth,
    TRACE_CONDUCTANCES: TRACE_VARIABLES.length,
    BLOW_UP_NEURON_BITS,
    STIMULUS_CURRENT: STIMULUS_KIND.current,
    STIMULUS_NOISE: STIMULUS_KIND.noise,
  };
  const has = (kind: PlannedStimulus['kind']) => plan.stimuli.some((s) => s.kind === kind);
  const switches: Record<string, boolean> = {
    HAS_CURRENTS: has('current'),
    HAS_SPIKE_SOURCES: plan.sourceEvents.rows.length > 0,
    HAS_NOISE: has('noise'),
    HAS_RANDOM_STIMULI: has('poisson') || has('noise'),
    HAS_LONG_THRESHOLD_TABLES: config.longestThresholds > config.inlineThresholds,
    HAS_SYNAPSES: config.hasSynapses,
    CLEARS_RING: config.clearsRing,
    HAS_INJECTED_CURRENT: config.injectsCurrent,
    HAS_REFRACTORINESS: plan.populations.some((p) => p.refractorySteps > 0),
    NEEDS_MIDDLE_INPUT: plan.integrator !== 'exponential-euler-simultaneous',
    NEEDS_END_INPUT: plan.integrator === 'rk4',
  };
  return [
    ...Object.entries(constants).map(([name, value]) => `const ${name} = ${value}u;\n`),
    ...Array.from({ length: config.receptors }, (_, r) => {
      const isKinetic = r < plan.receptors && plan.populations[0].receptors[r].tauMs === null;
      return `const IS_KINETIC_${r} = ${isKinetic};\n`;
    }),
    ...Object.entries(switches).map(([name, value]) => `const ${name} = ${value};\n`),
    `const DT: f32 = ${plan.dtMs};\n`,
    ...[EPOCH, SHARD, CHUNK, REDUCTION, MEMBER, stimulusStruct(config), cellStruct(config)].map(
      declareStruct,
    ),
    `struct Parameters {
  cells: array<Cell, POPULATIONS>,
  members: array<Member, ${config.members}>,
  stimuli: array<Stimulus, ${stimulusCount(config)}>,
  recorded: array<u32, ${Math.max(1, config.recorded.length)}>,
  thresholds: array<u32>,
}
// One count in a line of the cache, which another workgroup's count must not take away.
struct Count {
  value: atomic<u32>,
  filler: array<u32, ${WORDS_OF_COUNT - 1}>,
}
struct Counters {
  blow_up: atomic<u32>,
  missed: atomic<u32>,
  filler: array<u32, ${WORDS_OF_COUNT - 2}>,
  spike_counts: array<Count, LISTS>,
  // How often workgroups have arrived at the barrier, and the spikes that each had at the end of the last two epochs.
  arrivals: Count,
  listed: array<atomic<u32>, 2 * LISTS>,
  epoch_start: array<u32>,
}
`,
  ].join('');
}

/** Stimulus slots of all populations; at least one, since WGSL has no empty arrays. */
export const stimulusCount = (config: KernelConfiguration) =>
  Math.max(1, config.populations * config.stimuliPerCell);
