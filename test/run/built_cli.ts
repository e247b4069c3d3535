import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildCli as compileSources } from '../sweep/built_cli.js';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface BuiltCli {
  /** Starts the command line in a process of its own; no file that it writes may become larger than the limit. */
  start(
    argv: readonly string[],
    options?: { readonly largestFileKiB?: number },
  ): { readonly process: ChildProcess; readonly outcome: Promise<Outcome> };
  remove(): void;
}

/** The command line as a program, for tests that kill it. */
export async function buildCli(): Promise<BuiltCli> {
  // Inside the checkout, so that it finds the npm packages and package.json.
  const folder = mkdtempSync(join(repository, 'node_modules', '.nce-test-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: repository,
    build: {
      ssr: 'src/cli/main.ts',
      outDir: folder,
      rollupOptions: { output: { entryFileNames: 'main.mjs', chunkFileNames: '[name]-[hash].mjs' } },
    },
  });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { start: startOf(join(folder, 'main.mjs')), remove };
}

/** The command line as `npm run build` makes it, with the files of its threads. */
export async function compileCli(): Promise<BuiltCli> {
  await compileSources();
  return { start: startOf(join(repository, 'dist', 'cli', 'main.js')), remove: () => {} };
}

const startOf =
  (entry: string): BuiltCli['start'] =>
  (argv, { largestFileKiB } = {}) => {
    const limit = largestFileKiB === undefined ? 'unlimited' : String(largestFileKiB);
    const program = [process.execPath, entry, ...argv];
    const child = spawn('bash', ['-c', 'ulimit -f "$0" && exec "$@"', limit, ...program], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      err += text;
    });
    const outcome = new Promise<Outcome>((resolve) =>
      child.on('close', (code, signal) => resolve({ code, signal, out, err })),
    );
    return { process: child, outcome };
  };
