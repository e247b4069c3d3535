import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../cli/run_cli.js';
import { smallRun } from '../io/formats/small_run.js';
import { SMALL_CIRCUIT } from '../run/small_circuit.js';
import { fuzz } from './reader.js';
import { circuitReaders } from './readers/circuits.js';
import { hdf5Readers } from './readers/hdf5.js';
import { linkReader } from './readers/links.js';
import { mechanismReaders } from './readers/mechanisms.js';
import { neuromlReaders } from './readers/neuroml.js';
import { nmodlReaders } from './readers/nmodl.js';
import { checkpointReaders, runReaders } from './readers/runs.js';
import { sweepReaders } from './readers/sweeps.js';
import { tableReaders } from './readers/tables.js';

/** Cases over all readers together, and where the random choice starts. */
const CASES = Number(process.env.FUZZ_CASES ?? 1000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const MIB = 1024;

const folder = mkdtempSync(join(tmpdir(), 'nce-fuzz-'));
const small = await smallRun();
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await small.remove();
});

const [nwb, sonata] = [join(small.folder, 'run.nwb'), join(small.folder, 'sonata')];
const exported = await runCli(['export', small.run, '--nwb', nwb, '--sonata', sonata]);
if (exported.code !== 0) throw new Error(exported.err);

const readers = [
  ...circuitReaders,
  ...mechanismReaders,
  ...neuromlReaders,
  ...nmodlReaders,
  ...tableReaders(folder),
  ...hdf5Readers(folder, small.run, nwb, sonata),
  ...checkpointReaders(folder, await unfinishedRun()),
  ...runReaders(folder, small.run),
  ...sweepReaders(folder),
  linkReader,
];

const shares = readers.reduce((sum, { share = 1 }) => sum + share, 0);

test.each(readers.map((reader) => [reader.name, reader] as const))('%s', async (name, reader) => {
  const cases = Math.ceil((CASES * (reader.share ?? 1)) / shares);
  const before = process.resourceUsage().maxRSS;
  const { valid, refused, seconds, longestSeconds } = await fuzz(reader, cases, SEED);
  const grown = (process.resourceUsage().maxRSS - before) / MIB;
  console.log(
    `${name}: ${cases} cases, ${valid} valid, ${refused} refused, in ${seconds.toFixed(1)} s, ` +
      `the longest ${longestSeconds.toFixed(2)} s; memory +${grown.toFixed(0)} MiB`,
  );
  expect(valid + refused).toBe(cases);
  // HDF5 may take 1 GiB, and the collector takes its time.
  expect(grown).toBeLessThan(1.5 * 1024);
});

/** The hidden folder of a run that was stopped before its end. */
async function unfinishedRun(): Promise<string> {
  const file = join(folder, 'small.yaml');
  writeFileSync(file, SMALL_CIRCUIT);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  const argv = ['run', file, '--device', 'cpu', '--duration', '20s', '--checkpoint-every', '50ms', '--quiet'];
  const { err } = await runCli([...argv, '--out', join(folder, 'unfinished')], stop.signal);
  if (!/the run up to \d+/.test(err)) throw new Error(err);
  return join(folder, '.unfinished.unfinished');
}
