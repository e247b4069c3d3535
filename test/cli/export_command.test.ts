import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmallRun, smallRun } from '../io/formats/small_run.js';
import { runCli } from './run_cli.js';

let small: SmallRun;
beforeAll(async () => {
  small = await smallRun();
});
afterAll(() => small.remove());

test('--csv writes the tables of the run and those that it may lack', async () => {
  const out = join(small.folder, 'csv');
  const { code, out: printed } = await runCli(['export', small.run, '--csv', out]);
  expect(code).toBe(0);
  expect(printed).toBe(`csv: ${out}\n`);
  const files = (await readdir(out)).filter((name) => name !== 'nce-output.json').sort();
  expect(files).toEqual(
    'coherence.csv edges.csv lfp.csv neurons.csv populations.csv spectrum.csv spikes.csv traces.csv'.split(
      ' ',
    ),
  );
  for (const file of files)
    expect(await readFile(join(out, file), 'utf8'), file).toBe(await readFile(join(small.run, file), 'utf8'));
});

test('nothing is overwritten without --force', async () => {
  const [folder, file] = [join(small.folder, 'twice'), join(small.folder, 'twice.nwb')];
  expect((await runCli(['export', small.run, '--csv', folder, '--nwb', file])).code).toBe(0);
  expect(await runCli(['export', small.run, '--csv', folder])).toMatchObject({
    code: 2,
    err: expect.stringContaining('exists'),
  });
  expect(await runCli(['export', small.run, '--nwb', file])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--force'),
  });
  expect((await runCli(['export', small.run, '--csv', folder, '--nwb', file, '--force'])).code).toBe(0);
});

test('without a format, or of a folder that is not a run, it is wrong input', async () => {
  const none = await runCli(['export', small.run]);
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining('expected a format: --nwb, --sonata') });
  const elsewhere = await runCli(['export', join(small.folder, 'nowhere'), '--csv', join(small.folder, 'x')]);
  expect(elsewhere).toMatchObject({
    code: 2,
    err: expect.stringContaining('there is no such file or folder'),
  });
});

test('a run that was changed afterwards is refused, and nothing is left', async () => {
  const changed = await smallRun();
  try {
    await writeFile(join(changed.run, 'lfp.csv'), 'time_ms,lfp_uV\n0,1\n');
    const out = join(changed.folder, 'changed.nwb');
    const { code, err } = await runCli(['export', changed.run, '--nwb', out]);
    expect([code, err]).toEqual([2, expect.stringContaining('lfp.csv was changed after the run wrote it')]);
    expect((await readdir(changed.folder)).sort()).toEqual(['run', 'small.yaml']);
  } finally {
    await changed.remove();
  }
});
