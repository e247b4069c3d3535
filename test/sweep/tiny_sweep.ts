import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SweepTask } from '../../src/sweep/executor.js';
import { configurationOf } from '../../src/sweep/plan.js';
import { SweepFolder } from '../../src/sweep/sweep_folder.js';
import { runCli } from '../cli/run_cli.js';
import { temporaryFolder } from '../temporary_folder.js';

/** 20 neurons for 50 ms: E and PV cells with Poisson input. */
export const TINY_CIRCUIT = `name: tiny
simulation: { duration_ms: 50, transient_ms: 10, dt_ms: 0.05, seed: 3 }
receptors:
  AMPA: { tau_ms: 3, reversal_mV: 0, sign: excitatory }
  GABA: { tau_ms: 6, reversal_mV: -75, sign: inhibitory }
populations:
  E: { cell: pyramidal-rs, neurons: 16, initial: { V_mV: { distribution: uniform, low: -70, high: -60 } } }
  PV: { cell: pv-wang-buzsaki, neurons: 4 }
projections:
  - { from: E, to: PV, receptor: AMPA, connector: { kind: fixed-probability, probability: 0.5 }, weight_nS: { distribution: lognormal, mean: 2, sigma: 0.5 }, delay_ms: 1 }
  - { from: PV, to: E, receptor: GABA, connector: { kind: fixed-probability, probability: 0.5 }, weight_nS: 2, delay_ms: 1 }
stimuli:
  - { kind: poisson, to: E, receptor: AMPA, rate_hz: 900, weight_nS: 8 }
  - { kind: step-current, to: PV, amplitude_uA_cm2: 0, start_ms: 20 }
recording:
  lfp: { populations: [E], electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }] }
`;

export const DRIVE_AND_INHIBITION = `name: ei
circuit: tiny.yaml
sampling:
  kind: grid
  parameters:
    drive: { path: stimuli.0.rate_hz, values: { from: 400, to: 1600, count: 3 } }
    inhibition: { path: projections.1.weight_nS, factors: { from: 0.25, to: 4, count: 3, scale: log } }
analysis: { segment_ms: 40 }
`;

/** A folder with tiny.yaml and the given sweep. */
export async function sweepFolder(sweep = DRIVE_AND_INHIBITION): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, 'sweep.yaml');
  await writeFile(join(folder, 'tiny.yaml'), TINY_CIRCUIT);
  await writeFile(file, sweep);
  return { folder, file };
}

/** A planned sweep of nine configurations, and the result that one of them has. */
export async function sweepWithResult() {
  const { folder, file } = await sweepFolder();
  const [plan, done] = [join(folder, 'plan.json'), join(folder, 'done')];
  await runCli(['sweep', 'plan', file, '--out', plan]);
  await runCli(['sweep', 'run', plan, '--device', 'cpu', '--out', done, '--index', '4', '--quiet']);
  const sweep = await SweepFolder.open(done);
  const point = sweep.plan.points[4];
  const task: SweepTask = { hash: point.hash, configuration: configurationOf(sweep.plan, point) };
  const result = (await sweep.results()).get(point.hash)!;
  return { folder, plan, tasks: sweep.plan.points, task, result };
}

/** Files below a folder, with their content. */
export async function contentOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)),
  );
}
