import type { CellModel } from './cell_model.js';
import { ReferenceCell } from './reference_cell.js';
import { restOf } from './rest.js';

/** Largest steps of a cell, found by trial in float64, ms; null where even the smallest that is tried does not do. */
export interface LargestSteps {
  /** To which V stays finite and within bounds. */
  readonly stableMs: number | null;
  /** To which the number of spikes stays within 5 % of that at small steps. */
  readonly accurateMs: number | null;
}

const TRIALS_MS = [1, 0.5, 0.25, 0.1, 0.05, 0.025, 0.01];
const REFERENCE_MS = 0.005;
const DURATION_MS = 300;
/** Stimuli of the lanes, uA/cm2: none, a usual drive, five and fifty times that. */
const STIMULI = [0, 2, 10, 100];
/** V beyond this has run away, mV. */
const BOUND_mV = 1000;

/** Simulates the cell from rest under each stimulus with ever smaller steps of exponential Euler. */
export function largestSteps(model: CellModel): LargestSteps {
  const rest = restOf(model);
  const spikesAt = (dtMs: number): Int32Array | null => {
    const cell = new ReferenceCell(model, 'exponential-euler', dtMs, STIMULI.length);
    cell.load(rest);
    const V = cell.of('V');
    const before = Float64Array.from(V);
    const spikes = new Int32Array(STIMULI.length);
    for (let step = 0; step < DURATION_MS / dtMs; step++) {
      cell.step(STIMULI);
      for (let lane = 0; lane < spikes.length; lane++) {
        if (!(Math.abs(V[lane]) < BOUND_mV)) return null;
        if (before[lane] <= model.spikeThreshold_mV && V[lane] > model.spikeThreshold_mV) spikes[lane]++;
      }
      before.set(V);
    }
    return spikes;
  };
  const reference = spikesAt(REFERENCE_MS);
  let stableMs: number | null = null;
  let accurateMs: number | null = null;
  for (const dtMs of TRIALS_MS) {
    const spikes = spikesAt(dtMs);
    if (!spikes) continue;
    stableMs ??= dtMs;
    const isClose = (count: number, lane: number) =>
      reference !== null && Math.abs(count - reference[lane]) <= Math.max(1, 0.05 * reference[lane]);
    if (spikes.every(isClose)) accurateMs ??= dtMs;
    if (accurateMs !== null) break;
  }
  return { stableMs, accurateMs };
}
