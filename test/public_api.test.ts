import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as browser from '../src/index.js';
import * as node from '../src/node.js';
import { temporaryFolder } from './temporary_folder.js';

/** Packages that work in a browser. */
const BROWSER_PACKAGES = [
  'zod',
  'yaml',
  'fft.js',
  'seedrandom',
  'graphology',
  'simple-statistics',
  'wgpu-matrix',
  'jstat',
];

test('nothing that index.ts reaches needs Node', async () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const code = await readFile(new URL(file), 'utf8');
    for (const [, typeOnly, from] of code.matchAll(
      /^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'/gm,
    )) {
      if (typeOnly) continue;
      if (from.startsWith('.')) await visit(new URL(from.replace(/\.js$/, '.ts'), file).href);
      else packages.add(from);
    }
    expect(code, file).not.toMatch(/import\(/);
  };
  await visit(new URL('../src/index.ts', import.meta.url).href);
  expect(seen.size).toBeGreaterThan(30);
  const external = [...packages].filter(
    (name) =>
      !BROWSER_PACKAGES.some(
        (known) => name === known || name.startsWith(`${known}/`) || name.startsWith(`${known}-`),
      ),
  );
  expect(external).toEqual([]);
});

test('node.ts has all of index.ts', () => {
  expect(Object.keys(node)).toEqual(expect.arrayContaining(Object.keys(browser)));
});

test('a circuit in ten lines: resolve, simulate, analyse, save', async () => {
  const circuit = node.resolveCircuit(node.PRESETS.ping, {
    overrides: ['simulation.duration_ms=60', 'simulation.transient_ms=10'].map(node.parseOverride),
  });
  const simulation = await node.simulate(circuit, { device: 'cpu' });
  const folder = join(await temporaryFolder(), 'run');
  const { manifest, analysis } = await node.saveRun(folder, simulation);
  expect(manifest.status).toBe('complete');
  expect(analysis?.results.circuit.neurons).toBe(200);
  const stored = await node.readRun(folder);
  expect(stored.recording).toEqual({ ...simulation.recording, traces: [] });
});
