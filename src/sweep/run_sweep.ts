import type { SweepExecutor } from './executor.js';
import { configurationOf, type SweepPoint } from './plan.js';
import type { SweepFolder } from './sweep_folder.js';

export interface RunSweepOptions {
  /** Default: every point. Points that have a result already are left out in any case. */
  readonly points?: readonly SweepPoint[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SweepProgress) => void;
}

/** Of one call; configurations that had a result before do not count. */
export interface SweepProgress {
  readonly tasks: number;
  readonly completed: number;
  readonly failed: number;
  /** Work done beyond these, in tasks; an estimate. */
  readonly underWay: number;
}

/**
 * Simulates what is still missing in a sweep's folder and stores each outcome there. After a stop at any moment, the
 * same call continues. Earlier failures are tried again. Rejects as the executor, with InputError for a plan that was
 * edited.
 */
export async function runSweep(
  folder: SweepFolder,
  executor: SweepExecutor,
  {
    points = folder.plan.points,
    signal = new AbortController().signal,
    onProgress = () => {},
  }: RunSweepOptions = {},
): Promise<SweepProgress> {
  const wanted = new Set(points.map(({ hash }) => hash));
  const pending = (await folder.pendingPoints()).filter(({ hash }) => wanted.has(hash));
  const tasks = pending.map((point) => ({
    hash: point.hash,
    configuration: configurationOf(folder.plan, point),
  }));
  let progress: SweepProgress = { tasks: tasks.length, completed: 0, failed: 0, underWay: 0 };
  const update = (change: Partial<SweepProgress>) => {
    progress = { ...progress, ...change };
    onProgress(progress);
  };
  update({});
  if (tasks.length === 0) return progress;
  await executor.execute(tasks, {
    signal,
    onUnderWay: (underWay) => update({ underWay }),
    onOutcome: async (outcome) => {
      await folder.store(outcome);
      const { completed, failed } = progress;
      update('result' in outcome ? { completed: completed + 1 } : { failed: failed + 1 });
    },
  });
  return progress;
}
