import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary_folder.js';
import { runCli } from './run_cli.js';
import { COMMANDS, type Inputs, makeInputs, outputName, treeOf, WITHOUT_FORCE } from './writing_commands.js';

/** No command removes or changes a file that it did not write, whatever it is told to write where. */

const before = process.cwd();
afterAll(() => process.chdir(before));

/** A user's folder `here` with files of all sorts, beside it a run, a sweep and an external data set. */
async function userFolder() {
  const parent = await realpath(await temporaryFolder());
  const here = join(parent, 'thesis');
  await mkdir(join(here, 'full', 'deep'), { recursive: true });
  await mkdir(join(here, 'empty'));
  for (const file of [
    'thesis.tex',
    'full/data.csv',
    'full/deep/plan.json',
    'photo.png',
    'notes.nwb',
    'x.yaml',
  ])
    await writeFile(join(here, file), `ten years of work: ${file}`);
  // Named as this program's own, with another content.
  await writeFile(join(here, 'full', 'manifest.json'), '{"schema":"theirs","outputs":{"data.csv":{}}}');
  await writeFile(join(here, 'full', 'nce-output.json'), '{}');
  await symlink(here, join(here, 'loop'));
  await symlink(join(here, 'full'), join(here, 'to-full'));
  await symlink(join(here, 'nowhere'), join(here, 'broken'));
  return { parent, here };
}

let made: { readonly inputs: Inputs; readonly remove: () => Promise<void> };
beforeAll(async () => {
  made = await makeInputs();
});
afterAll(() => made.remove());

const piece = fc.constantFrom(
  ...[
    '',
    '.',
    '..',
    'full',
    'deep',
    'empty',
    'loop',
    'to-full',
    'broken',
    'new',
    'thesis',
    'data.csv',
    'photo.png',
  ],
);
const path = fc.oneof(
  fc.constantFrom(
    '',
    '.',
    '..',
    '/',
    './',
    'new/..',
    'full',
    'full/',
    'thesis.tex',
    'photo.png',
    'notes.nwb',
    'loop',
  ),
  fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('/')),
  fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => `${pieces.join('/')}.csv`),
);

describe.each(Object.keys(COMMANDS))('nce %s', (name) => {
  test('leaves existing files unchanged, wherever it is told to write', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(path, fc.boolean(), async (out, isForced) => {
        const { parent, here } = await userFolder();
        // A path from the root would be within the machine's own folders.
        fc.pre(!out.startsWith('/') || out === '/');
        process.chdir(here);
        const there = await treeOf(parent);
        const force = isForced && !WITHOUT_FORCE.includes(name) ? ['--force'] : [];
        const { err } = await runCli([...COMMANDS[name](made.inputs, out), ...force]);
        expect(err).not.toMatch(/\n\s+at /);
        const now = await treeOf(parent);
        for (const [file, content] of there) expect(now.get(file), `${file} after ${err}`).toBe(content);
      }),
      { numRuns: 10, seed: 7 },
    );
  });
});

test('a command replaces what it wrote with --force, and refuses without it', async () => {
  const { here } = await userFolder();
  process.chdir(here);
  for (const [name, argv] of Object.entries(COMMANDS)) {
    if (['run --resume', 'run --checkpoint-every', 'sweep run'].includes(name)) continue;
    const out = `${name.replaceAll(' ', '')}-${outputName(name)}`;
    const first = await runCli(argv(made.inputs, out));
    expect(first.code, `${name}: ${first.err}`).toBe(0);
    expect(await runCli(argv(made.inputs, out)), name).toMatchObject({ code: 2, err: /--force replaces/ });
    const again = await runCli([...argv(made.inputs, out), '--force']);
    expect(again.code, `${name}: ${again.err}`).toBe(0);
  }
});
