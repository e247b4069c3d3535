import { POPULATION_CHANNELS, type RecordedBlock, TRACE_VARIABLES } from '../engine.js';
import type { EnginePlan } from '../plan.js';
import type { Batch } from './batch.js';
import { type KernelShape, outputsPerSample } from './layouts.js';
import type { NetworkBuffers } from './network_buffers.js';

/** One buffer's place in the staging buffer of a batch. */
interface StagingPart {
  readonly buffer: 'counters' | 'spikes' | 'reduced' | 'traces';
  readonly offset: number;
  readonly byteSize: number;
}

/** What comes back after each batch, and where it lies. */
export function stagingLayout(shape: KernelShape): { parts: readonly StagingPart[]; byteSize: number } {
  const sizes: Record<StagingPart['buffer'] & keyof NetworkBuffers, number> = {
    counters: 8,
    spikes: 8 * shape.spikeCapacity,
    reduced: 4 * (shape.sampleSlots - 1) * outputsPerSample(shape),
    traces: 4 * shape.sampleSlots * shape.traces * shape.traceWidth,
  };
  const parts: StagingPart[] = [];
  let offset = 0;
  for (const [buffer, byteSize] of Object.entries(sizes) as [StagingPart['buffer'], number][]) {
    if (byteSize > 0) parts.push({ buffer, offset, byteSize });
    offset += byteSize;
  }
  return { parts, byteSize: offset };
}

export interface DecodedBlock {
  /** Spikes of the batch, also those past the capacity. */
  readonly spikeCount: number;
  /** Epoch of the batch and neuron of the first blow-up, packed; null without one. */
  readonly blowUp: number | null;
  readonly recorded: RecordedBlock;
}

/** Turns the bytes of one batch into records in physical units, spikes sorted by (step, neuron). */
export function decodeBlock(
  plan: EnginePlan,
  shape: KernelShape,
  batch: Batch,
  bytes: ArrayBuffer,
): DecodedBlock {
  const offsetOf = (buffer: StagingPart['buffer']) =>
    stagingLayout(shape).parts.find((part) => part.buffer === buffer)?.offset ?? 0;
  const [spikeCount, blowUp] = new Uint32Array(bytes, 0, 2);
  const kept = Math.min(spikeCount, shape.spikeCapacity);
  const spikes = sortedSpikes(new Uint32Array(bytes, offsetOf('spikes'), 2 * kept), batch, shape.neurons);
  const outputs = outputsPerSample(shape);
  const reduced = new Float32Array(bytes, offsetOf('reduced'), batch.samples * outputs);
  const channels = POPULATION_CHANNELS.length;
  const populationSums = new Float32Array(batch.samples * shape.populations * channels);
  const lfp_uV = new Float32Array(batch.samples * 2 * shape.electrodes);
  const scales = plan.populations.map((p) => channelScales(plan, p.nA_per_uA_cm2, p.nS_per_mS_cm2));
  for (let k = 0; k < batch.samples; k++) {
    const at = k * outputs;
    for (let p = 0; p < shape.populations; p++)
      for (let c = 0; c < channels; c++) {
        const i = p * channels + c;
        populationSums[k * shape.populations * channels + i] = reduced[at + i] * scales[p][c];
      }
    lfp_uV.set(reduced.subarray(at + shape.populations * channels, at + outputs), k * 2 * shape.electrodes);
  }
  return {
    spikeCount,
    blowUp: blowUp === 0 ? null : ~blowUp >>> 0,
    recorded: {
      stepsDone: batch.firstStep + batch.steps,
      ...spikes,
      firstSample: batch.firstSample,
      samples: batch.samples,
      populationSums,
      lfp_uV,
      traces: decodeTraces(plan, shape, batch, bytes, offsetOf('traces')),
    },
  };
}

/** From densities (currents summed over the steps of a sample) to the units of POPULATION_CHANNELS. */
function channelScales(plan: EnginePlan, nA_per_uA_cm2: number, nS_per_mS_cm2: number): number[] {
  const current = nA_per_uA_cm2 / plan.sampleSteps;
  return [current, current, current, nS_per_mS_cm2, nS_per_mS_cm2, 1];
}

/** Step and neuron in one number (exact: below 2^53), sorted. */
function sortedSpikes(
  pairs: Uint32Array,
  batch: Batch,
  neurons: number,
): Pick<RecordedBlock, 'spikeSteps' | 'spikeNeurons'> {
  const count = pairs.length / 2;
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i++) keys[i] = pairs[2 * i + 1] * neurons + pairs[2 * i];
  keys.sort();
  const spikeSteps = new Uint32Array(count);
  const spikeNeurons = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    spikeSteps[i] = batch.firstStep + Math.floor(keys[i] / neurons);
    spikeNeurons[i] = keys[i] % neurons;
  }
  return { spikeSteps, spikeNeurons };
}

function decodeTraces(
  plan: EnginePlan,
  shape: KernelShape,
  batch: Batch,
  bytes: ArrayBuffer,
  offset: number,
): Float32Array {
  if (shape.traces === 0) return new Float32Array(0);
  const ring = new Float32Array(bytes, offset, shape.sampleSlots * shape.traces * shape.traceWidth);
  const width = TRACE_VARIABLES.length + plan.receptors.length;
  const traces = new Float32Array(batch.samples * shape.traces * width);
  const populationOf = (neuron: number) => plan.populations.find((p) => neuron < p.first + p.count)!;
  for (let t = 0; t < shape.traces; t++) {
    const { nA_per_uA_cm2, nS_per_mS_cm2 } = populationOf(plan.traced[t]);
    for (let k = 0; k < batch.samples; k++) {
      const slot = (batch.firstSampleSlot + k) % shape.sampleSlots;
      const from = (slot * shape.traces + t) * shape.traceWidth;
      const to = (k * shape.traces + t) * width;
      for (let v = 0; v < width; v++) {
        const scale = v < 5 ? 1 : v === 5 ? nA_per_uA_cm2 / plan.sampleSteps : nS_per_mS_cm2;
        traces[to + v] = ring[from + v] * scale;
      }
    }
  }
  return traces;
}
