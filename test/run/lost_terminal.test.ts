import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BuiltCli, buildCli } from './built_cli.js';
import { hiddenFolder, outputsOf, smallCircuitFile } from './small_circuit.js';

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

test('the reader of notes and data goes away: the run is finished all the same', async () => {
  const { file, out } = await smallCircuitFile();
  const { process: child, outcome } = cli.start(['run', file, '--device', 'cpu', '--out', out]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  const { code, err } = await outcome;
  expect(code, err).toBe(0);
  expect(existsSync(join(out, 'manifest.json'))).toBe(true);
});

test('if the terminal is closed, the run ends with the command that resumes it, and resuming gives the same', async () => {
  const { file, out, whole } = await smallCircuitFile();
  const argv = ['run', file, '--device', 'cpu', '--quiet', '--duration', '4s'];
  const { process: child, outcome } = cli.start([...argv, '--out', out]);
  while (!existsSync(join(hiddenFolder(out), 'recordings.bin')))
    await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGHUP');
  const { code, err } = await outcome;
  expect(err).toMatch(/stopped at .* of 4000 ms\nthe run up to .* is kept: nce run --resume/);
  expect(code).toBe(1);
  expect((await cli.start(['run', '--resume', out, '--quiet']).outcome).code).toBe(0);
  expect((await cli.start([...argv, '--out', whole]).outcome).code).toBe(0);
  expect(await outputsOf(out)).toEqual(await outputsOf(whole));
});
