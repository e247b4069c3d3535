import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DeviceChoice } from '../engine/open_engine.js';
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
  /** How many processors of the machine are the child's to count on; all where it is not given. */
  readonly processors?: number;
  /** What a task may ask for that came over the network. */
  readonly ceilings?: TaskCeilings;
}

/** Characters of a process's standard error that a failure quotes. */
const QUOTED = 2000;

/**
 * A child process that simulates one configuration at a time. Whatever happens to it is the failure of that one; the next
 * gets a new process.
 */
export class PointWorker {
  private child: ChildProcess | null = null;
  private stderr = '';

  constructor(private readonly options: PointWorkerOptions) {}

  async simulate({
    hash,
    configuration,
  }: Pick<PointRequest, 'hash' | 'configuration'>): Promise<SweepOutcome> {
    this.child ??= this.start();
    const { child } = this;
    const { device, ceilings = null } = this.options;
    return new Promise((resolve) => {
      const finish = (outcome: SweepOutcome) => {
        child.removeAllListeners('message').removeAllListeners('exit').removeAllListeners('error');
        resolve(outcome);
      };
      const lose = (reason: string) => {
        this.child = null;
        const said = this.stderr.trim();
        const error = new Error(`the process that simulated it ${reason}${said === '' ? '' : `: ${said}`}`);
        finish({ failure: failureOf(error, hash) });
      };
      child.on('message', (outcome: SweepOutcome) => finish(outcome));
      child.on('exit', (code, signal) => lose(signal ? `got ${signal}` : `ended with code ${code}`));
      child.on('error', (error) => lose(`failed (${error.message})`));
      child.send({ hash, configuration, device, ceilings } satisfies PointRequest, (error) => {
        if (error) lose(`could not be reached (${error.message})`);
      });
    });
  }

  stop(): void {
    this.child?.kill('SIGKILL');
    this.child = null;
  }

  private start(): ChildProcess {
    const { processors } = this.options;
    // The child runs circuits of other machines: the password of their queue is not for it.
    const { [REDIS_PASSWORD]: _, ...env } = process.env;
    const child = fork(fileURLToPath(new URL('./point_process.js', import.meta.url)), {
      execArgv: [],
      env: processors ? { ...env, NCE_PROCESSORS: String(processors) } : env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-QUOTED);
    });
    return child;
  }
}
