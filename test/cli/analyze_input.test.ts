import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../src/analysis/results.js';
import { temporaryFolder } from '../temporary_folder.js';
import { runCli } from './run_cli.js';

/** External tables with something wrong or missing in them, through the command as users run it. */

const DURATION_MS = 3000;

interface Tables {
  readonly spikes: readonly (readonly [neuron: number, timeMs: number | string])[];
  readonly neurons?: readonly string[];
  readonly lfp?: readonly (number | string)[];
  readonly lfpTimes?: readonly number[];
  readonly edges?: readonly (readonly [source: number, target: number])[];
  readonly options?: readonly string[];
}

async function analyze({ spikes, neurons, lfp, lfpTimes, edges, options = [] }: Tables) {
  const folder = await temporaryFolder();
  const out = join(folder, 'out');
  const argv = ['analyze', '--duration', `${DURATION_MS}`, '--out', out, '--json', ...options];
  const table = async (option: string, header: string, rows: readonly (readonly unknown[])[]) => {
    const path = join(folder, `${option}.csv`);
    await writeFile(path, [header, ...rows.map((row) => row.join(','))].join('\n'));
    argv.push(`--${option}`, path);
  };
  await table('spikes', 'neuron,time_ms', spikes);
  if (neurons)
    await table(
      'neurons',
      'neuron,population',
      neurons.map((name, k) => [k, name]),
    );
  if (lfp)
    await table(
      'lfp',
      'time_ms,lfp_uV',
      lfp.map((value, k) => [lfpTimes?.[k] ?? k, value]),
    );
  if (edges) await table('edges', 'source,target', edges);
  const { code, out: printed, err } = await runCli(argv);
  return { code, err, out, results: code === 0 ? (JSON.parse(printed) as Results) : null };
}

const random = seedrandom.alea('tables');
const SPIKES = Array.from({ length: 400 }, (_, k): [number, number] => [
  k % 4,
  Math.floor(random() * DURATION_MS * 100) / 100 + (k % 4) / 1000,
]);
const NEURONS = ['E', 'E', 'E', 'I'];
const LFP = Array.from({ length: DURATION_MS }, (_, k) => Math.sin((2 * Math.PI * 40 * k) / 1000) + random());

describe('valid data that leaves a quantity undefined', () => {
  it('too few spikes: null, with the reason', async () => {
    const { results, out } = await analyze({ spikes: [[0, 5.5]], neurons: NEURONS, lfp: LFP });
    expect(results?.firing.meanRateHz).toBeCloseTo(1 / 4 / (DURATION_MS / 1000), 12);
    expect(results?.firing.cvIsi).toBeNull();
    expect(results?.notes['firing.cvIsi']).toMatch(/10 spikes/);
    expect(results?.coherence.populations.E.ppc).toBeNull();
    expect(results?.notes['coherence.populations.E.ppc']).toMatch(/at least 2/);
    expect(JSON.parse(await readFile(join(out, 'results.json'), 'utf8'))).toEqual(results);
  });

  it('no spikes at all', async () => {
    const { results } = await analyze({ spikes: [], neurons: NEURONS });
    expect(results?.firing).toMatchObject({ meanRateHz: 0, spikes: 0, silentNeurons: 4, fano: null });
    expect(results?.notes['firing.fano']).toMatch(/no neuron has a spike/);
  });

  it('a constant LFP has no oscillation, no coherence and no proxies', async () => {
    const { results } = await analyze({ spikes: SPIKES, neurons: NEURONS, lfp: LFP.map(() => 7) });
    expect(results?.oscillation.peakHz).toBeNull();
    expect(results?.notes.oscillation).toMatch(/constant/);
    expect(results?.coherence.peak).toBeNull();
    expect(results?.notes.coherence).toMatch(/constant/);
    expect(results?.lfpProxies?.absoluteCurrent.peakHz).toBeNull();
    expect(results?.notes['lfpProxies.absoluteCurrent']).toMatch(/constant/);
  });

  it('a segment longer than the signal', async () => {
    const { results } = await analyze({ spikes: SPIKES, lfp: LFP, options: ['--segment', '5s'] });
    expect(results?.oscillation.peakHz).toBeNull();
    expect(results?.notes.oscillation).toBe(
      'the LFP lasts 3000 ms in the window, less than a segment of 5000 ms',
    );
    expect(results?.notes.coherence).toMatch(/less than a segment of 5000 ms/);
    expect(results?.lfpProxies).toBeNull();
  });

  it('times in any order are the same trains', async () => {
    const sorted = await analyze({
      spikes: [...SPIKES].sort((a, b) => a[1] - b[1]),
      neurons: NEURONS,
      lfp: LFP,
    });
    const unsorted = await analyze({ spikes: SPIKES, neurons: NEURONS, lfp: LFP });
    expect(unsorted.code).toBe(0);
    expect(unsorted.results).toEqual(sorted.results);
  });
});

it('a control character in the name of a file is left out of the figures', async () => {
  const folder = await temporaryFolder();
  const spikes = join(folder, 'a\u001b[31mb.csv');
  await writeFile(spikes, ['neuron,time_ms', ...SPIKES.map((row) => row.join(','))].join('\n'));
  const out = join(folder, 'out');
  const { code, err } = await runCli(['analyze', '--spikes', spikes, '--duration', '3000', '--out', out]);
  expect(code, err).toBe(0);
  expect(await readFile(join(out, 'dashboard.svg'), 'utf8')).not.toMatch(/(?!\n)\p{Cc}/u);
});

it('a control character in the name of a file is shown as text in messages', async () => {
  const missing = join(await temporaryFolder(), 'a\u001b[31mb.csv');
  const { code, err } = await runCli(['analyze', '--spikes', missing, '--duration', '3000', '--out', 'o']);
  expect(err).toMatch(/^cannot read \P{Cc}*a\\u001b\[31mb\.csv: there is no such file or folder\n$/u);
  expect(code).toBe(2);
});

describe('data that is wrong is refused with its place', () => {
  it.each<[string, Tables, RegExp]>([
    ['a negative time', { spikes: [[1, -2.5]] }, /neuron 1 has a spike at -2\.5 ms.*at least 0/],
    [
      'a time that is no number',
      {
        spikes: [
          [0, 1],
          [0, 'NaN'],
        ],
      },
      /spikes\.csv:3: time_ms: expected a finite number; got "NaN"/,
    ],
    ['no time', { spikes: [[0, '']] }, /spikes\.csv:2: time_ms: expected a finite number; got ""/],
    [
      'two spikes of a neuron at once',
      {
        spikes: [
          [2, 8],
          [2, 8],
        ],
      },
      /neuron 2 has a spike at 8 ms after one at 8 ms/,
    ],
    [
      'a spike after the end',
      { spikes: [[0, 3001]] },
      /spike of neuron 0 at 3001 ms is after the duration, 3000 ms/,
    ],
    [
      'a spike of a neuron that is not listed',
      { spikes: [[4, 1]], neurons: NEURONS },
      /neuron 4 is not in the list of neurons, 0 to 3/,
    ],
    [
      'an edge to a neuron that is not listed',
      { spikes: SPIKES, neurons: NEURONS, edges: [[0, 9]] },
      /edges\.csv: neuron 9 is not in the list/,
    ],
    [
      'a NaN sample',
      { spikes: SPIKES, lfp: LFP.map((value, k) => (k === 12 ? 'NaN' : value)) },
      /lfp\.csv:14: lfp_uV: expected a finite number; got "NaN"/,
    ],
    [
      'an infinite sample',
      { spikes: SPIKES, lfp: LFP.map((value, k) => (k === 3 ? 'Infinity' : value)) },
      /lfp\.csv:5: lfp_uV: expected a finite number/,
    ],
    [
      'samples that are not evenly spaced',
      { spikes: SPIKES, lfp: LFP, lfpTimes: LFP.map((_, k) => k + (k === 7 ? 0.4 : 0)) },
      /lfp\.csv:9: time_ms: expected samples 1 ms apart/,
    ],
    [
      'sample times that descend',
      { spikes: SPIKES, lfp: LFP, lfpTimes: LFP.map((_, k) => -k) },
      /lfp\.csv: time_ms does not ascend/,
    ],
    ['a single sample', { spikes: SPIKES, lfp: [1] }, /expected at least 2 samples; got 1/],
    ...['\u0000', '\u001b[31m', '\u007f', '\u009b', '\uffff'].map((character): [string, Tables, RegExp] => [
      `${JSON.stringify(character)} in the name of a population`,
      { spikes: SPIKES, neurons: ['E', 'E', `E${character}`, 'I'] },
      /^\P{Cc}*neurons\.csv:4: population: expected a name without control characters; got "E\P{Cc}+"\n$/u,
    ]),
  ])('%s', async (_, tables, message) => {
    const { code, err } = await analyze(tables);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });
});
