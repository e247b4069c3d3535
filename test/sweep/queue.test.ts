import type { ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { SweepFolder } from '../../src/sweep/sweep_folder.js';
import { runCli } from '../cli/run_cli.js';
import { needs } from '../runner/needs.js';
import { buildCli, runBuiltCli, spawnCli } from './built_cli.js';
import { lacksRedisServer, RedisServer } from './redis_server.js';
import { sweepFolder } from './tiny_sweep.js';

const TWO_HUNDRED = `name: queue
circuit: tiny.yaml
set: { simulation.duration_ms: 150 }
sampling:
  kind: grid
  parameters:
    drive: { path: stimuli.0.rate_hz, values: { from: 400, to: 1600, count: 10 } }
    inhibition: { path: projections.1.weight_nS, factors: { from: 0.25, to: 4, count: 10, scale: log } }
seeds: [1, 2]
analysis: { segment_ms: 100 }
`;

/** What a worker wrote so far. */
function listen(worker: ChildProcess): () => string {
  let text = '';
  worker.stderr?.on('data', (piece) => {
    text += piece;
  });
  return () => text;
}

async function until(what: string, isReached: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await isReached()); waitedMs += 50) {
    if (waitedMs > 120_000) throw new Error(`waited in vain for ${what}`);
    await delay(50);
  }
}

describe('sweeps over a queue', needs(lacksRedisServer), () => {
  beforeAll(buildCli);

  test('200 jobs, 3 workers, one killed, one blocked, Redis restarted without its data: 200 results', async () => {
    const redis = await RedisServer.start();
    const { folder, file } = await sweepFolder(TWO_HUNDRED);
    const [plan, out] = [join(folder, 'plan.json'), join(folder, 'results')];
    expect((await runCli(['sweep', 'plan', file, '--out', plan])).code).toBe(0);
    const workers = Array.from({ length: 3 }, () =>
      spawnCli(['sweep', 'worker', '--redis', redis.url, '--device', 'cpu', '--lock', '1s'], folder),
    );
    const heard = workers.map(listen);
    const submitted = runBuiltCli(
      ['sweep', 'run', plan, '--executor', 'bullmq', '--redis', redis.url, '--out', out, '--json', '--quiet'],
      folder,
    );
    const results = () => readdir(join(out, 'results')).catch(() => []);
    const completed = async (count: number) => (await results()).length >= count;

    await until('every worker at work', () => heard.every((text) => text().includes('completed')));
    workers[0].kill('SIGKILL');
    const returned = () => heard.slice(1).some((text) => text().includes('goes back to the queue'));
    await until("the killed worker's job in the queue again", returned);
    workers[1].kill('SIGSTOP');
    await delay(3000);
    workers[1].kill('SIGCONT');
    await until('half of the results', () => completed(100));
    expect((await results()).length).toBeLessThan(200);
    await redis.crashAndRestart(1000);

    const { code, out: said, err } = await submitted;
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(said)).toEqual({ folder: out, tasks: 200, completed: 200, failed: 0 });
    const sweep = await SweepFolder.open(out);
    const hashes = sweep.plan.points.map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(200);
    expect((await results()).sort()).toEqual(hashes.map((hash) => `${hash}.json`).sort());
    const found = await sweep.results();
    for (const hash of hashes) expect(found.get(hash)?.hash).toBe(hash);

    const here = join(folder, 'here');
    const again = [
      'sweep',
      'run',
      plan,
      '--device',
      'cpu',
      '--out',
      here,
      '--quiet',
      '--index',
      '0',
      '--of',
      '20',
    ];
    expect((await runCli(again)).code).toBe(0);
    const expected = await (await SweepFolder.open(here)).results();
    expect(expected.size).toBe(10);
    for (const [hash, { results }] of expected) expect(found.get(hash)?.results).toEqual(results);
    expect(await readdir(join(out, 'failures'))).toEqual([]);
  }, 180_000);

  test('a configuration that fails is reported once, with its reason', async () => {
    const redis = await RedisServer.start();
    const { folder, file } = await sweepFolder(`name: faulty
circuit: tiny.yaml
sampling:
  kind: list
  parameters:
    current: { path: stimuli.1.amplitude_uA_cm2, values: [0, 10000] }
    channels: { path: [cellTypes.pv-wang-buzsaki.membrane.na.g_mS_cm2, cellTypes.pv-wang-buzsaki.membrane.k.g_mS_cm2], factors: [1, 0] }
`);
    const [plan, out] = [join(folder, 'plan.json'), join(folder, 'results')];
    expect((await runCli(['sweep', 'plan', file, '--out', plan])).code).toBe(0);
    spawnCli(['sweep', 'worker', '--redis', redis.url, '--device', 'cpu'], folder);
    const argv = ['sweep', 'run', plan, '--executor', 'bullmq', '--redis', redis.url, '--out', out];
    const { code, err } = await runBuiltCli([...argv, '--quiet'], folder);
    expect([code, err]).toEqual([1, expect.stringContaining('1 of 2 configurations failed')]);
    const [failure] = await readdir(join(out, 'failures'));
    expect(JSON.parse(await readFile(join(out, 'failures', failure), 'utf8'))).toMatchObject({
      isPermanent: true,
      message: expect.stringContaining('numerical blow-up'),
    });
  });

  test('without Redis, both ends say so', async () => {
    const { folder, file } = await sweepFolder();
    const plan = join(folder, 'plan.json');
    await runCli(['sweep', 'plan', file, '--out', plan]);
    const redis = ['--redis', 'redis://127.0.0.1:1'];
    for (const argv of [
      ['sweep', 'worker', ...redis],
      ['sweep', 'run', plan, '--executor', 'bullmq', '--out', join(folder, 'out'), ...redis],
    ]) {
      const { code, err } = await runCli(argv);
      expect([code, err]).toEqual([2, expect.stringContaining('Redis does not answer at 127.0.0.1:1: ')]);
    }
  });
});
