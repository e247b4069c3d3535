import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSpikesH5 } from '../../../src/io/hdf5/spikes_h5.js';
import { openRun } from '../../../src/io/run_folder/run_source.js';
import { synapseValues } from '../../../src/io/synapse_values.js';
import { writeNpy } from '../../../src/io/tables/npy.js';
import { runCli } from '../../cli/run_cli.js';
import { needs } from '../../runner/needs.js';
import { temporaryFolder } from '../../temporary_folder.js';
import { python, pythonLacks, smallRun } from './small_run.js';

const lacksNumpy = await pythonLacks('numpy', 'python3-numpy', { required: true });

test('the header is that of NumPy, and the pieces follow it', async () => {
  const path = join(await temporaryFolder(), 'a.npy');
  writeNpy(path, '<u4', [3], [Uint32Array.of(1), Uint32Array.of(2, 3)]);
  const bytes = await readFile(path);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
  const length = bytes.readUInt16LE(8);
  expect((10 + length) % 64).toBe(0);
  expect(bytes.subarray(10, 10 + length).toString('latin1')).toMatch(
    /^\{'descr': '<u4', 'fortran_order': False, 'shape': \(3,\), \} *\n$/,
  );
  expect([0, 4, 8].map((at) => bytes.readUInt32LE(10 + length + at))).toEqual([1, 2, 3]);
});

test('values that are not of the type or do not fill the shape are refused', async () => {
  const path = join(await temporaryFolder(), 'a.npy');
  expect(() => writeNpy(path, '<f4', [2, 2], [new Float32Array(3)])).toThrow(
    'expected 4 values for the shape 2 x 2; got 3',
  );
  expect(() => writeNpy(path, '<f4', [2], [new Float64Array(2)])).toThrow(
    'expected Float32Array for <f4; got Float64Array',
  );
});

test("numpy loads a run's arrays", needs(lacksNumpy), async () => {
  const small = await smallRun();
  try {
    const out = join(small.folder, 'npy');
    const { code, err } = await runCli(['export', small.run, '--npy', out]);
    expect(code, err).toBe(0);
    const found = await python(
      `
import numpy as np, json, sys, os
d = sys.argv[1]
print(json.dumps({n[:-4]: dict(type=a.dtype.str, shape=a.shape, data=a.ravel().tolist()) for n in os.listdir(d) if n.endswith('.npy') for a in [np.load(os.path.join(d, n))]}))`,
      out,
    );
    const { network } = await openRun(small.run);
    const spikes = await readSpikesH5(join(small.run, 'spikes.h5'));
    expect(found.spike_times_ms).toEqual({
      type: '<f8',
      shape: [spikes.timesMs.length],
      data: [...spikes.timesMs],
    });
    expect(found.spike_neurons.data).toEqual([...spikes.neurons]);
    expect(found.positions_um).toEqual({ type: '<f4', shape: [60, 3], data: [...network.positions_um] });
    expect([found.lfp_uV.type, found.lfp_uV.shape]).toEqual(['<f4', [400, 2]]);
    const { target, weight_nS, delayMs } = synapseValues(network);
    const synapses = Array.from({ length: network.synapses.count }, (_, k) => k);
    expect(found.edge_target.data).toEqual(synapses.map(target));
    expect(found.edge_weight_nS.data).toEqual(synapses.map(weight_nS));
    expect(found.edge_delay_ms.data).toEqual(synapses.map(delayMs));
    expect(found.edge_source.data.filter((source: number) => source === 3)).toHaveLength(
      network.synapses.rowPointers[4] - network.synapses.rowPointers[3],
    );
  } finally {
    await small.remove();
  }
});
