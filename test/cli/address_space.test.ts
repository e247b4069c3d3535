import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildCli } from '../sweep/built_cli.js';
import { temporaryFolder } from '../temporary_folder.js';
import { runCli } from './run_cli.js';

const entry = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const RUN = 'run ping --device cpu --duration 300ms --transient 100ms --segment 100ms --quiet --out'.split(
  ' ',
);

/** A command under a limit on its address space, as batch systems set one. */
function underLimit(gibibytes: number, argv: readonly string[], cwd: string, nodeOptions = '') {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', 'ulimit -v "$0" && exec "$@"', String(gibibytes * 2 ** 20), process.execPath, entry, ...argv],
    { cwd, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: nodeOptions } },
  );
  return { code: status, out: stdout, err: stderr };
}

describe.skipIf(process.platform !== 'linux')('under a limit on address space', () => {
  beforeAll(buildCli);

  test('what needs no HDF5 works', async () => {
    const folder = await temporaryFolder();
    for (const [argv, expected] of [
      [['--version'], /^\d+\.\d+\.\d+\n$/],
      [['schema'], /"properties"/],
      ['fi hodgkin-huxley-1952 --currents 10 --duration 50 --device cpu'.split(' '), /^current,/],
    ] as const) {
      const { code, out, err } = underLimit(4, argv, folder);
      expect([code, err], argv.join(' ')).toEqual([0, '']);
      expect(out).toMatch(expected);
    }
  });

  test('what needs HDF5 says so before it simulates, leaves nothing, and works with the remedy', async () => {
    const folder = await temporaryFolder();
    expect((await runCli([...RUN, join(folder, 'base')])).code).toBe(0);
    const before = readdirSync(folder);
    for (const argv of [
      [...RUN, 'run'],
      [...RUN, 'seeds', '--seeds', '1,2'],
      ['analyze', 'base', '--out', 'analysis'],
      ['export', 'base', '--nwb', 'run.nwb'],
    ]) {
      const { code, out, err } = underLimit(8, argv, folder);
      expect([code, out, err], argv.join(' ')).toEqual([
        2,
        '',
        expect.stringMatching(/^files in HDF5 .* set NODE_OPTIONS=--disable-wasm-trap-handler, .*\n$/),
      ]);
      expect(readdirSync(folder)).toEqual(before);
    }
    const remedy = '--disable-wasm-trap-handler';
    for (const argv of [
      [...RUN, 'run'],
      ['export', 'base', '--nwb', 'run.nwb'],
    ]) {
      const { code, err } = underLimit(10, argv, folder, remedy);
      expect([code, err], argv.join(' ')).toEqual([0, '']);
    }
  }, 300_000);
});
