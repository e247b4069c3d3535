import { type Engine, POPULATION_CHANNELS, type RecordedBlock, TRACE_VARIABLES } from '../engine/engine.js';
import type { Network } from '../network/network.js';
import type { NeuronTrace, Recording } from './recording.js';

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

/** Joins consecutive blocks into one recording. */
export function assembleRecording(
  network: Network,
  blocks: readonly RecordedBlock[],
  complete: boolean,
): Recording {
  const { circuit, populations, receptors } = network;
  const { dt_ms: dtMs } = circuit.simulation;
  const samples = blocks.reduce((sum, block) => sum + block.samples, 0);
  const populationWidth = populations.length * POPULATION_CHANNELS.length;
  const populationSums = joinFloats(blocks.map((block) => block.populationSums));
  const electrodes = circuit.recording.lfp?.electrodes ?? [];
  const lfp = joinFloats(blocks.map((block) => block.lfp_uV));
  const traces = joinFloats(blocks.map((block) => block.traces));
  const traceWidth = TRACE_VARIABLES.length + receptors.length;
  const traced = circuit.recording.traces.flatMap(({ population, neurons }) =>
    neurons.map((neuron) => ({ population, neuron })),
  );
  const column = (values: Float32Array, offset: number, width: number) =>
    Float32Array.from({ length: samples }, (_, k) => values[k * width + offset]);
  return {
    dtMs,
    stopMs: (blocks.at(-1)?.stepsDone ?? 0) * dtMs,
    complete,
    spikes: {
      steps: joinIntegers(blocks.map((block) => block.spikeSteps)),
      neurons: joinIntegers(blocks.map((block) => block.spikeNeurons)),
    },
    sampleRateHz: circuit.recording.sampleRate_hz,
    populations: Object.fromEntries(
      populations.map(({ name }, p) => [
        name,
        Object.fromEntries(
          POPULATION_CHANNELS.map((channel, c) => [
            channel,
            column(populationSums, p * POPULATION_CHANNELS.length + c, populationWidth),
          ]),
        ) as Recording['populations'][string],
      ]),
    ),
    lfp: circuit.recording.lfp
      ? electrodes.map((electrode, e) => ({
          ...electrode,
          absolute_uV: column(lfp, 2 * e, 2 * electrodes.length),
          signed_uV: column(lfp, 2 * e + 1, 2 * electrodes.length),
        }))
      : null,
    traces: traced.map(({ population, neuron }, t): NeuronTrace => {
      const variable = (v: number) => column(traces, t * traceWidth + v, traced.length * traceWidth);
      const [V_mV, m, h, n, p, absoluteCurrent_nA] = TRACE_VARIABLES.map((_, v) => variable(v));
      return {
        population,
        neuron,
        V_mV,
        m,
        h,
        n,
        p,
        absoluteCurrent_nA,
        conductance_nS: Object.fromEntries(
          receptors.map((name, r) => [name, variable(TRACE_VARIABLES.length + r)]),
        ),
      };
    }),
  };
}

function joinFloats(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function joinIntegers(parts: readonly Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
