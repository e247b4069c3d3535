import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadImage } from '@napi-rs/canvas';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary_folder.js';
import { runCli } from './run_cli.js';

test('a mechanism of the library: steady states, time constants, units that numbers were taken for', async () => {
  const { code, out, err } = await runCli(['mechanism', 'na-hh52']);
  expect(code, err).toBe(0);
  expect(out).toContain('  m: exact exponential step\n');
  // m and h of Hodgkin and Huxley at -40 mV, by hand: alpha_m = 1, beta_m = 4 exp(-25/18).
  expect(out).toMatch(/ -40 +0\.5006 +0\.5006 +0\.05044 +2\.515\n/);
  expect(out).toContain('      4 1/ms, 65 mV, 18 mV\n');

  const json = JSON.parse((await runCli(['mechanism', 't-current', '--celsius', '24', '--json'])).out);
  expect(json).toMatchObject({ name: 't-current', channel: 'Ca', parameters: { shift_mV: 2, q10: 3 } });
  expect(json.states.m).toMatchObject({ step: 'instantaneous', tau_ms: null });
  // At 24 degrees the factor 3^1.2 for 36 degrees is gone.
  const warm = JSON.parse((await runCli(['mechanism', 't-current', '--json'])).out);
  expect(json.states.h.tau_ms[3] / warm.states.h.tau_ms[3]).toBeCloseTo(3 ** 1.2, 9);
});

test('a cell: its rest and its largest step', async () => {
  const { code, out } = await runCli(['mechanism', 'pv-wang-buzsaki', '--json']);
  expect(code).toBe(0);
  const cell = JSON.parse(out);
  expect(cell.states['na.h']).toMatchObject({ step: 'exact' });
  expect(cell.firstOrderStates).toEqual([]);
  expect(cell.largestStep.accurateMs).toBeGreaterThanOrEqual(0.025);
  expect(cell.largestStep.stableMs).toBeGreaterThanOrEqual(cell.largestStep.accurateMs);
});

test('files, pictures and wrong input', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'mine.yaml');
  const one = 'mechanisms:\n  kv: { channel: K, open: n, states: { n: { inf: 1/(1+exp(-V/5)), tau: 3 } } }\n';
  await writeFile(file, one);
  const picture = join(folder, 'kv.png');
  const drawn = await runCli(['mechanism', file, '--plot', picture]);
  expect(drawn.code, drawn.err).toBe(0);
  const image = await loadImage(await readFile(picture));
  expect([image.width, image.height]).toEqual([1608, 696]);
  expect(await runCli(['mechanism', file, '--plot', picture])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--force replaces it'),
  });
  expect((await runCli(['mechanism', file, '--plot', picture, '--force'])).code).toBe(0);
  // What is no picture is never replaced.
  expect((await runCli(['mechanism', file, '--plot', file, '--force'])).code).toBe(2);
  expect((await runCli(['mechanism', `${file}#kv`])).code).toBe(0);

  const cases = [
    ['na-hh53', 'the library has no mechanism or cell "na-hh53"; did you mean "na-hh52"?'],
    [`${file}#kw`, `${file} has no mechanism or cell "kw"; did you mean "kv"?`],
    [join(folder, 'nowhere.yaml'), 'there is no such file or folder'],
  ];
  for (const [name, message] of cases)
    expect(await runCli(['mechanism', name])).toMatchObject({
      code: 2,
      err: expect.stringContaining(message),
    });
  await writeFile(file, one.replace('exp(-V/5)', 'exp(-v/5)'));
  expect(await runCli(['mechanism', file])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/mine\.yaml:2:60 .*nothing is called "v"; did you mean "V"\?\n.*\n +\^\n/s),
  });
  await writeFile(file, `${one}  kw: { channel: K, open: 1 }\n`);
  expect((await runCli(['mechanism', file])).err).toContain('choose one as');
});

test('nce clamp: a row for each level and time, a column for each label; wrong input is refused', async () => {
  const { code, out, err } = await runCli(
    'clamp hodgkin-huxley-1952 --hold -80 --levels -60,0 --on 1 --off 3 --duration 4 --dt 0.5 --device cpu'.split(
      ' ',
    ),
  );
  expect(code, err).toBe(0);
  const [header, ...rows] = out.trim().split('\n');
  expect(header).toBe('level_mV,time_ms,current_uA_cm2,na,k,leak');
  expect(rows).toHaveLength(2 * 9);
  const [level, time, total, ...parts] = rows[4].split(',').map(Number);
  expect([level, time]).toEqual([-60, 2]);
  expect(parts.reduce((a, b) => a + b)).toBeCloseTo(total, 9);
  // The leak of 0.3 mS/cm2 at 0 mV.
  expect(Number(rows[9 + 4].split(',')[5])).toBeCloseTo(0.3 * 54.387, 9);

  const cases = [
    ['clamp na-hh52 --levels 0', 'is a mechanism; nce clamp takes a cell'],
    ['clamp traub-miles --levels 200', 'a potential is 200; allowed: a number from -150 to 100'],
    ['clamp traub-miles --levels 0 --off 5', '--off is 5; allowed: a number from 10 to 130'],
    ['clamp traub-miles --levels 0 --dt 0', '--dt is 0; allowed: a number from 0.0001 to 1'],
    ['clamp traub-miles --levels 0 --dt 0.001 --duration 3e3', 'rows would be written'],
    ['clamp traub-miles --levels 0 --device gpu', 'is computed in float64, on the CPU; allowed: auto, cpu'],
  ];
  for (const [command, message] of cases)
    expect(await runCli(command.split(' ')), command).toMatchObject({
      code: 2,
      err: expect.stringContaining(message),
    });
});
