import { execFileSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Job, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { SweepTask } from '../../src/sweep/executor.js';
import { outcomeOfAnswer } from '../../src/sweep/outcome_schema.js';
import { configurationHash } from '../../src/sweep/plan.js';
import { parseRedisAddress } from '../../src/sweep/queue/redis_address.js';
import { SweepFolder } from '../../src/sweep/sweep_folder.js';
import { runCli } from '../cli/run_cli.js';
import { needs } from '../runner/needs.js';
import { temporaryFolder } from '../temporary_folder.js';
import { buildCli, runBuiltCli, spawnCli } from './built_cli.js';
import { lacksRedisServer, RedisServer } from './redis_server.js';
import { contentOf, sweepFolder, sweepWithResult } from './tiny_sweep.js';

const SECRET = 'correct-horse';
const PASSWORD = { NCE_REDIS_PASSWORD: SECRET };

function redisClient(server: RedisServer): Redis {
  const client = new Redis(server.url, { maxRetriesPerRequest: null });
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

describe('addresses of Redis', () => {
  const parse = (address: string, environment = {}) => parseRedisAddress(address, environment);

  test('contain host, user, database and TLS; the password comes from the environment', () => {
    expect(parse('redis://cluster')).toEqual({
      host: 'cluster:6379',
      options: { host: 'cluster', port: 6379, db: 0 },
    });
    expect(parse('rediss://worker@[::1]:7000/3', PASSWORD)).toEqual({
      host: '[::1]:7000',
      options: { host: '::1', port: 7000, db: 3, username: 'worker', password: SECRET, tls: {} },
    });
    expect(parse('redis://:a%40b@h').options.password).toBe('a@b');
    expect(parse('redis://:a@h', PASSWORD).options.password).toBe(SECRET);
  });

  test('a malformed one gives one line without its password, on both commands', async () => {
    const { folder, file } = await sweepFolder();
    const plan = join(folder, 'plan.json');
    await runCli(['sweep', 'plan', file, '--out', plan]);
    for (const address of [
      `http://user:${SECRET}@host:1`,
      `redis://:${SECRET}@[::bad`,
      `redis://:${SECRET}@host:99999`,
      `redis://:%zz${SECRET}@host`,
      `redis://:${SECRET}@host/not-a-number`,
      `redis://:${SECRET}@host/?password=${SECRET}`,
      `:${SECRET}@host`,
      '',
    ])
      for (const argv of [
        ['sweep', 'worker', '--redis', address],
        ['sweep', 'run', plan, '--executor', 'bullmq', '--out', join(folder, 'out'), '--redis', address],
      ]) {
        const { code, err } = await runCli(argv);
        expect([code, err], address).toEqual([2, expect.stringMatching(/^the address of Redis .*\n$/)]);
        expect(err).not.toContain(SECRET);
      }
    const { code, err } = await runCli(['sweep', 'worker', '--redis', `redis://u:${SECRET}@127.0.0.1:1`]);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^Redis does not answer at 127\.0\.0\.1:1: .*\n$/),
    ]);
  });
});

describe('a queue that others can write to', needs(lacksRedisServer), () => {
  beforeAll(buildCli);

  test('answers that are no results of the plan are refused, and no other file is written', async () => {
    const { folder, plan, tasks, task, result } = await sweepWithResult();
    await mkdir(join(folder, 'victim'));
    await writeFile(join(folder, 'victim', 'package.json'), '{}');
    const before = await contentOf(folder);
    const server = await RedisServer.start();
    const connection = redisClient(server);
    const path = { hash: '../../../victim/package', name: 'owned' };
    const peer = new Worker(
      'nce-sweep',
      async ({ id }) => {
        if (id === task.hash) return { result };
        const kind = tasks.findIndex(({ hash }) => hash === id) % 3;
        if (kind === 0) return { failure: path };
        return { result: { ...result, ...(kind === 1 ? path : { engine: 'x'.repeat(2 ** 25) }) } };
      },
      { connection },
    );
    peer.on('error', () => {});
    onTestFinished(() => peer.close(true));
    const out = join(folder, 'out');
    const argv = ['sweep', 'run', plan, '--executor', 'bullmq', '--redis', server.url, '--out', out];
    const { code, err } = await runCli([...argv, '--quiet']);
    expect([code, err]).toEqual([1, expect.stringContaining('8 of 9 configurations failed')]);

    const sweep = await SweepFolder.open(out);
    expect([...(await sweep.results()).keys()]).toEqual([task.hash]);
    const failures = [...(await sweep.failures()).values()];
    expect(failures).toHaveLength(8);
    for (const { message } of failures) expect(message).toContain("a worker's answer was refused");
    expect(failures.filter(({ message }) => message.includes('33554432 bytes'))).toHaveLength(3);
    const hashes = new Set(sweep.plan.points.map(({ hash }) => `${hash}.json`));
    for (const part of ['results', 'failures'])
      for (const name of await readdir(join(out, part))) expect(hashes).toContain(name);
    const after = await contentOf(folder);
    for (const [file, text] of Object.entries(after))
      if (!file.startsWith(out)) expect(before[file]).toBe(text);
    expect(Object.keys(after).filter((file) => !file.startsWith(out))).toEqual(Object.keys(before));
  });

  test('a worker refuses jobs that ask for too much or are none, and serves the next', async () => {
    const { folder, task } = await sweepWithResult();
    const server = await RedisServer.start();
    const connection = redisClient(server);
    const queue = new Queue('nce-sweep', { connection });
    onTestFinished(() => queue.close());
    const { circuit, analysis } = task.configuration;
    const { populations, simulation, recording, projections } = circuit;
    const change = (part: object): SweepTask => {
      const configuration = { circuit: { ...circuit, ...part }, analysis };
      return { hash: configurationHash(configuration), configuration };
    };
    const [{ connector }] = projections;
    const allToAll = { ...connector, probability: 1 };
    const huge = { ...populations.E, neurons: 200_000 };
    const jobs: Record<string, readonly [hash: string, data: unknown]> = {
      '1000000 neurons': neuronsJob(2_000_000),
      '1000000000 synapses': jobOf(
        change({
          populations: { ...populations, E: huge, PV: { ...populations.PV, neurons: 200_000 } },
          projections: projections.map((projection) => ({ ...projection, connector: allToAll })),
        }),
      ),
      '100000000 time steps': jobOf(change({ simulation: { ...simulation, duration_ms: 1e8 } })),
      '250000000 recorded numbers': jobOf(
        change({
          simulation: { ...simulation, duration_ms: 4e6 },
          recording: { ...recording, sampleRate_hz: 20_000 },
        }),
      ),
      'does not match its hash': ['a'.repeat(64), task],
      'not a configuration of a sweep': ['b'.repeat(64), null],
      'not a configuration of a sweep: analysis': [
        'c'.repeat(64),
        { configuration: { circuit, analysis: { ...analysis, nullGraphs: 1e9 } } },
      ],
      'populations.E.neurons: ': jobOf(change({ populations: { E: { ...populations.E, neurons: 1e12 } } })),
    };
    function neuronsJob(neurons: number) {
      return jobOf(change({ populations: { ...populations, E: { ...populations.E, neurons } } }));
    }
    for (const [hash, data] of Object.values(jobs)) await queue.add('simulate', data, { jobId: hash });
    await queue.add('simulate', task, { jobId: task.hash });
    const worker = spawnCli(['sweep', 'worker', '--redis', server.url, '--device', 'cpu'], folder);
    const answer = async (hash: string) => {
      for (;;) {
        const job = await Job.fromId(queue, hash);
        if (job?.failedReason) throw new Error(`job ${hash.slice(0, 8)} failed: ${job.failedReason}`);
        if (job?.finishedOn) return job.returnvalue;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    for (const [message, [hash]] of Object.entries(jobs))
      expect(await answer(hash), message).toMatchObject({
        failure: { hash, isPermanent: true, message: expect.stringContaining(message) },
      });
    expect(outcomeOfAnswer(await answer(task.hash), task)).toMatchObject({ outcome: { result: {} } });
    expect(worker.exitCode).toBeNull();
  });

  const jobOf = (task: SweepTask) => [task.hash, task] as const;

  test('a password is taken from the environment, over TLS too, and is never shown', async () => {
    const { folder, plan } = await sweepWithResult();
    const secured = await temporaryFolder();
    const [key, certificate] = [join(secured, 'key.pem'), join(secured, 'certificate.pem')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
      ],
      { stdio: 'ignore' },
    );
    const server = await RedisServer.start({ password: SECRET, tls: { certificate, key } });
    const address = ['--redis', `rediss://localhost:${server.port}`];
    const trusted = { NODE_EXTRA_CA_CERTS: certificate };
    for (const environment of [trusted, { ...trusted, NCE_REDIS_PASSWORD: 'wrong-horse' }]) {
      const { code, err } = await runBuiltCli(['sweep', 'worker', ...address], folder, environment);
      expect([code, err]).toEqual([
        2,
        expect.stringMatching(/^Redis at localhost:\d+ does not .*PASSWORD\n$/),
      ]);
    }
    const distrusted = await runBuiltCli(['sweep', 'worker', ...address], folder, PASSWORD);
    expect([distrusted.code, distrusted.err]).toEqual([2, expect.stringContaining('certificate')]);

    const environment = { ...trusted, ...PASSWORD };
    const worker = spawnCli(['sweep', 'worker', ...address, '--device', 'cpu'], folder, environment);
    let heard = '';
    worker.stderr?.on('data', (piece) => {
      heard += piece;
    });
    const argv = ['sweep', 'run', plan, '--executor', 'bullmq', '--out', join(folder, 'out'), ...address];
    const { code, err, out } = await runBuiltCli(argv, folder, environment);
    expect([code, out], err).toEqual([0, expect.stringContaining('9 of 9 configurations completed')]);
    expect(heard + err + distrusted.err).not.toContain(SECRET);
  });
});
