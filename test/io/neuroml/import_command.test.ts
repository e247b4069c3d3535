import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { parseMechanismFile } from '../../../src/mechanism/mechanism_file.js';
import { runCli } from '../../cli/run_cli.js';

const folder = mkdtempSync(join(tmpdir(), 'nce-neuroml-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string) => fileURLToPath(new URL(`files/${name}`, import.meta.url));

test('nce import writes a NeuroML cell, with the channels that it includes, as a mechanism file', async () => {
  const out = join(folder, 'cell.yaml');
  const { code, err } = await runCli(['import', file('cell.nml'), '--out', out]);
  expect(code, err).toBe(0);
  expect(err.split('\n')[0]).toContain(
    'cell.nml:30 everything: calcium starts at its steady state, not at 5e-5 mM',
  );
  const { cells, mechanisms } = parseMechanismFile(readFileSync(out, 'utf8'), out);
  expect([...cells.keys()]).toEqual(['everything']);
  expect([...mechanisms.keys()].sort()).toEqual([
    'ca',
    'ca-GHK',
    'ca-GHK2',
    'k',
    'leak',
    'na',
    'pool',
    'scheme',
  ]);
});

test('a channel file gives all its channels and pools', async () => {
  const out = join(folder, 'channels.yaml');
  expect((await runCli(['import', file('channels.nml'), '--out', out])).code).toBe(0);
  const { mechanisms } = parseMechanismFile(readFileSync(out, 'utf8'), out);
  expect([...mechanisms.keys()]).toEqual(['leak', 'na', 'k', 'ca', 'scheme', 'pool']);
});
