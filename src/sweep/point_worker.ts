import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DeviceChoice } from '../engine/open_engine.js';
import type { SweepTask } from './executor.js';
import { failureOf, type SweepOutcome } from './result.js';

export interface PointRequest {
  readonly task: SweepTask;
  readonly device: DeviceChoice;
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

  /** `processors` of the machine are the child's to count on; all where it is not given. */
  constructor(
    private readonly device: DeviceChoice,
    private readonly processors?: number,
  ) {}

  async simulate(task: SweepTask): Promise<SweepOutcome> {
    this.child ??= this.start();
    const { child, device } = this;
    return new Promise((resolve) => {
      const finish = (outcome: SweepOutcome) => {
        child.removeAllListeners('message').removeAllListeners('exit').removeAllListeners('error');
        resolve(outcome);
      };
      const lose = (reason: string) => {
        this.child = null;
        const said = this.stderr.trim();
        const error = new Error(`the process that simulated it ${reason}${said === '' ? '' : `: ${said}`}`);
        finish({ failure: failureOf(error, task.hash) });
      };
      child.on('message', (outcome: SweepOutcome) => finish(outcome));
      child.on('exit', (code, signal) => lose(signal ? `got ${signal}` : `ended with code ${code}`));
      child.on('error', (error) => lose(`failed (${error.message})`));
      child.send({ task, device } satisfies PointRequest, (error) => {
        if (error) lose(`could not be reached (${error.message})`);
      });
    });
  }

  stop(): void {
    this.child?.kill('SIGKILL');
    this.child = null;
  }

  private start(): ChildProcess {
    const child = fork(fileURLToPath(new URL('./point_process.js', import.meta.url)), {
      execArgv: [],
      env: this.processors ? { ...process.env, NCE_PROCESSORS: String(this.processors) } : process.env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-QUOTED);
    });
    return child;
  }
}
