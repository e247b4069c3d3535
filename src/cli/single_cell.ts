import type { CircuitFile } from '../model/circuit_file.js';
import { resolveCircuit } from '../model/circuit_file.js';
import type { CircuitOverride } from '../model/circuit_overrides.js';
import { spikeTimeMs } from '../recording/recording.js';
import { type SimulateOptions, simulate } from '../run/simulate.js';
import { CommandFailed } from './cli_io.js';
import { loadCell, type OnNote } from './mechanism_source.js';

/** A current step into an isolated cell that starts at rest. */
export interface CurrentStep {
  readonly amplitude_uA_cm2: number;
  readonly onMs: number;
  /** Null: never. */
  readonly offMs: number | null;
}

/** What the cells of a command share. */
export interface CellRun {
  readonly durationMs: number;
  /** V at time 0, with the states of the cell at their steady state; null: rest. */
  readonly start_mV: number | null;
}

/**
 * Spike times in ms of a cell (of the library, FILE or FILE#NAME) under each of the steps, all simulated at once as populations
 * of one neuron. Rejects as {@link simulate} and {@link loadCell}, and with CircuitError for what cannot be simulated.
 */
export async function spikesUnderSteps(
  model: string,
  steps: readonly CurrentStep[],
  { durationMs, start_mV }: CellRun,
  overrides: readonly CircuitOverride[],
  options: SimulateOptions,
  onNote: OnNote,
): Promise<number[][]> {
  const { cell, mechanisms, temperature_C } = await loadCell(model, onNote);
  const name = (step: number) => `step-${step}`;
  const circuit = resolveCircuit(
    {
      name: 'single-cells',
      simulation: { duration_ms: durationMs, transient_ms: 0, temperature_C },
      mechanisms,
      cellTypes: { cell },
      populations: Object.fromEntries(
        steps.map((_, i) => [name(i), { cell: 'cell', neurons: 1, initial: { V_mV: start_mV ?? 'rest' } }]),
      ),
      stimuli: steps.map(({ amplitude_uA_cm2, onMs, offMs }, i) => ({
        kind: 'step-current',
        to: name(i),
        amplitude_uA_cm2,
        start_ms: onMs,
        ...(offMs !== null && { stop_ms: offMs }),
      })),
      // Only spikes are wanted: one sample, so that dt need not divide a sample period.
      ...(durationMs > 0 && { recording: { sampleRate_hz: 1000 / durationMs } }),
    } satisfies CircuitFile,
    { overrides },
  );
  const { recording } = await simulate(circuit, options);
  if (!recording.complete) throw new CommandFailed(`stopped at ${recording.stopMs} of ${durationMs} ms`);
  const spikes: number[][] = steps.map(() => []);
  recording.spikes.neurons.forEach((neuron, k) => {
    spikes[neuron].push(spikeTimeMs(recording.spikes.steps[k], recording.dtMs));
  });
  return spikes;
}
