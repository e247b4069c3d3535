import type { DeviceChoice } from '../engine/open_engine.js';
import { processorsToUse } from '../engine/webgpu/node/processors.js';
import { type ExecutionContext, MAX_ATTEMPTS, type SweepExecutor, type SweepTask } from './executor.js';
import { PointWorker } from './point_worker.js';

export interface ProcessExecutorOptions {
  readonly device: DeviceChoice;
  /** How many processes simulate at once. */
  readonly processes: number;
}

/** Simulates in child processes of this machine: one that crashes costs no more than its own attempt. */
export function processExecutor({ device, processes }: ProcessExecutorOptions): SweepExecutor {
  return {
    async execute(tasks, context) {
      const queue = [...tasks];
      const count = Math.min(processes, tasks.length);
      const processors = Math.max(1, Math.floor(processorsToUse() / count));
      await Promise.all(
        Array.from({ length: count }, () => work(queue, new PointWorker({ device, processors }), context)),
      );
    },
  };
}

/** One process's part: takes from the queue until it is empty. */
async function work(
  queue: SweepTask[],
  worker: PointWorker,
  { signal, onOutcome }: ExecutionContext,
): Promise<void> {
  const stop = () => worker.stop();
  signal.addEventListener('abort', stop);
  try {
    for (let task = queue.shift(); task && !signal.aborted; task = queue.shift()) {
      for (let attempt = 1; ; attempt++) {
        const outcome = await worker.simulate(task);
        if (signal.aborted) return;
        const isFinal = 'result' in outcome || outcome.failure.isPermanent || attempt === MAX_ATTEMPTS;
        if (!isFinal) continue;
        await onOutcome(outcome);
        break;
      }
    }
  } finally {
    signal.removeEventListener('abort', stop);
    worker.stop();
  }
}
