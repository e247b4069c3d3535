import type { SweepFailure, SweepResult } from './result.js';
import type { SweepFolder } from './sweep_folder.js';

/** Progress of a sweep. Counts are of configurations: points with the same configuration count once. */
export interface SweepStatus {
  readonly name: string;
  readonly folder: string;
  readonly points: number;
  readonly configurations: number;
  readonly completed: number;
  readonly failures: readonly (SweepFailure & { readonly points: readonly number[] })[];
  readonly pending: number;
  /**
   * Estimated remaining time at the pace of the last results, s; null before two results, and if nothing is pending.
   */
  readonly remainingSeconds: number | null;
  readonly lastResultAt: string | null;
}

/** Results that the pace is taken from. */
const PACE_RESULTS = 64;

export async function sweepStatus(folder: SweepFolder): Promise<SweepStatus> {
  const { plan } = folder;
  const configurations = new Set(plan.points.map(({ hash }) => hash)).size;
  const failures = [...(await folder.failures()).values()];
  const results = [...(await folder.results()).values()];
  results.sort((a, b) => (a.finishedAt < b.finishedAt ? -1 : 1));
  const pending = configurations - results.length - failures.length;
  return {
    name: plan.name,
    folder: folder.path,
    points: plan.points.length,
    configurations,
    completed: results.length,
    failures: failures.map((failure) => ({
      ...failure,
      points: plan.points.filter(({ hash }) => hash === failure.hash).map(({ index }) => index),
    })),
    pending,
    remainingSeconds: pending > 0 ? remainingSeconds(results.slice(-PACE_RESULTS), pending) : null,
    lastResultAt: results.at(-1)?.finishedAt ?? null,
  };
}

/** From the wall-clock time that the given results took together. */
function remainingSeconds(results: readonly SweepResult[], pending: number): number | null {
  if (results.length < 2) return null;
  const startedMs = Math.min(...results.map(({ startedAt }) => Date.parse(startedAt)));
  const finishedMs = Date.parse(results[results.length - 1].finishedAt);
  return ((finishedMs - startedMs) / 1000 / results.length) * pending;
}
