import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/io/input_error.js';
import { readCsv } from '../../../src/io/tables/csv.js';
import { readCsvNumbers } from '../../../src/io/tables/csv_numbers.js';
import { temporaryFolder } from '../../temporary_folder.js';

const KINDS = { neuron: 'index', time_ms: 'number' } as const;

async function fileOf(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'spikes.csv');
  await writeFile(path, text);
  return path;
}

describe('columns of numbers', () => {
  it('are to the bit what Number makes of their texts', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'numbers.csv');
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.tuple(fc.nat(1e9), fc.nat(1e6)).map(([whole, part]) => `-${whole}.${part}`),
      fc.constantFrom(
        '0.1',
        '-.5',
        '5.',
        '1e-7',
        '+3',
        ' 7 ',
        '00012.50',
        '123456789012345678',
        '4.9750000000000005',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(number, { maxLength: 30 }), async (texts) => {
        await writeFile(path, ['neuron,time_ms', ...texts.map((text, k) => `${k},${text}`)].join('\n'));
        const { neuron, time_ms } = await readCsvNumbers(path, KINDS);
        expect([...neuron]).toEqual(texts.map((_, k) => k));
        expect([...time_ms]).toEqual(texts.map(Number));
      }),
    );
  });

  it.each([
    ['no end of the last line', 'neuron,time_ms\n1,2.5\n3,4'],
    ['ends of lines with a return', 'neuron,time_ms\r\n1,2.5\r\n3,4\r\n'],
    ['a byte order mark, spaces and other columns', '\uFEFFname, time_ms ,neuron,µ\na,2.5,1,é\nb,4,3,\n'],
    ['quoted values', 'neuron,time_ms,note\n1,2.5,"a, b"\n3,"4",""\n'],
  ])('%s', async (_, text) => {
    const { neuron, time_ms } = await readCsvNumbers(await fileOf(text), KINDS);
    expect([...neuron]).toEqual([1, 3]);
    expect([...time_ms]).toEqual([2.5, 4]);
  });

  it('continue over the pieces in which a large file is read', async () => {
    const rows = 700_000;
    const text = `neuron,time_ms\n${Array.from({ length: rows }, (_, k) => `${k},${k / 8}\n`).join('')}`;
    expect(text.length).toBeGreaterThan(2 * 2 ** 22);
    const { neuron, time_ms } = await readCsvNumbers(await fileOf(text), KINDS);
    expect(neuron).toHaveLength(rows);
    expect(neuron.every((value, k) => value === k && time_ms[k] === k / 8)).toBe(true);
  });
});

it.each([
  ['an empty file', ''],
  ['no such column', 'neuron,time\n1,2\n'],
  ['too few values', 'neuron,time_ms\n1,2\n3\n'],
  ['too many values', 'neuron,time_ms\n1,2\n3,4,5\n'],
  ['an empty line', 'neuron,time_ms\n1,2\n\n3,4\n'],
  ['a text', 'neuron,time_ms\n1,soon\n'],
  ['nothing', 'neuron,time_ms\n1,\n'],
  ['an infinite number', 'neuron,time_ms\n1,Infinity\n'],
  ['a negative index', 'neuron,time_ms\n-1,2\n'],
  ['a fraction as an index', 'neuron,time_ms\n1.5,2\n'],
  ['an index beyond 32 bits', 'neuron,time_ms\n4294967296,2\n'],
])('%s is refused in the words of readCsv', async (_, text) => {
  const path = await fileOf(text);
  const whole = async () => {
    const table = await readCsv(path);
    return [table.indices('neuron'), table.numbers('time_ms')];
  };
  const words = await whole().catch((error: Error) => error.message);
  await expect(readCsvNumbers(path, KINDS)).rejects.toThrow(InputError);
  await expect(readCsvNumbers(path, KINDS)).rejects.toThrow(words as string);
});

it('a file that is not there', async () => {
  await expect(readCsvNumbers('nowhere.csv', KINDS)).rejects.toThrow('nowhere.csv: there is no such file');
});
