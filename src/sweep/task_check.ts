import * as z from 'zod';
import { POPULATION_SIGNALS, TRACE_VARIABLES } from '../engine/engine.js';
import { InputError } from '../io/input_error.js';
import type { Circuit } from '../model/circuit.js';
import { type CircuitFile, resolveCircuit } from '../model/circuit_file.js';
import { tracedNeurons } from '../model/traced_neurons.js';
import { mostSynapses } from '../network/expected_synapses.js';
import { type Configuration, configurationHash } from './plan.js';
import { planAnalysisSchema } from './sweep_schema.js';

/** Limits for a task from a queue. */
export interface TaskCeilings {
  readonly neurons: number;
  /** That its projections may have at most; those that depend on distance as if all cells were in one place. */
  readonly synapses: number;
  /** Time steps: duration over dt. */
  readonly steps: number;
  /** Numbers that its recording holds, spikes apart. */
  readonly recordedValues: number;
}

/** Default limits of a worker. */
export const DEFAULT_CEILINGS: TaskCeilings = {
  neurons: 1_000_000,
  synapses: 1_000_000_000,
  steps: 100_000_000,
  recordedValues: 250_000_000,
};

const configurationSchema = z.strictObject({ circuit: z.looseObject({}), analysis: planAnalysisSchema });

/**
 * A configuration that came from another process or over the network: checked as a circuit file is, against its hash and
 * against ceilings. Throws InputError or CircuitError.
 */
export function checkedConfiguration(
  given: unknown,
  hash: string,
  ceilings: TaskCeilings | null,
): Configuration {
  const parsed = configurationSchema.safeParse(given);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new InputError(`the task is not a configuration of a sweep: ${[...path, message].join(' ')}`);
  }
  const { analysis } = parsed.data;
  const circuit = resolveCircuit(parsed.data.circuit as CircuitFile);
  if (configurationHash({ circuit, analysis }) !== hash)
    throw new InputError('the configuration does not match its hash: it was made by another version');
  if (ceilings) requireBelow(circuit, ceilings);
  return { circuit, analysis };
}

const OPTIONS: Readonly<Record<keyof TaskCeilings, readonly [what: string, remedy: string]>> = {
  neurons: ['neurons', 'start the worker with a larger --max-neurons'],
  synapses: ['synapses', 'start the worker with a larger --max-synapses'],
  steps: ['time steps', 'start the worker with a larger --max-steps'],
  recordedValues: [
    'recorded numbers',
    'use a lower recording.sampleRate_hz, fewer traces or a shorter duration',
  ],
};

function requireBelow(circuit: Circuit, ceilings: TaskCeilings): void {
  const asked = demandOf(circuit);
  for (const [kind, [what, remedy]] of Object.entries(OPTIONS) as [keyof TaskCeilings, [string, string]][])
    if (!(asked[kind] <= ceilings[kind]))
      throw new InputError(
        `this worker accepts at most ${ceilings[kind]} ${what}; the task asks for ${Math.ceil(asked[kind])}: ${remedy}`,
      );
}

function demandOf(circuit: Circuit): TaskCeilings {
  const { populations, projections, receptors, simulation, recording } = circuit;
  const { duration_ms, dt_ms } = simulation;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const samples = (duration_ms / 1000) * recording.sampleRate_hz;
  const perTrace = TRACE_VARIABLES.length + Object.keys(receptors).length;
  const traced = sum(tracedNeurons(circuit).map(({ variables }) => perTrace + variables.length));
  const valuesPerSample =
    Object.keys(populations).length * POPULATION_SIGNALS.length +
    2 * (recording.lfp?.electrodes.length ?? 0) +
    traced;
  return {
    neurons: sum(Object.values(populations).map(({ neurons }) => neurons)),
    synapses: sum(projections.map((projection) => mostSynapses(circuit, projection))),
    steps: duration_ms / dt_ms,
    recordedValues: samples * valuesPerSample,
  };
}
