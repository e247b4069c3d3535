import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UnfinishedRun } from '../../../src/io/run_folder/unfinished_run.js';
import { temporaryFolder } from '../../temporary_folder.js';

/** A folder as a process leaves it that is killed between making and naming it. */
async function young(parent: string, name: string, lock: object | null, ageMs = 0): Promise<void> {
  const folder = join(parent, name);
  await mkdir(folder);
  if (lock) await writeFile(join(folder, 'lock.json'), JSON.stringify(lock));
  const madeAt = new Date(Date.now() - ageMs);
  await utimes(folder, madeAt, madeAt);
}

test('a new run removes what killed processes left of its hidden folder, and nothing else', async () => {
  const parent = await temporaryFolder();
  const { pid } = spawnSync('true');
  const host = hostname();
  await young(parent, '.a.new-dead', { pid, host, startedAt: '1' });
  await young(parent, '.a.new-old', null, 3_600_000);
  await young(parent, '.a.new-alive', { pid: process.ppid, host, startedAt: startOf(process.ppid) });
  await young(parent, '.a.new-elsewhere', { pid, host: 'elsewhere', startedAt: '1' });
  await young(parent, '.a.new-now', null);
  await young(parent, '.b.new-old', null, 3_600_000);
  const run = await UnfinishedRun.create(join(parent, 'a'), { force: false });
  expect((await readdir(parent)).sort()).toEqual(
    ['.a.new-alive', '.a.new-elsewhere', '.a.new-now', '.a.unfinished', '.b.new-old'].sort(),
  );
  run.discard();
});

/** As proc(5) has it; null on other systems. */
function startOf(process: number): string | null {
  try {
    return readFileSync(`/proc/${process}/stat`, 'utf8').split(') ')[1].split(' ')[19];
  } catch {
    return null;
  }
}
