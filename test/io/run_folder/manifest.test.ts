import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readManifest } from '../../../src/io/run_folder/manifest.js';
import { temporaryFolder } from '../../temporary_folder.js';

const OUTPUT = { bytes: 1, sha256: 'a' };
const MANIFEST = {
  schema: 'nce-manifest/1',
  status: 'complete',
  startedAt: '2026-01-01T00:00:00.000Z',
  versions: { nce: '0.1.0' },
  circuit: { name: 'small', hash: 'b' },
  simulatedMs: 10,
  engine: { description: 'float64 reference' },
  outputs: { 'spikes.h5': OUTPUT },
};

async function read(manifest: unknown) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return readManifest(folder);
}

test('a manifest is read as it is', async () => {
  expect(await read(MANIFEST)).toEqual(MANIFEST);
});

// Files are copied under these names.
test.each(['../x.csv', '/x.csv', 'a/../../x.csv', '..\\x.csv', '..', '.hidden.csv', ''])(
  'an output called %j, which may lie outside the folder, is refused',
  async (name) => {
    await expect(read({ ...MANIFEST, outputs: { [name]: OUTPUT } })).rejects.toThrow(
      /manifest\.json is not the manifest of a run: outputs /,
    );
  },
);

test.each([
  ['simulatedMs', '10'],
  ['status', 'unknown'],
  ['engine', null],
  ['outputs', []],
])('a manifest with %s = %j is refused', async (key, value) => {
  await expect(read({ ...MANIFEST, [key]: value })).rejects.toThrow(`is not the manifest of a run: ${key}`);
});
