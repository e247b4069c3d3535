import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../temporary_folder.js';

/** For `needs`: null where there is a redis-server, else why a test that needs it is skipped. */
export const lacksRedisServer =
  spawnSync('redis-server', ['--version']).status === 0
    ? null
    : 'there is no redis-server (apt-get install redis-server)';

export interface RedisServerOptions {
  readonly password?: string;
  /** Files of a certificate and its key: the server then speaks TLS only. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** A redis-server on a free port that keeps nothing on disk; it ends with the test. */
export class RedisServer {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly options: RedisServerOptions,
    private process: ChildProcess,
  ) {
    onTestFinished(() => {
      this.process.kill('SIGKILL');
    });
  }

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const [port, folder] = [await freePort(), await temporaryFolder()];
    const server = new RedisServer(port, folder, options, launch(port, folder, options));
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
    this.process = launch(this.port, this.folder, this.options);
    await this.untilReady();
  }

  private async untilReady(): Promise<void> {
    for (let waited = 0; waited < 20_000; waited += 100) {
      const { password, tls } = this.options;
      const secured = tls ? ['--tls', '--cacert', tls.certificate] : [];
      const { stdout } = spawnSync('redis-cli', ['-p', `${this.port}`, ...secured, 'ping'], {
        encoding: 'utf8',
        env: { ...process.env, ...(password && { REDISCLI_AUTH: password }) },
      });
      if (stdout?.trim() === 'PONG') return;
      await delay(100);
    }
    throw new Error('redis-server does not answer');
  }
}

const launch = (port: number, folder: string, { password, tls }: RedisServerOptions): ChildProcess =>
  spawn(
    'redis-server',
    [
      ...(tls
        ? ['--port', '0', '--tls-port', `${port}`, '--tls-cert-file', tls.certificate]
        : ['--port', `${port}`]),
      ...(tls ? ['--tls-key-file', tls.key, '--tls-auth-clients', 'no'] : []),
      ...(password ? ['--requirepass', password] : []),
      ...['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    ],
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
