import type { Integrator } from '../../model/circuit.js';
import { POPULATION_CHANNELS, TRACE_VARIABLES } from '../engine.js';
import type { EnginePlan, PlannedStimulus } from '../plan.js';
import { type KernelShape, outputsPerSample, reducedChannels } from './kernel_shape.js';
import { pack, struct, wgslStruct } from './layout.js';

/** Bits of a blow-up report that name the neuron; the rest names the epoch of the batch. */
export const BLOW_UP_NEURON_BITS = 22;
/** Most epochs of a batch, and most neurons, that a blow-up report can name. */
export const MAX_EPOCHS_PER_BATCH = 2 ** (32 - BLOW_UP_NEURON_BITS) - 1;
export const MAX_GPU_NEURONS = 2 ** BLOW_UP_NEURON_BITS;

/** What a stimulus does; the numbers that the kernel compares with. */
const STIMULUS_KIND = { current: 0, poisson: 1, noise: 2 } as const;

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
const MEMBER = struct('Member', { first: 'u32', end: 'u32' });

/** A ReductionChunk. */
export const CHUNK = struct('Chunk', { first: 'u32', end: 'u32', stride: 'u32' });

/** Samples that one batch reduces. */
export const REDUCTION = struct('Reduction', { first_slot: 'u32', samples: 'u32', pad0: 'u32', pad1: 'u32' });

const stimulusLayout = (shape: KernelShape) =>
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
    thresholds: ['u32', Math.max(1, shape.inlineThresholds)],
    /** Current, uA/cm2; conductance of a Poisson event, mS/cm2; mean of a noise current. */
    amplitude: 'f32',
    decay: 'f32',
    kick: 'f32',
  });

function cellLayout(shape: KernelShape) {
  return struct('Cell', {
    first_neuron: 'u32',
    neurons: 'u32',
    first_workgroup: 'u32',
    first_stimulus: 'u32',
    gNa: 'f32',
    gK: 'f32',
    gM: 'f32',
    gL: 'f32',
    ENa: 'f32',
    EK: 'f32',
    EL: 'f32',
    VT: 'f32',
    phi: 'f32',
    /** 1 / tau_max of the M current, per ms. */
    rate_max_M: 'f32',
    dt_over_C: 'f32',
    spike_threshold: 'f32',
    refractory_steps: 'f32',
    variant: 'u32',
    /** What a neuron's number within its network counts from. */
    network_origin: 'u32',
    /** By receptor: mS/cm2 of a quantum; mV; exp(-dt/tau) and its square root; 1 for excitatory, 0 for inhibitory. */
    quantum: ['f32', shape.receptors],
    reversal: ['f32', shape.receptors],
    decay: ['f32', shape.receptors],
    half_decay: ['f32', shape.receptors],
    excitatory: ['f32', shape.receptors],
  });
}

/** 32-bit words of a line of the cache: the counters lie in one each, after one for what is reported. */
const WORDS_OF_COUNT = 16;

/** Words of the counters that come back after each batch, and where the spikes of a list are counted. */
export const reportedWords = ({ spikeLists }: KernelShape): number => WORDS_OF_COUNT * (1 + spikeLists);
export const spikeCountWord = (list: number): number => WORDS_OF_COUNT * (1 + list);
/** Words of all counters. */
export const counterWords = (shape: KernelShape): number =>
  reportedWords(shape) + WORDS_OF_COUNT + 2 * shape.spikeLists + MAX_EPOCHS_PER_BATCH + 1;

/** The module generated/layout of every kernel: structs and constants of this network. */
export function layoutModule(plan: EnginePlan, shape: KernelShape, integrator: Integrator): string {
  const constants: Record<string, number> = {
    NEURONS: shape.neurons,
    POPULATIONS: shape.populations,
    RECEPTORS: shape.receptors,
    WORKGROUP_SIZE: shape.workgroupSize,
    DELIVERY_WORKGROUP_SIZE: shape.deliveryWorkgroupSize,
    DELIVERY_LANES: shape.deliveryLanes,
    EPOCH_STEPS: shape.epochSteps,
    RING_SLOTS: shape.ringSlots,
    INLINE_THRESHOLDS: shape.inlineThresholds,
    ROW_V: shape.rows.V,
    ROW_M: shape.rows.m,
    ROW_H: shape.rows.h,
    ROW_N: shape.rows.n,
    ROW_P: shape.rows.p,
    ROW_G: shape.rows.g,
    ROW_NOISE: shape.rows.noise,
    ROW_BIAS: shape.rows.bias,
    ROW_SINCE_SPIKE: shape.rows.sinceSpike,
    SPIKE_CAPACITY: shape.spikeCapacity,
    LISTS: shape.spikeLists,
    SYNAPSE_ROWS: plan.neurons + plan.spikeSources,
    SAMPLE_STEPS: shape.sampleSteps,
    SAMPLE_SLOTS: shape.sampleSlots,
    CHANNELS: POPULATION_CHANNELS.length,
    ELECTRODES: shape.electrodes,
    REDUCED_CHANNELS: reducedChannels(shape),
    OUTPUTS: outputsPerSample(shape),
    CHUNKS: shape.chunks.length,
    TRACES: shape.traced.length,
    TRACE_WIDTH: shape.traceWidth,
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
    HAS_LONG_THRESHOLD_TABLES: shape.longestThresholds > shape.inlineThresholds,
    HAS_M_CURRENT: plan.populations.some((p) => p.cell.gM_mS_cm2 > 0),
    HAS_SYNAPSES: shape.hasSynapses,
    CLEARS_RING: shape.clearsRing,
    HAS_INJECTED_CURRENT: shape.injectsCurrent,
    HAS_REFRACTORINESS: plan.populations.some((p) => p.refractorySteps > 0),
    NEEDS_MID_STEP_INPUT: integrator === 'rk4',
  };
  return [
    ...Object.entries(constants).map(([name, value]) => `const ${name} = ${value}u;\n`),
    ...Object.entries(switches).map(([name, value]) => `const ${name} = ${value};\n`),
    `const DT: f32 = ${plan.dtMs};\n`,
    ...[EPOCH, SHARD, CHUNK, REDUCTION, MEMBER, stimulusLayout(shape), cellLayout(shape)].map(wgslStruct),
    `struct Parameters {
  cells: array<Cell, POPULATIONS>,
  members: array<Member, ${shape.members}>,
  stimuli: array<Stimulus, ${stimulusCount(shape)}>,
  traced: array<u32, ${Math.max(1, shape.traced.length)}>,
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
  // How often workgroups have arrived where they meet, and the spikes that each had at the end of the last two epochs.
  arrivals: Count,
  listed: array<atomic<u32>, 2 * LISTS>,
  epoch_start: array<u32>,
}
`,
  ].join('');
}

/** Stimulus slots of all populations; at least one, since WGSL has no empty arrays. */
const stimulusCount = (shape: KernelShape) => Math.max(1, shape.populations * shape.stimuliPerCell);

/** The chunks of the reduction, one after another. */
export function packChunks({ chunks }: KernelShape): ArrayBuffer {
  const buffer = new ArrayBuffer(CHUNK.byteSize * chunks.length);
  const view = new DataView(buffer);
  chunks.forEach((chunk, i) => {
    pack(CHUNK, chunk, view, i * CHUNK.byteSize);
  });
  return buffer;
}

/** Packs the Parameters struct; `variantOf` gives the kernel variant of each population. */
export function packParameters(
  plan: EnginePlan,
  shape: KernelShape,
  variantOf: (population: number) => number,
): ArrayBuffer {
  const thresholds = plan.stimuli.flatMap((s) => (s.kind === 'poisson' ? [...s.thresholds] : []));
  const cell = cellLayout(shape);
  const stimulus = stimulusLayout(shape);
  const traces = Math.max(1, shape.traced.length);
  const buffer = new ArrayBuffer(
    shape.populations * cell.byteSize +
      shape.members * MEMBER.byteSize +
      stimulusCount(shape) * stimulus.byteSize +
      4 * (traces + Math.max(1, thresholds.length)),
  );
  const view = new DataView(buffer);
  let at = 0;

  let firstWorkgroup = 0;
  plan.populations.forEach((population, index) => {
    const c = population.cell;
    const byReceptor = (valueAt: (r: number) => number) =>
      Float64Array.from({ length: shape.receptors }, (_, r) => (r < plan.receptors ? valueAt(r) : 0));
    const decay = byReceptor((r) => Math.exp(-plan.dtMs / population.receptors[r].tauMs));
    const values = {
      first_neuron: population.first,
      neurons: population.count,
      first_workgroup: firstWorkgroup,
      first_stimulus: index * shape.stimuliPerCell,
      gNa: c.gNa_mS_cm2,
      gK: c.gK_mS_cm2,
      gM: c.gM_mS_cm2,
      gL: c.gL_mS_cm2,
      ENa: c.ENa_mV,
      EK: c.EK_mV,
      EL: c.EL_mV,
      VT: c.VT_mV,
      phi: c.phi,
      rate_max_M: 1 / c.tauMaxM_ms,
      dt_over_C: plan.dtMs / c.C_uF_cm2,
      spike_threshold: c.spikeThreshold_mV,
      refractory_steps: population.refractorySteps,
      variant: variantOf(index),
      network_origin: population.networkOrigin,
      quantum: byReceptor((r) => population.quantum_mS_cm2[r]),
      reversal: byReceptor((r) => population.receptors[r].reversal_mV),
      decay,
      half_decay: decay.map(Math.sqrt),
      excitatory: byReceptor((r) => (population.receptors[r].excitatory ? 1 : 0)),
    };
    pack(cell, values, view, at);
    at += cell.byteSize;
    firstWorkgroup += Math.ceil(population.count / shape.workgroupSize);
  });

  for (const { firstPopulation, populations } of plan.members) {
    pack(MEMBER, { first: firstPopulation, end: firstPopulation + populations }, view, at);
    at += MEMBER.byteSize;
  }

  const firstThreshold: number[] = [];
  plan.stimuli.reduce((first, s, i) => {
    firstThreshold[i] = first;
    return first + (s.kind === 'poisson' ? s.thresholds.length : 0);
  }, 0);
  // Slots that stay zero never act: their stop step is 0.
  plan.populations.forEach((population, p) => {
    population.stimuli.forEach((index, i) => {
      const s = plan.stimuli[index];
      const values = {
        kind: STIMULUS_KIND[s.kind],
        start_step: s.startStep,
        // A Poisson input of rate 0 has no thresholds and never acts.
        stop_step: s.kind === 'poisson' && s.thresholds.length === 0 ? 0 : Math.min(s.stopStep, 2 ** 32 - 1),
        key: s.kind === 'current' ? 0 : s.key,
        slot: s.kind === 'poisson' ? s.receptor : s.kind === 'noise' ? s.slot : 0,
        first_threshold: firstThreshold[index],
        threshold_count: s.kind === 'poisson' ? s.thresholds.length : 0,
        thresholds: Uint32Array.from({ length: Math.max(1, shape.inlineThresholds) }, (_, k) =>
          s.kind === 'poisson' ? (s.thresholds[k] ?? 0) : 0,
        ),
        amplitude:
          s.kind === 'poisson' ? s.weight_mS_cm2 : s.kind === 'noise' ? s.mean_uA_cm2 : s.amplitude_uA_cm2,
        decay: s.kind === 'noise' ? s.decay : 0,
        kick: s.kind === 'noise' ? s.kick_uA_cm2 : 0,
      };
      pack(stimulus, values, view, at + (p * shape.stimuliPerCell + i) * stimulus.byteSize);
    });
  });
  at += stimulusCount(shape) * stimulus.byteSize;

  new Uint32Array(buffer, at, shape.traced.length).set(shape.traced);
  at += 4 * traces;
  new Uint32Array(buffer, at, thresholds.length).set(thresholds);
  return buffer;
}
