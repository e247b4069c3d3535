import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../temporary_folder.js';

export const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0;

/** A redis-server on a free port that keeps nothing on disk; it ends with the test. */
export class RedisServer {
  private constructor(
    private readonly port: number,
    private readonly folder: string,
    private process: ChildProcess,
  ) {
    onTestFinished(() => {
      this.process.kill('SIGKILL');
    });
  }

  static async start(): Promise<RedisServer> {
    const [port, folder] = [await freePort(), await temporaryFolder()];
    const server = new RedisServer(port, folder, launch(port, folder));
    await server.untilReady();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Ends it as a crash would, so that it forgets everything, and starts it again after `downMs`. */
  async crashAndRestart(downMs: number): Promise<void> {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await gone;
    await delay(downMs);
    this.process = launch(this.port, this.folder);
    await this.untilReady();
  }

  private async untilReady(): Promise<void> {
    for (let waited = 0; waited < 20_000; waited += 100) {
      const { stdout } = spawnSync('redis-cli', ['-p', `${this.port}`, 'ping'], { encoding: 'utf8' });
      if (stdout?.trim() === 'PONG') return;
      await delay(100);
    }
    throw new Error('redis-server does not answer');
  }
}

const launch = (port: number, folder: string): ChildProcess =>
  spawn(
    'redis-server',
    ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  );

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
