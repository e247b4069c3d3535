import type { CellModel } from './cell_model.js';
import { ReferenceCell } from './reference_cell.js';
import { restOf } from './rest.js';
import type { CellIntegrator } from './step_tape.js';

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
/** Long enough for a step that is unstable to show it. */
const SHORT_TRIAL_MS = 50;
/** Stimuli of the lanes, uA/cm2: none, a usual drive, five and fifty times that. */
const USUAL_STIMULI = [0, 2, 10];
const STIMULI = [...USUAL_STIMULI, 100];
/** V beyond this has run away, mV. */
const BOUND_mV = 1000;

/** What is tried, from rest. */
interface Trial {
  readonly integrator: CellIntegrator;
  readonly dtMs: number;
  readonly durationMs: number;
  /** uA/cm2. */
  readonly stimuli: readonly number[];
}

/** The number of spikes under each stimulus, or null where V runs away or is not a number. */
function spikesOf(model: CellModel, { integrator, dtMs, durationMs, stimuli }: Trial): Int32Array | null {
  const cell = new ReferenceCell(model, integrator, dtMs, stimuli.length);
  cell.load(restOf(model));
  const V = cell.of('V');
  const before = Float64Array.from(V);
  const spikes = new Int32Array(stimuli.length);
  for (let step = 0; step < durationMs / dtMs; step++) {
    cell.step(stimuli);
    for (let lane = 0; lane < spikes.length; lane++) {
      if (!(Math.abs(V[lane]) < BOUND_mV)) return null;
      if (before[lane] <= model.spikeThreshold_mV && V[lane] > model.spikeThreshold_mV) spikes[lane]++;
    }
    before.set(V);
  }
  return spikes;
}

/**
 * Whether V stays within [-1000, 1000] mV with steps of `dtMs`, for 50 ms from rest without a stimulus, under a usual one and
 * five times that; a stimulus under which it leaves them at small steps too does not count.
 */
export function staysBounded(model: CellModel, integrator: CellIntegrator, dtMs: number): boolean {
  const isBounded = (stimuli: readonly number[], step: number) =>
    spikesOf(model, { integrator, dtMs: step, durationMs: SHORT_TRIAL_MS, stimuli }) !== null;
  if (isBounded(USUAL_STIMULI, dtMs)) return true;
  return USUAL_STIMULI.every(
    (I) => isBounded([I], dtMs) || !isBounded([I], Math.min(dtMs / 10, REFERENCE_MS)),
  );
}

/** The largest step below `belowMs` of those tried to which V stays bounded, ms; null where none does. */
export const largestBoundedStepMs = (
  model: CellModel,
  integrator: CellIntegrator,
  belowMs: number,
): number | null =>
  TRIALS_MS.filter((dtMs) => dtMs < belowMs).find((dtMs) => staysBounded(model, integrator, dtMs)) ?? null;

/** Simulates the cell from rest under each stimulus with ever smaller steps of exponential Euler. */
export function largestSteps(model: CellModel): LargestSteps {
  const spikesAt = (dtMs: number) =>
    spikesOf(model, { integrator: 'exponential-euler', dtMs, durationMs: DURATION_MS, stimuli: STIMULI });
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
