import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary_folder.js';
import { runCli } from './run_cli.js';

const BRIEF = ['--duration', '150ms', '--transient', '50ms', '--quiet'];

test('two runs on a software adapter give the same bytes, and the manifest names the adapter', async () => {
  const folder = await temporaryFolder();
  const [first, second] = ['first', 'second'].map((name) => join(folder, name));
  for (const out of [first, second]) {
    const { code, err } = await runCli(['run', 'ping', '--device', 'software', '--out', out, ...BRIEF]);
    expect(code, err).toBe(0);
  }
  const manifests = await Promise.all(
    [first, second].map(async (out) => JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))),
  );
  expect(manifests[0].spikes).toBeGreaterThan(0);
  expect(manifests[1].outputs).toEqual(manifests[0].outputs);
  const { adapter, limits, considered } = manifests[0].engine;
  expect(adapter.isSoftware).toBe(true);
  expect(limits.maxStorageBufferBindingSize).toBeGreaterThan(2 ** 20);
  expect(considered.at(-1).outcome).toMatch(/^used/);
});

test('f-I curves of the software adapter and of the float64 reference agree', async () => {
  const curve = async (device: string) => {
    const argv = [
      'fi',
      'hodgkin-huxley-1952',
      '--currents',
      '0,5,10,20',
      '--duration',
      '300',
      '--device',
      device,
    ];
    return (await runCli(argv)).out
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number));
  };
  const [software, reference] = await Promise.all([curve('software'), curve('cpu')]);
  const dtMs = 0.025;
  software.forEach(([current, spikes, first], i) => {
    expect([current, spikes]).toEqual(reference[i].slice(0, 2));
    expect(Math.abs(first - reference[i][2])).toBeLessThanOrEqual(dtMs * 1.001);
  });
});
