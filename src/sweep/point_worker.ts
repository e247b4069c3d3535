import type { DeviceChoice } from '../engine/open_engine.js';
import { AskedProcess } from '../run/asked_process.js';
import { REDIS_PASSWORD } from './queue/redis_address.js';
import { failureOf, type SweepOutcome } from './result.js';
import type { TaskCeilings } from './task_check.js';

export interface PointRequest {
  readonly hash: string;
  /** Checked by the process that simulates it. */
  readonly configuration: unknown;
  readonly device: DeviceChoice;
  /** Null: the task is this user's own. */
  readonly ceilings: TaskCeilings | null;
}

export interface PointWorkerOptions {
  readonly device: DeviceChoice;
  /** Number of processors that the child may use; by default all. */
  readonly processors?: number;
  /** Limits for a task that came over the network. */
  readonly ceilings?: TaskCeilings;
}

/** Simulates one configuration at a time in a child process: whatever happens to it is the failure of that one. */
export class PointWorker {
  private readonly child: AskedProcess<PointRequest, SweepOutcome>;

  constructor(private readonly options: PointWorkerOptions) {
    const { processors } = options;
    // The child runs circuits of other machines, so it must not get the password of their queue.
    const { [REDIS_PASSWORD]: _, ...env } = process.env;
    this.child = new AskedProcess(
      new URL('./point_process.js', import.meta.url),
      processors ? { ...env, NCE_PROCESSORS: String(processors) } : env,
    );
  }

  async simulate({
    hash,
    configuration,
  }: Pick<PointRequest, 'hash' | 'configuration'>): Promise<SweepOutcome> {
    const { device, ceilings = null } = this.options;
    try {
      return await this.child.ask({ hash, configuration, device, ceilings });
    } catch (error) {
      const lost = new Error(`the process that simulated it ${(error as Error).message}`);
      return { failure: failureOf(lost, hash) };
    }
  }

  stop(): void {
    this.child.stop();
  }
}
