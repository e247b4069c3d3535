import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { AnalysisError } from '../../../src/analysis/data.js';
import { type ActivityFiles, readActivity } from '../../../src/io/activity_files.js';
import { InputError } from '../../../src/io/input_error.js';
import { damagedBytes, damagedText } from '../mutation.js';
import type { FuzzedReader } from '../reader.js';

const WINDOW = { startMs: 0, stopMs: 1000 };
const row = (...values: readonly (string | number)[]): string => values.join(',');
const rows = (header: string, count: number, of: (k: number) => string): string =>
  `${[header, ...Array.from({ length: count }, (_, k) => of(k))].join('\n')}\n`;

const SPIKES = rows('neuron,time_ms', 30, (k) => row(k % 5, (k * 31.25).toFixed(3)));
const TABLES: readonly { readonly option: keyof ActivityFiles; readonly texts: readonly string[] }[] = [
  { option: 'spikes', texts: [SPIKES, SPIKES.replaceAll('\n', '\r\n'), '"neuron","time_ms"\n"3","1.5"\n'] },
  {
    option: 'neurons',
    texts: [
      rows('neuron,population,x_um,y_um,z_um', 5, (k) => row(k, k < 3 ? 'E' : '"P,V"', 1.5 * k, -k, 0)),
      rows('population,neuron', 5, (k) => row('all', 4 - k)),
    ],
  },
  { option: 'lfp', texts: [rows('time_ms,lfp_uV', 40, (k) => row(k, Math.sin(k)))] },
  {
    option: 'edges',
    texts: [rows('source,target,weight_nS,delay_ms', 12, (k) => row(k % 5, (k * 2) % 5, 1, 1))],
  },
];

/** The tables of external data, one damaged and the spikes whole. */
export function tableReaders(folder: string): FuzzedReader[] {
  const spikes = join(folder, 'spikes.csv');
  writeFileSync(spikes, SPIKES);
  return TABLES.map(({ option, texts }): FuzzedReader<string | Uint8Array> => {
    const path = join(folder, `damaged-${option}.csv`);
    return {
      name: `${option} (CSV)`,
      input: fc.oneof(
        { weight: 5, arbitrary: damagedText(...texts) },
        { weight: 1, arbitrary: damagedBytes(Buffer.from(texts[0])) },
      ),
      read: async (content) => {
        writeFileSync(path, content);
        const { activity } = await readActivity({ spikes, [option]: path }, WINDOW);
        const { timesMs } = activity.spikes;
        if (!timesMs.every((time) => time >= 0 && time <= WINDOW.stopMs))
          throw new Error('times out of range');
        if (!(activity.lfp?.values ?? timesMs).every(Number.isFinite))
          throw new Error('values that are no numbers');
      },
      refusals: [InputError, AnalysisError],
      limitSeconds: 5,
    };
  });
}
