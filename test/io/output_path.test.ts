import { mkdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { outputPlace } from '../../src/io/output_path.js';
import { temporaryFolder } from '../temporary_folder.js';

const before = process.cwd();
let here: string;

beforeEach(async () => {
  const parent = await realpath(await temporaryFolder());
  here = join(parent, 'thesis', 'data');
  await mkdir(join(here, 'inner'), { recursive: true });
  await symlink(here, join(here, 'link'));
  await symlink(join(here, 'inner'), join(here, 'to-inner'));
  await symlink(join(here, 'nowhere'), join(here, 'broken'));
  process.chdir(here);
});
afterEach(() => process.chdir(before));

describe('what is never an output', () => {
  test.each(['', ' ', '\t', 'a\nb', 'a\u0000b', '\u001b[31mred'])('the name %j', (path) => {
    expect(() => outputPlace(path)).toThrow(/empty name|control characters/);
  });

  test.each([
    '.',
    './',
    '..',
    '../..',
    '/',
    'new/..',
    './new/../.',
    'inner/..',
    '../data',
    'link',
    'link/',
    '../data/link/.',
  ])('the current folder or one that holds it: %j', (path) => {
    expect(() => outputPlace(path)).toThrow('is the current folder or holds it');
  });

  test('by their absolute names too', () => {
    for (let path = here; ; path = dirname(path)) {
      expect(() => outputPlace(path)).toThrow('is the current folder or holds it');
      if (dirname(path) === path) break;
    }
  });
});

test('any other name is a place, absolute and without links', () => {
  expect(outputPlace('new')).toBe(join(here, 'new'));
  expect(outputPlace('new/deep/..')).toBe(join(here, 'new'));
  expect(outputPlace('link/new')).toBe(join(here, 'new'));
  expect(outputPlace('to-inner')).toBe(join(here, 'inner'));
  expect(outputPlace('broken')).toBe(join(here, 'broken'));
  expect(outputPlace('..data')).toBe(join(here, '..data'));
  expect(outputPlace('../other')).toBe(resolve(here, '../other'));
});
