import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../src/cli/arguments.js';
import { Progress, progressLine } from '../../src/cli/progress.js';
import { temporaryFolder } from '../temporary_folder.js';
import { runCli } from './run_cli.js';

const COMMANDS = ['run', 'analyze', 'fi', 'step', 'doctor', 'validate', 'schema'];

test.each(COMMANDS)('nce %s --help', async (command) => {
  const { code, out } = await runCli([command, '--help']);
  expect(code).toBe(0);
  expect(out).toContain(`Usage: nce ${command}`);
  expect(out).toContain('--json');
});

test('help and version are data, wrong use is not', async () => {
  expect(await runCli(['--help'])).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringContaining('Usage: nce'),
  });
  expect(await runCli(['--version'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
  expect(await runCli([])).toMatchObject({ code: 2, out: '' });
  expect(await runCli(['rnu'])).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining("unknown command 'rnu'"),
  });
});

describe('nce validate', () => {
  test('a preset and a file', async () => {
    expect(await runCli(['validate', 'cortical-gamma'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('500 neurons in 4 populations'),
    });
  });

  test('reports every issue with its place, as text and as JSON', async () => {
    const file = join(await temporaryFolder(), 'bad.yaml');
    await writeFile(file, 'name: bad\npopulations:\n  E: { cell: sst-lts, neurons: 0 }\nseed: 3\n');
    const text = await runCli(['validate', file]);
    expect(text.code).toBe(2);
    expect(text.err).toContain(
      `${file}:3:32 populations.E.neurons: expected a whole number from 1 to 268435456; got 0\n`,
    );
    expect(text.err).toContain(`${file}:4:1 seed: unknown key "seed"`);
    const json = await runCli(['validate', file, '--json']);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject({
      valid: false,
      issues: [
        { path: 'populations.E.neurons', source: file, line: 3, column: 32 },
        { path: 'seed', line: 4, column: 1 },
      ],
    });
  });
});

test('nce schema prints a JSON Schema', async () => {
  const { code, out } = await runCli(['schema']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ type: 'object', required: ['name', 'populations'] });
});

test.each([
  ['5.5s', 5500],
  ['500ms', 500],
  ['500', 500],
  ['.5s', 500],
  ['1e3 ms', 1000],
  ['-5s', -5000],
])('the time %s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', 's', '5m', '5.5.5', '1,5s', 'NaN', 'Infinity'])('%j is not a time', (text) => {
  expect(() => parseDuration(text)).toThrow('expected a time');
});

test('nce schema sweep prints the schema of sweep files', async () => {
  const { code, out } = await runCli(['schema', 'sweep']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    type: 'object',
    properties: { sampling: { oneOf: expect.anything() }, circuit: { type: 'string' } },
    required: expect.arrayContaining(['name', 'circuit', 'sampling']),
  });
});

describe('progress', () => {
  test('shows simulated time, time left and real-time factor', () => {
    expect(progressLine(1100, 5500, 2000, 0.55)).toBe(
      '1.1 s of 5.5 s simulated (20 %) in 2 s, 8 s left, real-time factor 0.55',
    );
    expect(progressLine(1000, 60_000, 60_000, 1 / 60)).toContain(
      'in 1 min 0 s, 59 min 0 s left, real-time factor 0.017',
    );
  });

  test('takes the pace from the first progress on: building and a resumed past are no part of it', async () => {
    const written: string[] = [];
    const progress = new Progress({ err: (text) => written.push(text), isTerminal: true }, 2000);
    await new Promise((resolve) => setTimeout(resolve, 600));
    progress.update(1000);
    const begin = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 300));
    progress.update(1500);
    // Another 500 ms take as long as these did, less than the second that the display rounds up to.
    const leftSeconds = Math.ceil((performance.now() - begin) / 1000);
    expect(written[0]).toMatch(/1\.0 s of 2 s simulated \(50 %\) in \d+ s$/);
    expect(written[1]).toContain(`, ${leftSeconds} s left, `);
  });

  test('overwrites its line on a terminal, and is silent for 10 s elsewhere', async () => {
    const written: string[] = [];
    const show = async (isTerminal: boolean) => {
      const progress = new Progress({ err: (text) => written.push(text), isTerminal }, 1000);
      await new Promise((resolve) => setTimeout(resolve, 250));
      progress.update(500);
      progress.update(501);
      progress.end();
      return written.splice(0);
    };
    expect(await show(true)).toEqual([
      expect.stringMatching(/^\r.*0\.5 s of 1 s/),
      expect.stringMatching(/^\r/),
    ]);
    expect(await show(false)).toEqual([]);
  });
});
