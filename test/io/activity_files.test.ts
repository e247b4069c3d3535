import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readActivity } from '../../src/io/activity_files.js';
import { temporaryFolder } from '../temporary_folder.js';

const VALID = {
  spikes: 'neuron,time_ms\n1,5\n0,2.5\n1,3\n',
  neurons: 'neuron,population,x_um,y_um,z_um\n2,I,0,0,1\n0,E,1,2,3\n1,E,0,0,0\n',
  lfp: 'time_ms,lfp_uV\n0,1\n0.5,2\n1,4\n',
  edges: 'source,target,weight_nS,delay_ms\n0,1,1,1\n0,1,1,2\n2,0,1,1\n',
};
type Files = Partial<Record<keyof typeof VALID, string>>;

async function read(contents: Files, window = { startMs: 0, stopMs: 10 }) {
  const folder = await temporaryFolder();
  const paths: Files = {};
  for (const [name, content] of Object.entries(contents) as [keyof typeof VALID, string][]) {
    paths[name] = join(folder, `${name}.csv`);
    await writeFile(paths[name], content);
  }
  return readActivity({ ...paths, spikes: paths.spikes ?? join(folder, 'none.csv') }, window);
}

test('all four files become one activity', async () => {
  const { activity, identities } = await read(VALID);
  expect(activity.spikes).toEqual({
    timesMs: Float64Array.of(2.5, 3, 5),
    offsets: Uint32Array.of(0, 1, 3, 3),
  });
  expect(activity.groups).toEqual([
    { name: 'E', neurons: Uint32Array.of(0, 1), sign: null },
    { name: 'I', neurons: Uint32Array.of(2), sign: null },
  ]);
  expect(identities[0]).toEqual({ population: 'E', position_um: [1, 2, 3] });
  expect(activity.lfp).toEqual({ sampleRateHz: 2000, startMs: 0, values: Float64Array.of(1, 2, 4) });
  expect(activity.graph?.targets).toEqual(Uint32Array.of(1, 0));
  expect(activity.synapses).toBe(3);
});

test('spikes alone make one group up to the largest number', async () => {
  const { activity } = await read({ spikes: VALID.spikes });
  expect(activity.groups).toEqual([{ name: 'all', neurons: Uint32Array.of(0, 1), sign: null }]);
  expect([activity.lfp, activity.graph, activity.synapses, activity.input]).toEqual([null, null, null, null]);
});

describe('refused', () => {
  test.each([
    [
      'a spike after the duration',
      { spikes: 'neuron,time_ms\n0,11\n' },
      'a spike of neuron 0 at 11 ms is after the duration, 10 ms',
    ],
    ['a negative spike time', { spikes: 'neuron,time_ms\n0,-1\n' }, 'times must be finite and at least 0'],
    [
      'a spike of an unlisted neuron',
      { spikes: 'neuron,time_ms\n3,1\n', neurons: VALID.neurons },
      'neuron 3 is not in the list of neurons, 0 to 2',
    ],
    [
      'an edge of an unlisted neuron',
      { ...VALID, edges: 'source,target\n0,9\n' },
      'neuron 9 is not in the list',
    ],
    [
      'a neuron listed twice',
      { ...VALID, neurons: 'neuron,population\n0,E\n0,E\n' },
      'neurons.csv:3: neuron 0 is listed twice',
    ],
    [
      'a gap in the numbers',
      { ...VALID, neurons: 'neuron,population\n0,E\n5,E\n' },
      'neurons.csv:3: neuron: expected each number from 0 to 1 once; got 5',
    ],
    [
      'a neuron without population',
      { ...VALID, neurons: 'neuron,population\n0,\n' },
      'population: expected a name; got nothing',
    ],
    [
      'a number that would make billions of neurons',
      { spikes: 'neuron,time_ms\n4294967295,1\n' },
      'without a file of neurons at most 10000000',
    ],
    [
      'uneven samples',
      { ...VALID, lfp: 'time_ms,lfp_uV\n0,1\n0.5,1\n2,1\n3,1\n' },
      'lfp.csv:3: time_ms: expected samples 1 ms apart; got 0.5 where 1 should be',
    ],
    ['samples that go back', { ...VALID, lfp: 'time_ms,lfp_uV\n1,1\n0,1\n' }, 'time_ms does not ascend'],
    ['one sample', { ...VALID, lfp: 'time_ms,lfp_uV\n1,1\n' }, 'expected at least 2 samples; got 1'],
    [
      'another unit of the LFP',
      { ...VALID, lfp: 'time_ms,lfp_mV\n0,1\n1,1\n' },
      'there is no column "lfp_uV"',
    ],
  ])('%s', async (_, files, words) => {
    await expect(read(files)).rejects.toThrow(words);
  });
});
