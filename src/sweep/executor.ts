import type { Configuration } from './plan.js';
import type { SweepOutcome } from './result.js';

/** A configuration to simulate, and its content address. */
export interface SweepTask {
  readonly hash: string;
  readonly configuration: Configuration;
}

export interface ExecutionContext {
  /** Ends the work early; what is unfinished then has no outcome. */
  readonly signal: AbortSignal;
  /** Called once for every finished task, with its result or failure; work may wait for it. */
  readonly onOutcome: (outcome: SweepOutcome) => Promise<void>;
  /** Work done beyond the outcomes so far, in tasks: for example 3.2 of a batch of 10 that runs side by side. */
  readonly onUnderWay: (tasks: number) => void;
}

/** A way to simulate configurations: here, in other processes, on other machines. */
export interface SweepExecutor {
  /** Simulates the tasks, in any order. Rejects where it cannot work at all (no device, no queue). */
  execute(tasks: readonly SweepTask[], context: ExecutionContext): Promise<void>;
}

/** How often a task is tried if the machine may be the cause of its failure. */
export const MAX_ATTEMPTS = 3;
