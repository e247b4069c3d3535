import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { requireStartable, UnfinishedRun } from '../../../src/io/run_folder/unfinished_run.js';
import { temporaryFolder } from '../../temporary_folder.js';

const HOST = encodeURIComponent(hostname());
const ALIVE = `${process.ppid}-${startOf(process.ppid)}-${HOST}`;
const DEAD = `${spawnSync('true').pid}-1-${HOST}`;
const ELSEWHERE = '1-1-elsewhere';

/** The hidden folder that a process leaves, with or without a checkpoint. */
async function left(parent: string, name: string, hasCheckpoint = false): Promise<void> {
  await mkdir(join(parent, name));
  if (hasCheckpoint) await writeFile(join(parent, name, 'checkpoint.bin'), '');
}

test('a new run removes what processes left that ended before a checkpoint, of its own place only', async () => {
  const parent = await temporaryFolder();
  await left(parent, `.a.unfinished-${DEAD}`);
  await left(parent, '.a.unfinished');
  await left(parent, `.b.unfinished-${DEAD}`);
  const run = await UnfinishedRun.create(join(parent, 'a'), { force: false });
  const names = await readdir(parent);
  expect(names).toContain(`.b.unfinished-${DEAD}`);
  expect(names).toHaveLength(2);
  run.discard();
  expect(await readdir(parent)).toEqual([`.b.unfinished-${DEAD}`]);
});

test('force discards a run that can be resumed, and never one that a living process writes', async () => {
  const parent = await temporaryFolder();
  const out = join(parent, 'a');
  await left(parent, `.a.unfinished-${DEAD}`, true);
  await expect(UnfinishedRun.create(out, { force: false })).rejects.toThrow('an unfinished run of');
  (await UnfinishedRun.create(out, { force: true })).discard();
  expect(await readdir(parent)).toEqual([]);

  await left(parent, `.a.unfinished-${ALIVE}`);
  for (const force of [false, true]) {
    await expect(UnfinishedRun.create(out, { force })).rejects.toThrow(`process ${process.ppid} is writing`);
    await expect(UnfinishedRun.reopen(out, { force })).rejects.toThrow(`process ${process.ppid} is writing`);
  }
  expect(await readdir(parent)).toEqual([`.a.unfinished-${ALIVE}`]);
});

test('a process of another machine is believed to run until force says that it does not', async () => {
  const parent = await temporaryFolder();
  const out = join(parent, 'a');
  await left(parent, `.a.unfinished-${ELSEWHERE}`);
  expect(() => requireStartable(out, { force: false })).toThrow('belongs to process 1 on elsewhere');
  (await UnfinishedRun.create(out, { force: true })).discard();
  expect(await readdir(parent)).toEqual([]);
});

test('one process has one run of a place', async () => {
  const parent = await temporaryFolder();
  const run = await UnfinishedRun.create(join(parent, 'a'), { force: false });
  await expect(UnfinishedRun.create(join(parent, 'a'), { force: true })).rejects.toThrow(
    `process ${process.pid} is writing`,
  );
  run.discard();
});

/** As proc(5) has it; `x` on other systems. */
function startOf(process: number): string {
  try {
    return readFileSync(`/proc/${process}/stat`, 'utf8').split(') ')[1].split(' ')[19];
  } catch {
    return 'x';
  }
}
