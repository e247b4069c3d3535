import type { Network } from '../../../network/network.js';
import type { EngineSnapshot } from '../../engine.js';
import type { EnginePlan } from '../../plan.js';
import { counterWords, EPOCH, MAX_EPOCHS_PER_BATCH, REDUCTION } from '../kernels/buffer_layouts.js';
import {
  type KernelConfiguration,
  outputsPerSample,
  reducedSignals,
} from '../kernels/kernel_configuration.js';
import { ringBytes } from '../kernels/ring_word.js';
import { bufferMaker } from './buffer_maker.js';
import { packChunks, packParameters } from './parameters.js';
import { runningSums, sampleSumsBytes } from './sample_sums.js';
import { ringAtTimeZero, ringFrom, sampleSumsFrom, startRows } from './start_data.js';
import { createShards, joinRows, type SynapseRows, type SynapseShard } from './synapse_shards.js';

/** The buffers of a restore point, beside those that they are copies of. */
export interface RestorePointBuffers {
  readonly state: GPUBuffer;
  readonly inputRing: GPUBuffer;
  readonly runningSums: GPUBuffer;
}

/** Everything a network occupies on the GPU. */
export interface NetworkBuffers {
  readonly epochs: GPUBuffer;
  /** Bytes between the constants of two epochs. */
  readonly epochStride: number;
  readonly parameters: GPUBuffer;
  readonly state: GPUBuffer;
  readonly inputRing: GPUBuffer;
  readonly spikes: GPUBuffer;
  readonly counters: GPUBuffer;
  readonly sampleSums: GPUBuffer;
  readonly restorePoint: RestorePointBuffers;
  readonly traces: GPUBuffer;
  /** (row, step) of the spikes of spike sources, in the order of steps. */
  readonly sourceEvents: GPUBuffer;
  readonly shards: readonly SynapseShard[];
  readonly reduction: GPUBuffer;
  readonly chunks: GPUBuffer;
  readonly chunkRanges: GPUBuffer;
  readonly electrodeWeights: GPUBuffer;
  readonly partialSums: GPUBuffer;
  readonly reduced: GPUBuffer;
  /** Bytes of all buffers. */
  readonly totalBytes: number;
  /** Frees all buffers but `kept`. */
  destroy(kept?: GPUBuffer | null): void;
}

/** Samples that a batch can end: the slots less the running one. */
const samplesPerBatch = (config: KernelConfiguration) => config.sampleSlots - 1;

const FEWER_NEURONS = 'use fewer neurons or an adapter with more memory';

/**
 * Allocates and fills the buffers of the networks of a plan, at time 0 or where `resumeFrom` was taken. `arrangeRows`
 * puts the synapse rows in the order in which the kernels read them. `keptState` is a state buffer to reuse, if it
 * has the right size. Throws EngineError before a buffer is allocated that would not fit the adapter, with what is
 * needed, what is available and a remedy.
 */
export function createNetworkBuffers(
  device: GPUDevice,
  networks: readonly Network[],
  plan: EnginePlan,
  config: KernelConfiguration,
  arrangeRows: (rows: SynapseRows) => SynapseRows,
  resumeFrom: EngineSnapshot | null,
  keptState: GPUBuffer | null = null,
): NetworkBuffers {
  const maker = bufferMaker(device);
  const { storage, filled, uniform } = maker;
  const outputs = outputsPerSample(config);

  try {
    const epochStride = Math.max(EPOCH.byteSize, device.limits.minUniformBufferOffsetAlignment);
    const rows = startRows(networks, plan, config, resumeFrom);
    let state: GPUBuffer;
    if (keptState?.size === rows.byteLength) {
      state = keptState;
      maker.takeOver(state);
      device.queue.writeBuffer(state, 0, rows);
    } else state = filled('state', rows, FEWER_NEURONS);
    const inputRing = storage(
      'input ring',
      ringBytes(config),
      `shorten the largest delay or ${FEWER_NEURONS}`,
    );
    const joined = joinRows(networks);
    const sampleSums = storage('sample sums', sampleSumsBytes(config), FEWER_NEURONS);
    if (resumeFrom) {
      device.queue.writeBuffer(inputRing, 0, ringFrom(resumeFrom, config));
      const { byteOffset } = runningSums(config, resumeFrom.stepsDone);
      device.queue.writeBuffer(sampleSums, byteOffset, sampleSumsFrom(resumeFrom, config));
    } else {
      const early = ringAtTimeZero(joined, plan, config);
      if (early) device.queue.writeBuffer(inputRing, 0, early);
    }
    return {
      epochs: uniform('epochs', epochStride * MAX_EPOCHS_PER_BATCH),
      epochStride,
      parameters: filled('parameters', packParameters(plan, config), 'use fewer populations'),
      state,
      inputRing,
      spikes: storage('spikes', 8 * config.spikeLists * config.spikeCapacity, FEWER_NEURONS),
      counters: storage('counters', 4 * counterWords(config), FEWER_NEURONS),
      sampleSums,
      restorePoint: {
        state: storage('restore point of the state', state.size, FEWER_NEURONS),
        inputRing: storage('restore point of the input ring', inputRing.size, FEWER_NEURONS),
        runningSums: storage('restore point of the sums', runningSums(config, 0).byteLength, FEWER_NEURONS),
      },
      traces: storage(
        'traces',
        4 * config.sampleSlots * config.recorded.length * config.traceWidth,
        'record fewer neurons',
      ),
      sourceEvents: filled('spike sources', eventPairs(plan), 'give fewer spikes'),
      shards: createShards(arrangeRows(joined), maker, device),
      reduction: uniform('reduction', REDUCTION.byteSize),
      chunks: filled('chunks', packChunks(config), FEWER_NEURONS),
      chunkRanges: filled(
        'chunk ranges',
        Uint32Array.from([...config.populationChunks, ...config.memberChunks].flat()),
        FEWER_NEURONS,
      ),
      electrodeWeights: filled('electrode weights', electrodeWeights(plan, config), FEWER_NEURONS),
      partialSums: storage(
        'partial sums',
        4 * samplesPerBatch(config) * config.chunks.length * reducedSignals(config),
        FEWER_NEURONS,
      ),
      reduced: storage('reduced samples', 4 * samplesPerBatch(config) * outputs, FEWER_NEURONS),
      totalBytes: maker.totalBytes,
      destroy: (kept = null) => maker.destroy(kept),
    };
  } catch (error) {
    maker.destroy(keptState);
    throw error;
  }
}

/** [event][row, step]; events before the first step are never asked for. */
function eventPairs({ sourceEvents: { steps, rows } }: EnginePlan): Uint32Array {
  return Uint32Array.from({ length: 2 * rows.length }, (_, i) => (i % 2 === 0 ? rows : steps)[i >>> 1]);
}

/** [electrode][neuron]: uV of one unit of current density summed over a sample. */
function electrodeWeights(plan: EnginePlan, config: KernelConfiguration): Float32Array {
  const weights = new Float32Array(config.electrodes * config.neurons);
  for (const { firstNeuron, firstPopulation, populations, electrodes } of plan.members)
    electrodes.forEach(({ uV_per_nA }, e) => {
      for (const { first, count, nA_per_uA_cm2 } of plan.populations.slice(
        firstPopulation,
        firstPopulation + populations,
      ))
        for (let i = first; i < first + count; i++)
          weights[e * config.neurons + i] = (uV_per_nA[i - firstNeuron] * nA_per_uA_cm2) / plan.sampleSteps;
    });
  return weights;
}
