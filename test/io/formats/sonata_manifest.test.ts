import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../../src/io/input_error.js';
import { readConfig } from '../../../src/io/sonata/config.js';
import { runCli } from '../../cli/run_cli.js';
import { temporaryFolder } from '../../temporary_folder.js';

const LONGEST_PATH = 4096;

/** A configuration whose variable `$V0` holds the next one twice, and so on. */
const doubling = (times: number) => ({
  manifest: Object.fromEntries(
    Array.from({ length: times + 1 }, (_, i) => [`$V${i}`, i === times ? 'x' : `$V${i + 1}$V${i + 1}`]),
  ),
  networks: { nodes: [{ nodes_file: '$V0', node_types_file: 'types.csv' }], edges: [] },
});

async function nodesFile(folder: string, config: object): Promise<string> {
  const file = join(folder, 'config.json');
  await writeFile(file, JSON.stringify(config));
  return (await readConfig(file)).networks!.nodes[0].nodes_file;
}

test('a manifest that doubles is put in up to the longest path, and refused beyond', async () => {
  const folder = await temporaryFolder();
  for (const times of [0, 1, 9])
    expect(await nodesFile(folder, doubling(times))).toBe(join(folder, 'x'.repeat(2 ** times)));
  for (const times of [12, 40, 1000])
    await expect(nodesFile(folder, doubling(times))).rejects.toThrow(
      /\$V0: the manifest makes more than 4096 characters of it$/,
    );
  await writeFile(join(folder, 'simulation_config.json'), JSON.stringify(doubling(40)));
  for (const command of ['validate', 'run']) {
    const { code, err } = await runCli([command, join(folder, 'simulation_config.json')]);
    expect([code, err]).toEqual([2, expect.stringMatching(/^[^\n]*4096 characters of it\n$/)]);
  }
});

test('whatever variables hold, a path has an end or is refused', async () => {
  const folder = await temporaryFolder();
  const name = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H');
  const part = fc.oneof(
    name.map((variable) => `$${variable}`),
    name.map((variable) => `\${${variable}}`),
    fc.constantFrom('/', 'x', '..', 'y'.repeat(500)),
  );
  const value = fc.oneof(
    { weight: 9, arbitrary: fc.array(part, { maxLength: 6 }).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(
        name.map((variable) => `$${variable}`),
        value,
      ),
      async (manifest) => {
        const networks = { nodes: [{ nodes_file: '$A', node_types_file: 'types.csv' }], edges: [] };
        const path = await nodesFile(folder, { manifest, networks }).catch((error) => error);
        if (path instanceof InputError) return;
        expect(path.length).toBeLessThanOrEqual(folder.length + 1 + LONGEST_PATH);
        expect(path).not.toContain('$');
      },
    ),
    { numRuns: 200 },
  );
});
