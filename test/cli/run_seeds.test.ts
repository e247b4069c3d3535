import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seedsOf } from '../../src/sweep/seeds.js';
import { temporaryFolder } from '../temporary_folder.js';
import { runCli } from './run_cli.js';

/** 20 neurons for 50 ms, with random weights, delays, Poisson and noise input, so that seeds matter everywhere. */
const CIRCUIT = `name: tiny
simulation: { duration_ms: 50, transient_ms: 10, dt_ms: 0.05, seed: 3 }
receptors:
  AMPA: { tau_ms: 3, reversal_mV: 0, sign: excitatory }
  GABA: { tau_ms: 6, reversal_mV: -75, sign: inhibitory }
populations:
  E: { cell: pyramidal-rs, neurons: 16, initial: { V_mV: { distribution: uniform, low: -70, high: -60 } } }
  PV: { cell: pv-wang-buzsaki, neurons: 4 }
projections:
  - { from: E, to: PV, receptor: AMPA, connector: { kind: fixed-probability, probability: 0.5 }, weight_nS: { distribution: lognormal, mean: 2, sigma: 0.5 }, delay_ms: 1 }
  - { from: PV, to: E, receptor: GABA, connector: { kind: fixed-probability, probability: 0.5 }, weight_nS: 2, delay_ms: { distribution: uniform, low: 0.5, high: 2 } }
stimuli:
  - { kind: poisson, to: E, receptor: AMPA, rate_hz: 900, weight_nS: 8 }
  - { kind: ornstein-uhlenbeck-current, to: PV, mean_uA_cm2: 1, sd_uA_cm2: 0.5, tau_ms: 5 }
recording:
  lfp: { populations: [E], electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }] }
  traces: [{ population: PV, neurons: [0, 3] }]
`;
/** All that a run writes but its manifest, which has timings, and what is drawn from the other files. */
const DATA = [
  'circuit.resolved.json',
  'lfp.csv',
  'populations.csv',
  'results.json',
  'spikes.h5',
  'traces.csv',
];

async function tinyCircuit(): Promise<{ file: string; folder: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, 'tiny.yaml');
  await writeFile(file, CIRCUIT);
  return { file, folder };
}

describe('nce run --seeds', () => {
  test('gives every seed the same bytes as alone, on a software adapter', async () => {
    const { file, folder } = await tinyCircuit();
    const out = join(folder, 'all');
    const { code, err } = await runCli([
      'run',
      file,
      '--device',
      'software',
      '--seeds',
      '1..3',
      '--out',
      out,
    ]);
    expect(code, err).toBe(0);
    expect((await readdir(out)).sort()).toEqual([1, 2, 3].map((seed) => `seed-${seed}`));
    for (const seed of [2]) {
      const alone = join(folder, `alone-${seed}`);
      const argv = ['run', file, '--device', 'software', '--seed', `${seed}`, '--out', alone, '--quiet'];
      expect((await runCli(argv)).code).toBe(0);
      for (const name of DATA) {
        const [together, single] = await Promise.all(
          [join(out, `seed-${seed}`), alone].map((run) => readFile(join(run, name))),
        );
        expect(together.equals(single), `${name} of seed ${seed}`).toBe(true);
      }
    }
    const manifests = await Promise.all(
      [1, 2].map(async (seed) =>
        JSON.parse(await readFile(join(out, `seed-${seed}`, 'manifest.json'), 'utf8')),
      ),
    );
    expect(manifests[0]).toMatchObject({ seed: 1, status: 'complete', ensembleMembers: 3 });
    expect(manifests[0].spikes).toBeGreaterThan(0);
    expect(manifests[0].outputs['spikes.h5']).not.toEqual(manifests[1].outputs['spikes.h5']);
  });

  test('prints one JSON document with every run, also on the reference', async () => {
    const { file, folder } = await tinyCircuit();
    const argv = ['run', file, '--device', 'cpu', '--seeds', '7,9', '--out', join(folder, 'all'), '--json'];
    const { code, out, err } = await runCli([...argv, '--quiet']);
    expect([code, err]).toEqual([0, '']);
    const runs = JSON.parse(out);
    expect(runs.map((run: { manifest: { seed: number } }) => run.manifest.seed)).toEqual([7, 9]);
    expect(runs[0].results.schema).toBe('nce-results/1');
  });

  test('refuses a taken folder before it simulates, and seed and seeds together', async () => {
    const { file, folder } = await tinyCircuit();
    const argv = ['run', file, '--device', 'cpu', '--out', join(folder, 'all'), '--quiet'];
    expect((await runCli([...argv, '--seeds', '2'])).code).toBe(0);
    const again = await runCli([...argv, '--seeds', '1..3']);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('seed-2 exists')]);
    expect(await readdir(join(folder, 'all'))).toEqual(['seed-2']);
    expect((await runCli([...argv, '--seeds', '1..3', '--seed', '1'])).code).toBe(2);
  });
});

describe('seeds as text', () => {
  test('ranges and lists keep their order', () => {
    expect(seedsOf('1..4')).toEqual([1, 2, 3, 4]);
    expect(seedsOf('9, 2..3,5')).toEqual([9, 2, 3, 5]);
    expect(seedsOf('4294967295')).toEqual([4294967295]);
  });

  test.each([
    ['', 'got ""'],
    ['4..1', 'smaller seed first'],
    ['1,1..2', 'seed 1 occurs twice'],
    ['4294967296', 'up to 4294967295'],
    ['0..4294967295', 'at most 1000000'],
    ['1.5', 'got "1.5"'],
    ['-1', 'got "-1"'],
  ])('%s is refused', (text, message) => {
    expect(() => seedsOf(text)).toThrow(message);
  });
});
