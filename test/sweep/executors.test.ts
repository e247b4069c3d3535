import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, test } from 'vitest';
import { readCsv } from '../../src/io/tables/csv.js';
import type { SweepResult } from '../../src/sweep/result.js';
import { runCli } from '../cli/run_cli.js';
import { buildCli, runBuiltCli } from './built_cli.js';
import { DRIVE_AND_INHIBITION, sweepFolder } from './tiny_sweep.js';

/** A planned sweep: its folder, plan.json and where results go. */
async function planned(sweep = DRIVE_AND_INHIBITION) {
  const { folder, file } = await sweepFolder(sweep);
  const [plan, out] = [join(folder, 'plan.json'), join(folder, 'results')];
  const { code, err } = await runCli(['sweep', 'plan', file, '--out', plan]);
  expect([code, err]).toEqual([0, '']);
  return { folder, plan, out };
}

/** By hash, without what differs between any two runs. */
async function resultsIn(out: string): Promise<Record<string, unknown>> {
  const files = await readdir(join(out, 'results'));
  const results = await Promise.all(
    files.map(async (file): Promise<[string, unknown]> => {
      const result: SweepResult = JSON.parse(await readFile(join(out, 'results', file), 'utf8'));
      expect(file).toBe(`${result.hash}.json`);
      return [result.hash, { spikes: result.spikes, engine: result.engine, results: result.results }];
    }),
  );
  return Object.fromEntries(results.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The second point drives cells without sodium and potassium far beyond their range. */
const WITH_BLOW_UP = `name: faulty
circuit: tiny.yaml
sampling:
  kind: list
  parameters:
    current: { path: stimuli.1.amplitude_uA_cm2, values: [0, 10000] }
    channels: { path: [cellTypes.pv-wang-buzsaki.membrane.na.g_mS_cm2, cellTypes.pv-wang-buzsaki.membrane.k.g_mS_cm2], factors: [1, 0] }
analysis: { segment_ms: 40 }
`;

describe('the ensemble executor', () => {
  test('gives each point the results that nce run gives its circuit', async () => {
    const { folder, plan, out } = await planned();
    const argv = ['sweep', 'run', plan, '--device', 'software', '--out', out, '--members', '5', '--json'];
    const { code, err, out: said } = await runCli([...argv, '--quiet']);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(said)).toEqual({ folder: out, tasks: 9, completed: 9, failed: 0 });
    const results = await resultsIn(out);
    expect(Object.keys(results)).toHaveLength(9);

    const { points } = JSON.parse(await readFile(plan, 'utf8'));
    const alone = join(folder, 'alone');
    const set = Object.entries(points[5].set).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
    const circuit = join(folder, 'tiny.yaml');
    const run = await runCli([
      ...['run', circuit, '--device', 'software', '--segment', '40ms', '--out', alone, '--quiet'],
      ...set,
    ]);
    expect(run.code, run.err).toBe(0);
    const single = JSON.parse(await readFile(join(alone, 'results.json'), 'utf8'));
    const together = results[points[5].hash] as SweepResult;
    expect(together.spikes).toBeGreaterThan(0);
    for (const section of ['circuit', 'window', 'firing', 'balance', 'oscillation', 'coherence'])
      expect(together.results[section as 'firing'], section).toEqual(single[section]);
  });

  test('one member that blows up fails alone, and status reports why', async () => {
    const { plan, out } = await planned(WITH_BLOW_UP);
    const { code, err } = await runCli([
      'sweep',
      'run',
      plan,
      '--device',
      'software',
      '--out',
      out,
      '--quiet',
    ]);
    expect(code).toBe(1);
    expect(err).toContain('1 of 2 configurations failed');
    expect(Object.keys(await resultsIn(out))).toHaveLength(1);
    const status = JSON.parse((await runCli(['sweep', 'status', out, '--json'])).out);
    expect(status).toMatchObject({ configurations: 2, completed: 1, pending: 0, remainingSeconds: null });
    expect(status.failures).toMatchObject([{ points: [1], isPermanent: true }]);
    expect(status.failures[0].message).toContain('numerical blow-up');
    expect((await runCli(['sweep', 'status', out])).out).toContain('point 1: numerical blow-up');
  });
});

describe('resuming', () => {
  test('simulates what is missing, and nothing twice', async () => {
    const { plan, out } = await planned();
    const run = (...more: string[]) =>
      runCli(['sweep', 'run', plan, '--device', 'cpu', '--out', out, '--json', '--quiet', ...more]);
    expect(JSON.parse((await run('--index', '3')).out)).toMatchObject({ tasks: 1, completed: 1 });
    expect(JSON.parse((await run('--index', '0', '--of', '3')).out)).toMatchObject({ tasks: 2 });
    const before = await resultsIn(out);
    expect(Object.keys(before)).toHaveLength(3);
    const status = JSON.parse((await runCli(['sweep', 'status', out, '--json'])).out);
    expect(status).toMatchObject({ points: 9, completed: 3, pending: 6 });
    expect(status.remainingSeconds).toBeGreaterThan(0);

    expect(JSON.parse((await run()).out)).toMatchObject({ tasks: 6, completed: 6 });
    expect(await resultsIn(out)).toMatchObject(before);
    expect(JSON.parse((await run()).out)).toMatchObject({ tasks: 0 });
    expect((await run('--index', '9')).err).toContain('expected 0 to 8; got 9');

    const stopped = new AbortController();
    stopped.abort();
    await rm(join(out, 'results'), { recursive: true });
    const halted = await runCli(['sweep', 'run', plan, '--device', 'cpu', '--out', out], stopped.signal);
    expect([halted.code, halted.err]).toEqual([1, expect.stringContaining('stopped after 0 of 9')]);
  });

  test('a folder of another sweep is refused, a damaged result is named', async () => {
    const { folder, plan, out } = await planned();
    const other = await planned(DRIVE_AND_INHIBITION.replace('to: 1600', 'to: 1700'));
    const run = (file: string) =>
      runCli(['sweep', 'run', file, '--device', 'cpu', '--out', out, '--index', '0']);
    expect((await run(plan)).code).toBe(0);
    expect(await run(other.plan)).toMatchObject({ code: 2, err: expect.stringContaining('another sweep') });
    const [file] = await readdir(join(out, 'results'));
    for (const damaged of ['{"schema": "nce-swe', '{"schema": "nce-sweep-result/1"}', 'null']) {
      await writeFile(join(out, 'results', file), damaged);
      const collected = await runCli(['sweep', 'collect', out, '--out', join(folder, 't.csv')]);
      expect(collected).toMatchObject({ code: 2, err: expect.stringContaining(`${file} is damaged`) });
    }
  });
});

describe('the processes executor', () => {
  beforeAll(buildCli);

  test('gives what this process gives', async () => {
    const { folder, plan, out } = await planned();
    const apart = join(folder, 'apart');
    const argv = ['sweep', 'run', plan, '--device', 'cpu', '--quiet'];
    const [here, there] = await Promise.all([
      runCli([...argv, '--out', out]),
      runBuiltCli([...argv, '--out', apart, '--executor', 'processes', '--processes', '2'], folder),
    ]);
    expect([here.code, there.code], there.err).toEqual([0, 0]);
    expect(await resultsIn(apart)).toEqual(await resultsIn(out));
  });
});

describe('collect', () => {
  test('writes one table, as CSV and as Parquet, and a figure that is the same again', async () => {
    const { folder, plan, out } = await planned(`${DRIVE_AND_INHIBITION}seeds: [1, 2]\n`);
    const inFolder = (name: string) => join(folder, name);
    const run = ['sweep', 'run', plan, '--device', 'cpu', '--out', out, '--quiet'];
    expect((await runCli([...run, '--index', '0', '--of', '2'])).code).toBe(0);
    const partial = await runCli(['sweep', 'collect', out, '--out', inFolder('half.csv')]);
    expect(partial).toMatchObject({ code: 0, err: '9 of 18 points have no result\n' });
    const half = await readCsv(inFolder('half.csv'));
    expect(half.text('status').slice(0, 2)).toEqual(['complete', 'missing']);

    expect((await runCli(run)).code).toBe(0);
    const collect = (table: string, figure: string) =>
      runCli(['sweep', 'collect', out, '--out', inFolder(table), '--figure', inFolder(figure)]);
    expect(await collect('t.csv', 'a.svg')).toMatchObject({ code: 0, err: '' });
    expect(await collect('t.parquet', 'b.svg')).toMatchObject({ code: 0, err: '' });
    const csv = await readCsv(inFolder('t.csv'));
    expect(csv.header.slice(0, 7)).toEqual('index drive inhibition seed hash status reason'.split(' '));
    expect(csv.rows).toBe(18);
    const bytes = await readFile(inFolder('t.parquet'));
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    });
    expect(rows.map((row) => row['firing.meanRateHz'])).toEqual([...csv.numbers('firing.meanRateHz')]);
    expect(rows.map((row) => row['oscillation.peakBand'] ?? '')).toEqual(csv.text('oscillation.peakBand'));
    expect(Object.keys(rows[0])).toEqual([...csv.header]);

    const result = Object.values(await resultsIn(out))[0] as SweepResult;
    expect(csv.numbers('firing.meanRateHz')).toContain(result.results.firing.meanRateHz);
    const [first, again] = await Promise.all(
      ['a.svg', 'b.svg'].map((name) => readFile(inFolder(name), 'utf8')),
    );
    expect(again).toBe(first);
    expect(first).toContain('18 of 18 runs at 9 points');
    const one = await runCli(['sweep', 'collect', out, '--figure', inFolder('c.svg'), '--y', 'drive']);
    expect(one).toMatchObject({ code: 2, err: expect.stringContaining('needs two parameters') });
  });
});

describe('templates', () => {
  test('name every task of the plan once, and quote names with spaces', async () => {
    const { plan } = await planned();
    const slurm = await runCli(['sweep', 'templates', 'slurm', plan, '--out', "it's here"]);
    expect(slurm.code).toBe(0);
    expect(slurm.out).toContain('#SBATCH --array=0-8%32');
    expect(slurm.out).toContain(`--index "$SLURM_ARRAY_TASK_ID" --of 9 --out 'it'\\''s here' --quiet`);
    const kubernetes = await runCli(['sweep', 'templates', 'kubernetes', plan]);
    expect(kubernetes.out).toMatch(/completionMode: Indexed\n {2}completions: 9/);
  });
});
