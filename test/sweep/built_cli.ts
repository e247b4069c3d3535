import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

/** Child processes run JavaScript, so tests that start some run what the build makes of the sources. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const entry = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Whose modification time is that of the newest source that `dist` was compiled from. */
const stamp = join(root, 'dist', '.compiled');
const lock = join(root, 'node_modules', '.nce-test-compiling');
/** A lock older than this is of a process that was killed, ms. */
const LOCK_STALE_MS = 120_000;

/** Compiles the sources as they are now; for `beforeAll`. Test files that run at once take turns: the first compiles for all. */
export async function buildCli(): Promise<void> {
  while (!(await takeLock())) await delay(100);
  try {
    const newest = await newestSource();
    if ((await modifiedAt(stamp)) >= newest) return;
    await promisify(execFile)(
      process.execPath,
      ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
      { cwd: root },
    );
    await writeFile(stamp, '');
    await utimes(stamp, newest / 1000, newest / 1000);
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function takeLock(): Promise<boolean> {
  const taken = await mkdir(lock).then(
    () => true,
    () => false,
  );
  if (!taken && Date.now() - (await modifiedAt(lock)) > LOCK_STALE_MS)
    await rm(lock, { recursive: true, force: true });
  return taken;
}

const modifiedAt = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => Math.floor(mtimeMs),
    () => 0,
  );

async function newestSource(): Promise<number> {
  const sources = join(root, 'src');
  const files = await readdir(sources, { recursive: true });
  const times = [sources, ...files.map((file) => join(sources, file)), join(root, 'tsconfig.build.json')].map(
    modifiedAt,
  );
  return Math.max(...(await Promise.all(times)));
}

/** A command in a process of its own, which is killed when the test ends. */
export function spawnCli(
  argv: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn(process.execPath, [entry, ...argv], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** The same, until it ends. */
export async function runBuiltCli(
  argv: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number; out: string; err: string }> {
  const child = spawnCli(argv, cwd, environment);
  let [out, err] = ['', ''];
  child.stdout?.on('data', (text) => {
    out += text;
  });
  child.stderr?.on('data', (text) => {
    err += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? -1, out, err })));
}
