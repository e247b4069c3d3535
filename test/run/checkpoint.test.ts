import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DeviceChoice } from '../../src/engine/open_engine.js';
import { readCheckpoint, writeCheckpoint } from '../../src/io/run_folder/checkpoint_file.js';
import { UnfinishedRun } from '../../src/io/run_folder/unfinished_run.js';
import { resolveCircuit } from '../../src/model/circuit_file.js';
import { Hangup, RunUnfinished, runIntoFolder } from '../../src/run/folder_run.js';
import { prepare } from '../../src/run/simulate.js';
import { runCli } from '../cli/run_cli.js';
import { type FaultyDisk, faultyDisk } from '../disk_faults.js';
import { temporaryFolder } from '../temporary_folder.js';
import { hiddenFolder, outputsOf, SMALL_CIRCUIT } from './small_circuit.js';

const CIRCUIT = resolveCircuit(SMALL_CIRCUIT);

/** Simulates into `folder`/run with checkpoints and stops at the first block after `stopMs`. */
async function stopAfter(
  stopMs: number,
  {
    device = 'cpu' as DeviceChoice,
    everyMs = 150,
    onProgress = (_simulatedMs: number, _hidden: string) => {},
  } = {},
) {
  const folder = await temporaryFolder();
  const out = join(folder, 'run');
  const run = await UnfinishedRun.create(out, { force: false });
  const prepared = await prepare(CIRCUIT, device);
  const abort = new AbortController();
  const options = { csv: false, segmentMs: 1000, force: false, checkpointEveryMs: everyMs };
  const failure = await runIntoFolder(prepared, run, options, {
    signal: abort.signal,
    onProgress: (simulatedMs) => {
      onProgress(simulatedMs, hiddenFolder(out));
      if (simulatedMs >= stopMs) abort.abort();
    },
  }).catch((error) => error);
  prepared.close();
  const hidden = hiddenFolder(out);
  const [checkpoint, recordings] = ['checkpoint.bin', 'recordings.bin'].map((name) => join(hidden, name));
  return { folder, out, hidden, checkpoint, recordings, failure };
}

const resume = (out: string, ...more: string[]) => runCli(['run', '--resume', out, '--quiet', ...more]);

const known = new Map<DeviceChoice, Promise<Record<string, string>>>();

/** SHA-256 of every output of the run without interruption. */
function uninterrupted(device: DeviceChoice): Promise<Record<string, string>> {
  const compute = async () => {
    const folder = await temporaryFolder();
    const [file, out] = [join(folder, 'small.yaml'), join(folder, 'run')];
    await writeFile(file, SMALL_CIRCUIT);
    const { code, err } = await runCli(['run', file, '--device', device, '--out', out, '--quiet']);
    expect(code, err).toBe(0);
    return outputsOf(out);
  };
  const outputs = known.get(device) ?? compute();
  known.set(device, outputs);
  return outputs;
}

describe('a run that was stopped and resumed', () => {
  test.each([
    ['cpu', 150],
    ['cpu', 73.35],
    ['software', 150],
    ['software', 73.35],
  ] as const)(
    'on %s with checkpoints every %d ms equals one without, in every file',
    async (device, everyMs) => {
      const { folder, out, failure } = await stopAfter(400, { device, everyMs });
      expect(failure).toBeInstanceOf(RunUnfinished);
      expect(failure.message).toMatch(
        /^stopped at \d+(\.\d+)? of 1200 ms\nthe run up to .* ms is kept: nce run --resume .*run continues from there$/,
      );
      expect(await readdir(folder)).toEqual(['.run.unfinished']);
      const { code, err } = await resume(out);
      expect(code, err).toBe(0);
      expect(await outputsOf(out)).toEqual(await uninterrupted(device));
      expect(await readdir(folder)).toEqual(['run']);
      const { restarts } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
      expect(restarts).toMatchObject([{ reason: 'resumed from a checkpoint' }]);
      expect(restarts[0].simulatedMs).toBeGreaterThanOrEqual(400);
    },
  );

  test('may repeat circuit, values and device; what it writes can be changed', async () => {
    const { folder, hidden, out } = await stopAfter(0);
    const file = join(folder, 'small.yaml');
    await writeFile(file, SMALL_CIRCUIT);
    // The hidden folder stands for the run as well.
    const again = ['run', file, '--resume', hidden, '--seed', '3', '--device', 'cpu', '--csv', '--quiet'];
    const { code, err } = await runCli(again);
    expect(code, err).toBe(0);
    expect(await outputsOf(out)).toMatchObject(await uninterrupted('cpu'));
    expect(existsSync(join(out, 'spikes.csv'))).toBe(true);
  });

  test('cannot be started anew without --force, nor resumed when it is finished', async () => {
    const { folder, out } = await stopAfter(200);
    const file = join(folder, 'small.yaml');
    await writeFile(file, SMALL_CIRCUIT);
    const start = ['run', file, '--out', out, '--device', 'cpu', '--quiet'];
    expect(await runCli(start)).toMatchObject({ code: 2, out: '', err: /--resume .*run continues it/ });
    expect((await runCli([...start, '--force'])).code).toBe(0);
    expect(await outputsOf(out)).toEqual(await uninterrupted('cpu'));
    expect(await resume(out)).toMatchObject({
      code: 2,
      out: '',
      err: /is finished: there is nothing to resume/,
    });
  });
});

describe('is refused with the reason, exit code 2 and no output:', () => {
  const refused = async (out: string, words: RegExp, ...more: string[]) => {
    const outcome = await resume(out, ...more);
    expect(outcome.err).toMatch(words);
    expect(outcome).toMatchObject({ code: 2, out: '' });
    expect(existsSync(out)).toBe(false);
  };

  test('a checkpoint or a log with any byte flipped, or cut off', async () => {
    const { out, checkpoint, recordings } = await stopAfter(400);
    for (const path of [checkpoint, recordings]) {
      const bytes = await readFile(path);
      const places = Array.from({ length: 12 }, (_, i) => Math.floor((i * (bytes.length - 1)) / 11));
      for (const at of [...places, 8, 12, 16, 24]) {
        const damaged = Buffer.from(bytes);
        damaged[at] ^= 1 << (at % 8);
        await writeFile(path, damaged);
        await refused(out, /damaged|truncated|not a checkpoint|format has version/);
      }
      for (const length of [0, 7, 40, bytes.length - 1]) {
        await writeFile(path, bytes.subarray(0, length));
        await refused(out, /truncated|has only \d+ bytes/);
      }
      await writeFile(path, bytes);
    }
    // What follows the last checkpoint in the log was on its way to the next one.
    await writeFile(recordings, 'the beginning of a block', { flag: 'a' });
    expect((await resume(out)).code).toBe(0);
    expect(await outputsOf(out)).toEqual(await uninterrupted('cpu'));
  });

  test('a checkpoint of another circuit, value, device or version', async () => {
    const { folder, out, checkpoint } = await stopAfter(200);
    await refused(out, /to another circuit or to other values/, '--seed', '4');
    await refused(out, /computed by float64 reference, not on the device "software"/, '--device', 'software');
    const other = join(folder, 'other.yaml');
    await writeFile(other, SMALL_CIRCUIT.replace('rate_hz: 450', 'rate_hz: 451'));
    expect(await runCli(['run', other, '--resume', out])).toMatchObject({
      code: 2,
      err: /to another circuit/,
    });

    const whole = await readCheckpoint(checkpoint);
    writeCheckpoint(checkpoint, { ...whole, versions: { ...whole.versions, nce: '0.0.9' } });
    await refused(out, /written with nce 0\.0\.9, but this is \d/);
    writeCheckpoint(checkpoint, { ...whole, engine: { description: 'WebGPU on another', driver: null } });
    await refused(out, /computed by WebGPU on another, but this machine has float64 reference/);
    const { simulation } = CIRCUIT;
    const changed = { ...CIRCUIT, simulation: { ...simulation, seed: 4 } };
    writeCheckpoint(checkpoint, { ...whole, circuit: changed });
    await refused(out, /its circuit is not the one that it names/);
  });

  test('a folder without a run or without a checkpoint', async () => {
    const folder = await temporaryFolder();
    await refused(join(folder, 'none'), /there is no unfinished run of/);
    await mkdir(join(folder, '.early.unfinished'));
    await refused(join(folder, 'early'), /ended before its first checkpoint: start it again/);
  });
});

describe('while a run is written', () => {
  test('no other process continues it, unless its process has ended or --force is given', async () => {
    const { out, hidden } = await stopAfter(200);
    const own = await UnfinishedRun.reopen(out, { force: false });
    expect(await resume(out)).toMatchObject({ code: 2, err: /process \d+ is writing a run of/ });
    own.run.release();
    await rename(hidden, `${hidden}-1-1-elsewhere`);
    expect(await resume(out)).toMatchObject({ code: 2, err: /on elsewhere, which cannot be seen from here/ });
    expect((await resume(out, '--force')).code).toBe(0);
    expect(await outputsOf(out)).toEqual(await uninterrupted('cpu'));
  });

  test('a full disk ends it with the reason, and the last checkpoint is intact', async () => {
    let disk: FaultyDisk | null = null;
    const { out, failure } = await stopAfter(1e9, {
      everyMs: 100,
      onProgress: (simulatedMs) => {
        if (simulatedMs >= 500) disk ??= faultyDisk((_, name) => name !== 'renameSync', 'ENOSPC');
      },
    });
    disk!.repair();
    expect(failure).toBeInstanceOf(RunUnfinished);
    expect(failure.message).toMatch(/cannot write .*: the disk is full\nthe run up to 400 ms is kept/);
    expect((await resume(out)).code).toBe(0);
    expect(await outputsOf(out)).toEqual(await uninterrupted('cpu'));
  });

  test.each(['ENOSPC', 'EIO'] as const)(
    'without checkpoints it can be resumed where its results cannot be written (%s)',
    async (code) => {
      const folder = await temporaryFolder();
      const [file, out] = [join(folder, 'small.yaml'), join(folder, 'run')];
      await writeFile(file, SMALL_CIRCUIT);
      let disk: FaultyDisk | null = null;
      const prepared = await prepare(CIRCUIT, 'cpu');
      const run = await UnfinishedRun.create(out, { force: false });
      const failure = await runIntoFolder(
        prepared,
        run,
        { csv: false, segmentMs: 1000, force: false, checkpointEveryMs: null },
        // The results are written after the analysis has begun; then there is room for a checkpoint again.
        {
          onStage: () => {
            disk ??= faultyDisk((call) => call === 0, code);
          },
        },
      ).catch((error) => error);
      prepared.close();
      disk!.repair();
      expect(failure).toBeInstanceOf(RunUnfinished);
      expect(failure.message).toMatch(/cannot write .*\nthe run up to 1200 ms is kept: nce run --resume/s);
      expect((await resume(out)).code).toBe(0);
      expect(await outputsOf(out)).toEqual(await uninterrupted('cpu'));
      expect((await readdir(folder)).sort()).toEqual(['run', 'small.yaml']);
    },
  );

  test('a closed terminal ends it so that it can be resumed, also without checkpoints', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'run');
    const abort = new AbortController();
    const prepared = await prepare(CIRCUIT, 'cpu');
    const run = await UnfinishedRun.create(out, { force: false });
    const options = { csv: false, segmentMs: 1000, force: false, checkpointEveryMs: null };
    const failure = await runIntoFolder(prepared, run, options, {
      signal: abort.signal,
      onProgress: (simulatedMs) => simulatedMs >= 400 && abort.abort(new Hangup()),
    }).catch((error) => error);
    prepared.close();
    expect(failure).toBeInstanceOf(RunUnfinished);
    expect((await resume(out)).code).toBe(0);
    expect(await outputsOf(out)).toEqual(await uninterrupted('cpu'));
  });
});
