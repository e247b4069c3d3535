import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCsv, writeCsv } from '../../../src/io/tables/csv.js';
import { temporaryFolder } from '../../temporary_folder.js';

async function table(content: string) {
  const path = join(await temporaryFolder(), 'data.csv');
  await writeFile(path, content);
  return readCsv(path);
}

test('a table comes back as written, undefined values as nothing', async () => {
  const path = join(await temporaryFolder(), 'data.csv');
  await writeCsv(
    path,
    ['name', 'value'],
    [
      ['a,"b"', 0.1 + 0.2],
      ['c', Number.NaN],
      ['d', null],
    ],
  );
  expect(await readFile(path, 'utf8')).toBe('name,value\n"a,""b""",0.30000000000000004\nc,\nd,\n');
  expect((await readCsv(path)).text('name')).toEqual(['a,"b"', 'c', 'd']);
});

test('long tables are written whole', async () => {
  const path = join(await temporaryFolder(), 'data.csv');
  await writeCsv(
    path,
    ['k'],
    Array.from({ length: 2500 }, (_, k) => [k]),
  );
  expect((await readCsv(path)).numbers('k')).toEqual(Float64Array.from({ length: 2500 }, (_, k) => k));
});

test('a byte order mark, CRLF and spaces are read as they are meant', async () => {
  const data = await table('\uFEFFneuron, time_ms\r\n0, 1.5\r\n1,2e0\r\n');
  expect(data.indices('neuron')).toEqual(Uint32Array.of(0, 1));
  expect(data.numbers('time_ms')).toEqual(Float64Array.of(1.5, 2));
});

describe('refused, with file and line', () => {
  test.each([
    ['no file content', '', 'data.csv: the file is empty'],
    ['a row too short', 'a,b\n1,2\n3\n', 'data.csv:3: expected 2 values; got 1'],
    ['no such column', 'a,c\n1,2\n', 'there is no column "b"; got a, c'],
    ['text for a number', 'a,b\n1,x\n', 'data.csv:2: b: expected a finite number; got "x"'],
    ['nothing for a number', 'a,b\n1,\n', 'data.csv:2: b: expected a finite number; got ""'],
    ['infinity', 'a,b\n1,2\n1,Infinity\n', 'data.csv:3: b: expected a finite number; got "Infinity"'],
  ])('%s', async (_, content, words) => {
    await expect(table(content).then((data) => data.numbers('b'))).rejects.toThrow(words);
  });

  test.each(['-1', '0.5', '4294967296'])('%s as a neuron', async (value) => {
    const data = await table(`neuron\n${value}\n`);
    expect(() => data.indices('neuron')).toThrow(
      `data.csv:2: neuron: expected a whole number, at least 0; got "${value}"`,
    );
  });

  test('a file that is not there or is a folder', async () => {
    const folder = await temporaryFolder();
    await expect(readCsv(join(folder, 'none.csv'))).rejects.toThrow('none.csv: there is no such file');
    await expect(readCsv(folder)).rejects.toThrow('it is a folder');
  });
});
