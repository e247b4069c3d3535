import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultRunFolder, OutputFolder } from '../../../src/io/run_folder/output_folder.js';
import { temporaryFolder } from '../../temporary_folder.js';

const MARK = 'results.json';
const create = (path: string, force = false) => OutputFolder.create(path, { force }, MARK);

test('appears whole under its name, and nothing else remains', async () => {
  const parent = await temporaryFolder();
  const folder = await create(join(parent, 'deep', 'run'));
  await folder.writeJson(MARK, { a: 1 });
  await expect(stat(join(parent, 'deep', 'run'))).rejects.toThrow('ENOENT');
  await folder.commit();
  expect(await readdir(join(parent, 'deep'))).toEqual(['run']);
  expect(JSON.parse(await readFile(join(parent, 'deep', 'run', MARK), 'utf8'))).toEqual({ a: 1 });
});

test('names size and SHA-256 of every file', async () => {
  const folder = await create(join(await temporaryFolder(), 'run'));
  await writeFile(folder.file('abc.txt'), 'abc');
  // FIPS 180-2, appendix B.1
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await folder.outputs()).toEqual({ 'abc.txt': { bytes: 3, sha256 } });
  await folder.discard();
});

test('a discarded folder leaves nothing', async () => {
  const parent = await temporaryFolder();
  const folder = await create(join(parent, 'run'));
  await folder.writeJson(MARK, {});
  await folder.discard();
  expect(await readdir(parent)).toEqual([]);
});

test('an existing folder is replaced with force only, and only if it is an earlier result', async () => {
  const parent = await temporaryFolder();
  const place = join(parent, 'run');
  await mkdir(place);
  await writeFile(join(place, 'thesis.txt'), 'dear');
  await expect(create(place)).rejects.toThrow('exists; --force replaces an earlier run');
  await expect(create(place, true)).rejects.toThrow('holds no results.json, so --force does not replace it');

  await writeFile(join(place, MARK), '"old"');
  const folder = await create(place, true);
  await folder.writeJson(MARK, 'new');
  await folder.commit();
  expect(await readdir(parent)).toEqual(['run']);
  expect(await readdir(place)).toEqual([MARK]);
  expect(await readFile(join(place, MARK), 'utf8')).toBe('"new"\n');
});

test('a folder that came into being during the run is not overwritten', async () => {
  const place = join(await temporaryFolder(), 'run');
  const folder = await create(place);
  await mkdir(place);
  await expect(folder.commit()).rejects.toThrow('exists');
  await folder.discard();
});

test('the default name has circuit, time and hash', () => {
  const startedAt = new Date('2026-02-03T04:05:06.789Z');
  expect(defaultRunFolder('ping', startedAt, 'abcdef0123456789')).toBe(
    join('runs', 'ping-20260203T040506Z-abcdef01'),
  );
});
