import { POPULATION_SIGNALS, type RecordedBlock, TRACE_VARIABLES } from '../../engine.js';
import { type EnginePlan, type PlannedMember, type PlannedPopulation, traceWidth } from '../../plan.js';
import { END_SIGNALS, LFP_SIGNALS, MEAN_SIGNALS, type Quantity, TRACE_TABLE } from '../../signals.js';
import type { NetworkBuffers } from '../buffers/network_buffers.js';
import { reportedWords, spikeCountWord } from '../kernels/buffer_layouts.js';
import { type KernelConfiguration, outputsPerSample } from '../kernels/kernel_configuration.js';
import type { Batch } from './batch.js';

/** One buffer's place in the staging buffer of a batch. */
interface StagingPart {
  readonly buffer: 'counters' | 'spikes' | 'reduced' | 'traces';
  readonly offset: number;
  readonly byteSize: number;
}

/** What comes back after each batch, and its place in the staging buffer. */
export function stagingLayout(config: KernelConfiguration): {
  parts: readonly StagingPart[];
  byteSize: number;
} {
  const sizes: Record<StagingPart['buffer'] & keyof NetworkBuffers, number> = {
    counters: 4 * reportedWords(config),
    spikes: 8 * config.spikeLists * config.spikeCapacity,
    reduced: 4 * (config.sampleSlots - 1) * outputsPerSample(config),
    traces: 4 * config.sampleSlots * config.recorded.length * config.traceWidth,
  };
  const parts: StagingPart[] = [];
  let offset = 0;
  for (const [buffer, byteSize] of Object.entries(sizes) as [StagingPart['buffer'], number][]) {
    if (byteSize > 0) parts.push({ buffer, offset, byteSize });
    offset += byteSize;
  }
  return { parts, byteSize: offset };
}

export interface DecodedBatch {
  /** Largest number of spikes in a list of the batch, including those past the capacity. */
  readonly largestSpikeCount: number;
  /** Epoch of the batch and neuron of the first blow-up, packed; null without one. */
  readonly blowUp: number | null;
  /** Whether workgroups that share a network failed to reach a barrier. */
  readonly missed: boolean;
  /** Records of each member. */
  readonly blocks: RecordedBlock[];
}

/** Turns the bytes of one batch into records in physical units, spikes sorted by (step, neuron). */
export function decodeBatch(
  plan: EnginePlan,
  config: KernelConfiguration,
  batch: Batch,
  bytes: ArrayBuffer,
): DecodedBatch {
  const offsetOf = (buffer: StagingPart['buffer']) =>
    stagingLayout(config).parts.find((part) => part.buffer === buffer)?.offset ?? 0;
  const counters = new Uint32Array(bytes, 0, reportedWords(config));
  const [blowUp, missed] = counters;
  const spikeCounts = Array.from({ length: config.spikeLists }, (_, list) => counters[spikeCountWord(list)]);
  const lists = spikeCounts.map(
    (count, list) =>
      new Uint32Array(
        bytes,
        offsetOf('spikes') + 8 * list * config.spikeCapacity,
        2 * Math.min(count, config.spikeCapacity),
      ),
  );
  const reduced = new Float32Array(bytes, offsetOf('reduced'), batch.samples * outputsPerSample(config));
  const traces = new Float32Array(
    bytes,
    offsetOf('traces'),
    config.sampleSlots * config.recorded.length * config.traceWidth,
  );
  const blocks = plan.members.map((member, index): RecordedBlock => {
    const block: RecordedBlock = {
      stepsDone: batch.firstStep + batch.steps,
      ...sortedSpikes(lists.slice(...config.memberLists[index]), batch, member),
      firstSample: batch.firstSample,
      samples: batch.samples,
      populationSums: populationSumsOf(plan, config, batch, member, reduced),
      lfp_uV: lfpOf(config, batch, member, index, reduced),
      traces: tracesOf(plan, config, batch, index, traces),
    };
    return block;
  });
  return {
    largestSpikeCount: Math.max(...spikeCounts),
    blowUp: blowUp === 0 ? null : ~blowUp >>> 0,
    missed: missed !== 0,
    blocks,
  };
}

type Spikes = Pick<RecordedBlock, 'spikeSteps' | 'spikeNeurons'>;

/** A member's spikes out of pairs (neuron, step of the batch), by step and neuron: counted by neuron, then by step. */
function sortedSpikes(
  lists: readonly Uint32Array[],
  { firstStep, steps }: Batch,
  { firstNeuron, neurons }: PlannedMember,
): Spikes {
  const startOfNeuron = new Uint32Array(neurons + 1);
  const startOfStep = new Uint32Array(steps + 1);
  const forEachOwn = (visit: (neuron: number, step: number) => void) => {
    for (const pairs of lists)
      for (let i = 0; i < pairs.length; i += 2) {
        const neuron = pairs[i] - firstNeuron;
        if (neuron >= 0 && neuron < neurons) visit(neuron, pairs[i + 1]);
      }
  };
  forEachOwn((neuron, step) => {
    startOfNeuron[neuron + 1]++;
    startOfStep[step + 1]++;
  });
  for (let i = 0; i < neurons; i++) startOfNeuron[i + 1] += startOfNeuron[i];
  for (let s = 0; s < steps; s++) startOfStep[s + 1] += startOfStep[s];
  const count = startOfNeuron[neurons];
  const stepsByNeuron = new Uint32Array(count);
  const place = startOfNeuron.slice();
  forEachOwn((neuron, step) => {
    stepsByNeuron[place[neuron]++] = step;
  });
  const spikeSteps = new Uint32Array(count);
  const spikeNeurons = new Uint32Array(count);
  for (let neuron = 0; neuron < neurons; neuron++)
    for (let i = startOfNeuron[neuron]; i < startOfNeuron[neuron + 1]; i++) {
      const at = startOfStep[stepsByNeuron[i]]++;
      spikeSteps[at] = firstStep + stepsByNeuron[i];
      spikeNeurons[at] = neuron;
    }
  return { spikeSteps, spikeNeurons };
}

/** What turns a quantity of a population, summed over `steps` steps, into the unit in which it is recorded. */
function scaleOf(
  quantity: Quantity,
  { nA_per_uA_cm2, nS_per_mS_cm2 }: PlannedPopulation,
  steps: number,
): number {
  const unit = { current: nA_per_uA_cm2, conductance: nS_per_mS_cm2, potential: 1 };
  return unit[quantity] / steps;
}

/** From densities (currents summed over the steps of a sample) to the units of POPULATION_SIGNALS. */
function populationSumsOf(
  plan: EnginePlan,
  config: KernelConfiguration,
  batch: Batch,
  member: PlannedMember,
  reduced: Float32Array,
): Float32Array {
  const signals = POPULATION_SIGNALS.length;
  const outputs = outputsPerSample(config);
  const sums = new Float32Array(batch.samples * member.populations * signals);
  for (let p = 0; p < member.populations; p++) {
    const population = plan.populations[member.firstPopulation + p];
    const scales = [
      ...MEAN_SIGNALS.map(({ quantity }) => scaleOf(quantity, population, plan.sampleSteps)),
      ...END_SIGNALS.map(({ quantity }) => scaleOf(quantity, population, 1)),
    ];
    for (let k = 0; k < batch.samples; k++)
      for (let c = 0; c < signals; c++)
        sums[(k * member.populations + p) * signals + c] =
          reduced[k * outputs + (member.firstPopulation + p) * signals + c] * scales[c];
  }
  return sums;
}

function lfpOf(
  config: KernelConfiguration,
  batch: Batch,
  member: PlannedMember,
  index: number,
  reduced: Float32Array,
): Float32Array {
  const outputs = outputsPerSample(config);
  const first =
    config.populations * POPULATION_SIGNALS.length + index * LFP_SIGNALS.length * config.electrodes;
  const width = LFP_SIGNALS.length * member.electrodes.length;
  const lfp = new Float32Array(batch.samples * width);
  for (let k = 0; k < batch.samples; k++)
    lfp.set(reduced.subarray(k * outputs + first, k * outputs + first + width), k * width);
  return lfp;
}

function tracesOf(
  plan: EnginePlan,
  config: KernelConfiguration,
  batch: Batch,
  index: number,
  ring: Float32Array,
): Float32Array {
  const { recorded, firstPopulation, populations } = plan.members[index];
  const width = traceWidth({ ...plan, members: [plan.members[index]] });
  const traces = new Float32Array(batch.samples * recorded.length * width);
  const last = firstPopulation + populations;
  recorded.forEach(({ neuron, variables }, t) => {
    const p = plan.populations.findIndex(
      ({ first, count }, i) => i >= firstPopulation && i < last && neuron < first + count,
    );
    const population = plan.populations[p];
    const { variables: slots } = config.cells.programs[config.cells.ofPopulation[p]];
    const columns = [
      ...TRACE_TABLE.map((row, v) => ({
        at: v,
        scale: scaleOf(row.quantity, population, 'mean' in row ? plan.sampleSteps : 1),
      })),
      ...Array.from({ length: plan.receptors }, (_, r) => ({
        at: TRACE_VARIABLES.length + r,
        scale: scaleOf('conductance', population, 1),
      })),
      ...variables.map((name) => ({
        at: TRACE_VARIABLES.length + config.receptors + slots.indexOf(name),
        scale: 1,
      })),
    ];
    // A neuron that is recorded twice has its values in the first place.
    const place = config.recorded.indexOf(neuron);
    for (let k = 0; k < batch.samples; k++) {
      const slot = (batch.firstSampleSlot + k) % config.sampleSlots;
      const from = (slot * config.recorded.length + place) * config.traceWidth;
      const to = (k * recorded.length + t) * width;
      columns.forEach(({ at, scale }, v) => {
        traces[to + v] = ring[from + at] * scale;
      });
    }
  });
  return traces;
}
