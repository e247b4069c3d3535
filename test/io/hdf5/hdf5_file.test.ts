import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Group } from 'h5wasm/node';
import { describe, expect, test } from 'vitest';
import {
  readHdf5,
  requireDataset,
  textAttribute,
  writeColumn,
  writeHdf5,
} from '../../../src/io/hdf5/hdf5.js';
import { readSpikesH5, writeSpikesH5 } from '../../../src/io/hdf5/spikes_h5.js';
import { readNwbLfp } from '../../../src/io/nwb/read.js';
import { temporaryFolder } from '../../temporary_folder.js';

const SPIKES = { timesMs: Float64Array.of(1, 2.5), neurons: Uint32Array.of(0, 7) };

async function spikeFile(): Promise<string> {
  const path = join(await temporaryFolder(), 'spikes.h5');
  await writeSpikesH5(path, 'E', SPIKES);
  return path;
}

const DAMAGED = /spikes\.h5: it is not an HDF5 file, or it is damaged/;

describe('an HDF5 file of others', () => {
  test('on which the library would compute for ever is refused, and the next one is read', async () => {
    const path = await spikeFile();
    const bytes = await readFile(path);
    // Texts lie in a "global heap collection": the size of an object in it becomes 0.
    const heap = bytes.indexOf('GCOL');
    expect(heap).toBeGreaterThan(0);
    bytes.fill(0, heap + 16, heap + 64);
    await writeFile(path, bytes);
    const read = readHdf5(path, (file) => requireDataset(file, 'spikes/E/timestamps').attrs.units?.value);
    await expect(read).rejects.toThrow(DAMAGED);
    await expect(read).rejects.toMatchObject({ cause: { message: 'no answer within 5 s' } });
    expect(await readSpikesH5(await spikeFile())).toEqual(SPIKES);
  });

  test('is read anew after it was damaged and written again', async () => {
    const path = await spikeFile();
    const bytes = await readFile(path);
    await writeFile(path, Buffer.from(bytes).fill(255, 48, 200));
    await expect(readSpikesH5(path)).rejects.toThrow(DAMAGED);
    await writeFile(path, bytes);
    expect(await readSpikesH5(path)).toEqual(SPIKES);
  });

  test.each([
    [
      'node_ids',
      BigUint64Array.of(0n, 2n ** 40n),
      /node_ids: expected a whole number from 0 .* 1099511627776 as value 1/,
    ],
    [
      'timestamps',
      Float64Array.of(1, Number.NaN),
      /timestamps: expected a finite number; got NaN as value 1/,
    ],
    ['timestamps', Float64Array.of(1), /1 timestamps but 2 node_ids/],
  ])('with unusable %s is refused', async (name, values, message) => {
    const path = join(await temporaryFolder(), 'spikes.h5');
    await writeHdf5(path, (file) => {
      const group = file.create_group('spikes').create_group('E');
      const columns = { timestamps: SPIKES.timesMs, node_ids: BigUint64Array.of(0n, 7n), [name]: values };
      for (const [column, data] of Object.entries(columns)) writeColumn(group, column, data);
    });
    await expect(readSpikesH5(path)).rejects.toThrow(message);
  });

  test('that claims more values than it can hold is refused before memory is taken for them', async () => {
    const path = join(await temporaryFolder(), 'spikes.h5');
    await writeHdf5(path, (file) => {
      const group = file.create_group('spikes').create_group('E');
      for (const name of ['timestamps', 'node_ids']) {
        const none = { data: new Float64Array(0), shape: [0], maxshape: [null], chunks: [1024] };
        group.create_dataset({ name, ...none }).resize([2 ** 40]);
      }
    });
    await expect(readSpikesH5(path)).rejects.toThrow(
      /timestamps claims 1099511627776 values; a file of \d+ bytes/,
    );
  });

  test('whose groups contain each other is not searched for ever', async () => {
    const path = join(await temporaryFolder(), 'circle.nwb');
    await writeHdf5(path, (file) => {
      const group = file.create_group('processing').create_group('a') as Group;
      textAttribute(group, 'neurodata_type', 'ProcessingModule');
      group.create_hard_link('/processing', 'up');
    });
    await expect(readNwbLfp(path)).rejects.toThrow(/circle\.nwb: there is no ElectricalSeries/);
  });
});
