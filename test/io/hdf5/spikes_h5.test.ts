import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readSpikesH5, writeSpikesH5 } from '../../../src/io/hdf5/spikes_h5.js';
import { needs } from '../../runner/needs.js';
import { temporaryFolder } from '../../temporary_folder.js';

const SPIKES = {
  timesMs: Float64Array.from({ length: 20_000 }, (_, k) => k * 0.025),
  neurons: Uint32Array.from({ length: 20_000 }, (_, k) => (k * 7919) % 1000),
};
const NONE = { timesMs: new Float64Array(0), neurons: new Uint32Array(0) };

test.each([
  ['spikes', SPIKES],
  ['no spikes', NONE],
])('%s come back as written', async (_, spikes) => {
  const path = join(await temporaryFolder(), 'spikes.h5');
  await writeSpikesH5(path, 'gamma', spikes);
  expect(await readSpikesH5(path)).toEqual(spikes);
});

test('equal spikes give equal bytes, whenever they are written', async () => {
  const folder = await temporaryFolder();
  const [first, second] = [join(folder, 'first.h5'), join(folder, 'second.h5')];
  await writeSpikesH5(first, 'gamma', SPIKES);
  // HDF5 keeps times in whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await writeSpikesH5(second, 'gamma', SPIKES);
  expect((await readFile(first)).equals(await readFile(second))).toBe(true);
});

test('a file that is not HDF5, is damaged, or is not there is refused', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'spikes.h5');
  await writeFile(path, 'neuron,time_ms\n');
  await expect(readSpikesH5(path)).rejects.toThrow('it is not an HDF5 file, or it is damaged');
  await expect(readSpikesH5(join(folder, 'none.h5'))).rejects.toThrow('none.h5: there is no such file');

  await writeSpikesH5(path, 'gamma', SPIKES);
  const whole = await readFile(path);
  await writeFile(path, whole.subarray(0, whole.length / 2));
  await expect(readSpikesH5(path)).rejects.toThrow('it is not an HDF5 file, or it is damaged');
});

const python = '/usr/bin/python3';
const lacksH5py = await promisify(execFile)(python, ['-c', 'import h5py']).then(
  () => null,
  () => `${python} has no h5py (apt-get install python3-h5py)`,
);

test('h5py reads the SONATA layout', needs(lacksH5py), async () => {
  const path = join(await temporaryFolder(), 'spikes.h5');
  await writeSpikesH5(path, 'gamma', SPIKES);
  const script = `
import h5py, json, sys
f = h5py.File(sys.argv[1], 'r')
g = f['spikes/gamma']
t, n = g['timestamps'], g['node_ids']
print(json.dumps([int(f.attrs['magic']), f.attrs['version'].tolist(), g.attrs['sorting'], t.attrs['units'],
  str(t.dtype), str(n.dtype), t.shape, n.shape, t[-1], int(n[-1])]))`;
  const { stdout } = await promisify(execFile)(python, ['-c', script, path]);
  expect(JSON.parse(stdout)).toEqual([
    0x0a7a,
    [0, 1],
    'by_time',
    'ms',
    'float64',
    'uint64',
    [20_000],
    [20_000],
    SPIKES.timesMs[19_999],
    SPIKES.neurons[19_999],
  ]);
});
