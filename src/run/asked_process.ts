import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Characters of a process's standard error that an error quotes. */
const QUOTED = 2000;

/**
 * A child process that answers one request at a time, each with one message. Whatever ends the process is the failure
 * of the current request; the next request gets a new process.
 */
export class AskedProcess<Request extends object, Answer> {
  private child: ChildProcess | null = null;
  private lastWords = '';

  /** `module` is what the process runs. */
  constructor(
    private readonly module: URL,
    private readonly env: NodeJS.ProcessEnv = process.env,
  ) {}

  /** Rejects with Error where the process ends without an answer: how it ended, and the last it wrote to standard error. */
  ask(request: Request): Promise<Answer> {
    this.child ??= this.start();
    const { child } = this;
    return new Promise((resolve, reject) => {
      const settle = () => child.off('message', take).off('close', close).off('error', fail);
      const take = (answer: unknown) => {
        settle();
        resolve(answer as Answer);
      };
      const lose = (how: string) => {
        settle();
        if (this.child === child) this.child = null;
        const said = this.lastWords.trim();
        reject(new Error(`${how}${said === '' ? '' : `: ${said}`}`));
      };
      const close = (code: number | null, signal: NodeJS.Signals | null) =>
        lose(signal ? `was ended by ${signal}` : `ended with code ${code}`);
      const fail = (error: Error) => lose(`failed (${error.message})`);
      child.on('message', take).on('close', close).on('error', fail);
      child.send(request, (error) => {
        if (error) lose(`could not be reached (${error.message})`);
      });
    });
  }

  stop(): void {
    this.child?.kill('SIGKILL');
    this.child = null;
  }

  private start(): ChildProcess {
    const child = fork(fileURLToPath(this.module), {
      env: this.env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    // Between two requests a failure is of no request.
    child.on('error', () => {});
    this.lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-QUOTED);
    });
    return child;
  }
}
