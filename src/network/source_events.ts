import { wholeSteps } from '../model/circuit_checks.js';
import type { Network } from './network.js';

/** Spikes of spike sources, in the order of (step, source); equal lengths. */
export interface SourceEvents {
  /**
   * A source's spike means what a neuron's of the same time means: one of step s has the time (s + 1) dt. So a time
   * belongs to the step that contains it, a time between two steps to the one that it ends, and time 0 to step -1.
   */
  readonly steps: Float64Array;
  /** Rows of the synapse table. */
  readonly rows: Uint32Array;
}

/** The spikes of a network's sources. */
export function sourceEvents({ circuit, spikeSources }: Network): SourceEvents {
  const { dt_ms } = circuit.simulation;
  const steps: number[] = [];
  const rows: number[] = [];
  for (const { name, first } of spikeSources)
    circuit.spikeSources[name].trains_ms.forEach((train, i) => {
      for (const time of train) {
        steps.push(stepOfSpike(time, dt_ms));
        rows.push(first + i);
      }
    });
  return inOrder(steps, rows);
}

/** The step whose end is the spike's time, or comes next after it. */
function stepOfSpike(time_ms: number, dt_ms: number): number {
  return (wholeSteps(time_ms, dt_ms) ?? Math.ceil(time_ms / dt_ms)) - 1;
}

/** Most spikes of one train, whose times ascend, that belong to the same step. */
export function mostSpikesInAStep(train_ms: readonly number[], dt_ms: number): number {
  let [most, count, last] = [0, 0, Number.NaN];
  for (const time of train_ms) {
    const step = stepOfSpike(time, dt_ms);
    count = step === last ? count + 1 : 1;
    last = step;
    if (count > most) most = count;
  }
  return most;
}

/** Events of several networks as those of one; `rowOf` gives a network's row its number among all. */
export function mergeEvents(
  events: readonly SourceEvents[],
  rowOf: (network: number, row: number) => number,
): SourceEvents {
  const steps = events.flatMap((ofOne) => [...ofOne.steps]);
  const rows = events.flatMap((ofOne, network) => Array.from(ofOne.rows, (row) => rowOf(network, row)));
  return inOrder(steps, rows);
}

function inOrder(steps: readonly number[], rows: readonly number[]): SourceEvents {
  const order = Uint32Array.from(steps, (_, k) => k).sort((a, b) => steps[a] - steps[b] || rows[a] - rows[b]);
  return {
    steps: Float64Array.from(order, (k) => steps[k]),
    rows: Uint32Array.from(order, (k) => rows[k]),
  };
}

/** How many events come before `step`. */
export function eventsBefore({ steps }: SourceEvents, step: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle] < step) low = middle + 1;
    else high = middle;
  }
  return low;
}
