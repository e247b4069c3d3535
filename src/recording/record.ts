import {
  type Engine,
  POPULATION_SIGNALS,
  type RecordedBlock,
  TRACE_VARIABLES,
  type TraceVariable,
} from '../engine/engine.js';
import { tracedNeurons } from '../model/traced_neurons.js';
import type { Network } from '../network/network.js';
import { type NeuronTrace, type Recording, timeAfterSteps } from './recording.js';

export interface RecordOptions {
  /** Simulated time to add to what the engine has done, ms; a whole number of steps. */
  readonly durationMs: number;
  /** Ends the run at the next block; the recording is then marked incomplete. */
  readonly signal?: AbortSignal;
  /** Called after every block with the simulated time so far. */
  readonly onProgress?: (simulatedMs: number) => void;
}

/** Runs an engine from time 0 and gathers its blocks. Rejects as Engine.advance does. */
export async function record(
  engine: Engine,
  { durationMs, signal, onProgress }: RecordOptions,
): Promise<Recording> {
  const dtMs = engine.network.circuit.simulation.dt_ms;
  const steps = Math.round(durationMs / dtMs);
  const blocks: RecordedBlock[] = [];
  await engine.advance(steps, {
    ...(signal && { signal }),
    onBlock: (block) => {
      blocks.push(block);
      onProgress?.(block.stepsDone * dtMs);
    },
  });
  return assembleRecording(engine.network, blocks, engine.stepsDone === steps);
}

/**
 * Joins consecutive blocks, from time 0, into one recording. The blocks are read twice: once for the lengths, so that
 * what a long run kept in a file takes no more memory than the recording itself.
 */
export function assembleRecording(
  network: Network,
  blocks: Iterable<RecordedBlock>,
  complete: boolean,
): Recording {
  const { circuit, populations, receptors } = network;
  const { dt_ms: dtMs } = circuit.simulation;
  const { stepsDone, spikes, samples } = totalsOf(blocks);
  const electrodes = circuit.recording.lfp?.electrodes ?? [];
  const recorded = tracedNeurons(circuit);
  const spikeSteps = new Uint32Array(spikes);
  const spikeNeurons = new Uint32Array(spikes);
  const populationSums = columns(populations.length * POPULATION_SIGNALS.length, samples);
  const lfp = columns(2 * electrodes.length, samples);
  const ofEvery = TRACE_VARIABLES.length + receptors.length;
  const traceWidth = ofEvery + Math.max(0, ...recorded.map(({ variables }) => variables.length));
  const traces = columns(recorded.length * traceWidth, samples);
  let [spike, sample] = [0, 0];
  for (const block of blocks) {
    spikeSteps.set(block.spikeSteps, spike);
    spikeNeurons.set(block.spikeNeurons, spike);
    fillColumns(populationSums, block.populationSums, sample);
    fillColumns(lfp, block.lfp_uV, sample);
    fillColumns(traces, block.traces, sample);
    spike += block.spikeSteps.length;
    sample += block.samples;
  }
  return {
    dtMs,
    stopMs: timeAfterSteps(stepsDone, dtMs),
    complete,
    spikes: { steps: spikeSteps, neurons: spikeNeurons },
    sampleRateHz: circuit.recording.sampleRate_hz,
    populations: Object.fromEntries(
      populations.map(({ name }, p) => [
        name,
        Object.fromEntries(
          POPULATION_SIGNALS.map((signal, c) => [signal, populationSums[p * POPULATION_SIGNALS.length + c]]),
        ) as Recording['populations'][string],
      ]),
    ),
    lfp: circuit.recording.lfp
      ? electrodes.map((electrode, e) => ({
          ...electrode,
          absolute_uV: lfp[2 * e],
          signed_uV: lfp[2 * e + 1],
        }))
      : null,
    traces: recorded.map(({ population, neuron, variables }, t): NeuronTrace => {
      const values = traces.slice(t * traceWidth, (t + 1) * traceWidth);
      return {
        population,
        neuron,
        ...(Object.fromEntries(TRACE_VARIABLES.map((name, v) => [name, values[v]])) as Record<
          TraceVariable,
          Float32Array
        >),
        conductance_nS: Object.fromEntries(
          receptors.map((name, r) => [name, values[TRACE_VARIABLES.length + r]]),
        ),
        variables: Object.fromEntries(variables.map((name, v) => [name, values[ofEvery + v]])),
      };
    }),
  };
}

function totalsOf(blocks: Iterable<RecordedBlock>): { stepsDone: number; spikes: number; samples: number } {
  let [stepsDone, spikes, samples] = [0, 0, 0];
  for (const block of blocks) {
    stepsDone = block.stepsDone;
    spikes += block.spikeSteps.length;
    samples += block.samples;
  }
  return { stepsDone, spikes, samples };
}

const columns = (count: number, samples: number): Float32Array[] =>
  Array.from({ length: count }, () => new Float32Array(samples));

/** Spreads rows of samples over the columns, from sample `first` on. */
function fillColumns(into: readonly Float32Array[], rows: Float32Array, first: number): void {
  const width = into.length;
  for (let c = 0; c < width; c++)
    for (let k = c, sample = first; k < rows.length; k += width, sample++) into[c][sample] = rows[k];
}
