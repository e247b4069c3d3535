import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FaultCode, faultyDisk } from '../disk_faults.js';
import { temporaryFolder } from '../temporary_folder.js';
import { runCli } from './run_cli.js';
import { COMMANDS, type Inputs, makeInputs, outputName, treeOf } from './writing_commands.js';

/**
 * The disk refuses one call of a command, the first, the second, and so on: the command ends with a message, what was there
 * before is there, and what it writes is there whole or not at all. NCE_EVERY_FAULT=1 tries every call, else some are.
 */
const CODES: readonly FaultCode[] = ['ENOSPC', 'EIO', 'EACCES'];
const SAMPLES = 9;

/** Numbers of calls to try of `count`: all, or the first three, the last three and some in between. */
function callsToTry(count: number): number[] {
  if (process.env.NCE_EVERY_FAULT || count <= SAMPLES) return Array.from({ length: count }, (_, i) => i);
  const between = Array.from({ length: SAMPLES - 6 }, (_, i) =>
    Math.round(((i + 1) * count) / (SAMPLES - 5)),
  );
  return [...new Set([0, 1, 2, ...between, count - 3, count - 2, count - 1])];
}

let made: { readonly inputs: Inputs; readonly remove: () => Promise<void> };
beforeAll(async () => {
  made = await makeInputs();
});
afterAll(() => made.remove());

/** A user's folder, with an earlier output where there shall be one. */
async function place(earlier: string | null, name: string) {
  const folder = join(await realpath(await temporaryFolder()), 'thesis');
  await mkdir(folder);
  await writeFile(join(folder, 'thesis.tex'), 'ten years of work');
  const out = join(folder, name);
  if (earlier !== null) await cp(earlier, out, { recursive: true });
  return { folder, out };
}

/** What a folder or file holds, without the records, which have times. */
async function contentOf(path: string): Promise<Record<string, string>> {
  if (!(await readdir(path).catch(() => null))) return { [path]: (await readFile(path)).toString('base64') };
  const tree = await treeOf(path);
  return Object.fromEntries(
    [...tree]
      .map(([file, content]) => [file.slice(path.length), content] as const)
      .filter(([file]) => !/manifest\.json$|results\/.*\.json$/.test(file)),
  );
}

describe.each(Object.keys(COMMANDS).filter((name) => name !== 'run --resume'))('nce %s', (command) => {
  const argvOf = (out: string, force: boolean) => [
    ...COMMANDS[command](made.inputs, out),
    ...(force ? ['--force'] : []),
  ];

  test('on a disk that refuses a call', { timeout: 600_000 }, async () => {
    const name = outputName(command);
    const whole = await place(null, name);
    const counting = faultyDisk(() => false, 'EIO');
    const { code: done, err: said } = await runCli(argvOf(whole.out, false));
    counting.repair();
    expect(done, said).toBe(0);
    const complete = await contentOf(whole.out);

    for (const [k, call] of callsToTry(counting.calls).entries()) {
      const hasEarlier = k % 2 === 1 && command !== 'sweep run';
      const { folder, out } = await place(hasEarlier ? whole.out : null, name);
      const code = CODES[(k + call) % CODES.length];
      const disk = faultyDisk((number) => number === call, code);
      const outcome = await runCli(argvOf(out, hasEarlier)).finally(() => disk.repair());
      const situation = `${code} at call ${call} of ${counting.calls}, ${JSON.stringify(outcome)}`;
      expect(outcome.err, situation).not.toMatch(/\n\s+at /);
      if (outcome.code !== 0) expect(outcome.err.trim(), situation).not.toBe('');
      expect(await readFile(join(folder, 'thesis.tex'), 'utf8'), situation).toBe('ten years of work');
      if (command === 'sweep run') continue;
      // A folder of seeds is there before its runs are.
      const parts = command === 'run --seeds' ? join(out, 'seed-1') : out;
      const expected = command === 'run --seeds' ? await contentOf(join(whole.out, 'seed-1')) : complete;
      if (outcome.code === 0 || hasEarlier) expect(existsSync(parts), situation).toBe(true);
      if (existsSync(parts)) {
        const found = await contentOf(parts);
        expect(Object.values(found), situation).toEqual(Object.values(expected));
      }
      const visible = (await readdir(folder)).filter((entry) => !entry.startsWith('.'));
      expect(['thesis.tex', name], situation).toEqual(expect.arrayContaining(visible));
    }
  });
});
