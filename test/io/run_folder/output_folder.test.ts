import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultRunFolder, folderKind, OutputFolder } from '../../../src/io/run_folder/output_folder.js';
import { temporaryFolder } from '../../temporary_folder.js';

const RECORD = 'nce-output.json';
const create = (path: string, force = false) => OutputFolder.create(path, { force }, folderKind('a test'));

async function written(path: string, force = false): Promise<OutputFolder> {
  const folder = create(path, force);
  await folder.writeJson('a.json', { a: 1 });
  return folder;
}

test('appears whole under its name, and nothing else remains', async () => {
  const parent = await temporaryFolder();
  const folder = await written(join(parent, 'deep', 'run'));
  await expect(stat(join(parent, 'deep', 'run'))).rejects.toThrow('ENOENT');
  await folder.commit({});
  expect(await readdir(join(parent, 'deep'))).toEqual(['run']);
  expect((await readdir(join(parent, 'deep', 'run'))).sort()).toEqual(['a.json', RECORD]);
  expect(JSON.parse(await readFile(join(parent, 'deep', 'run', 'a.json'), 'utf8'))).toEqual({ a: 1 });
});

test('names size and SHA-256 of every file', async () => {
  const folder = create(join(await temporaryFolder(), 'run'));
  await mkdir(folder.file('deep'));
  await writeFile(folder.file('deep/abc.txt'), 'abc');
  // FIPS 180-2, appendix B.1
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  const outputs = { 'deep/abc.txt': { bytes: 3, sha256 } };
  expect(await folder.commit({ b: 2 })).toEqual({ schema: 'nce-output/1 a test', b: 2, outputs });
});

test('a discarded folder leaves nothing', async () => {
  const parent = await temporaryFolder();
  (await written(join(parent, 'run'))).discard();
  expect(await readdir(parent)).toEqual([]);
});

test('an existing folder is replaced with force only, and only if all in it is of an earlier result', async () => {
  const parent = await temporaryFolder();
  const place = join(parent, 'run');
  await mkdir(place);
  expect(() => create(place)).toThrow('exists; --force replaces a test in it');
  expect(() => create(place, true)).toThrow(`has no ${RECORD} of a test, so --force does not replace it`);
  await writeFile(join(place, RECORD), JSON.stringify({ schema: 'nce-output/1 another', outputs: {} }));
  expect(() => create(place, true)).toThrow(`has no ${RECORD} of a test, so --force does not replace it`);

  const again = join(parent, 'again');
  await (await written(again)).commit({});
  await (await written(again, true)).commit({});
  await writeFile(join(again, 'thesis.txt'), 'years of work');
  await mkdir(join(again, 'empty'));
  expect(() => create(again, true)).toThrow('also holds empty, thesis.txt, which a test did not write there');
  expect((await readdir(parent)).sort()).toEqual(['again', 'run']);
});

test('a folder or file that came into being during the run is not overwritten', async () => {
  const parent = await temporaryFolder();
  const place = join(parent, 'run');
  const folder = await written(place);
  await mkdir(place);
  await expect(folder.commit({})).rejects.toThrow('exists');
  folder.discard();

  const other = await written(join(parent, 'other'));
  await other.commit({});
  const replacing = await written(join(parent, 'other'), true);
  await writeFile(join(parent, 'other', 'note.txt'), 'just now');
  await expect(replacing.commit({})).rejects.toThrow('also holds note.txt');
  replacing.discard();
  expect((await readdir(parent)).sort()).toEqual(['other', 'run']);
});

test('the default name has circuit, time and hash', () => {
  const startedAt = new Date('2026-02-03T04:05:06.789Z');
  expect(defaultRunFolder('ping', startedAt, 'abcdef0123456789')).toBe(
    join('runs', 'ping-20260203T040506Z-abcdef01'),
  );
});
