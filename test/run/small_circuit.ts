import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { temporaryFolder } from '../temporary_folder.js';

/** 60 neurons for 1.2 s with noise currents, delays, an LFP and traces: every part of the state changes all the time. */
export const SMALL_CIRCUIT = `name: small
simulation: { duration_ms: 1200, transient_ms: 100, dt_ms: 0.05, seed: 3 }
receptors:
  AMPA: { tau_ms: 3, reversal_mV: 0, sign: excitatory }
  GABA: { tau_ms: 6, reversal_mV: -75, sign: inhibitory }
populations:
  E: { cell: pyramidal-rs, neurons: 48 }
  PV: { cell: pv-wang-buzsaki, neurons: 12 }
projections:
  - { from: E, to: PV, receptor: AMPA, connector: { kind: fixed-probability, probability: 0.3 }, weight_nS: 1, delay_ms: 1 }
  - { from: PV, to: E, receptor: GABA, connector: { kind: fixed-probability, probability: 0.3 }, weight_nS: 2, delay_ms: 4 }
stimuli:
  - { kind: poisson, to: E, receptor: AMPA, rate_hz: 450, weight_nS: 5 }
  - { kind: poisson, to: PV, receptor: AMPA, rate_hz: 300, weight_nS: 3 }
  - { kind: ornstein-uhlenbeck-current, to: E, mean_uA_cm2: 0.2, sd_uA_cm2: 0.5, tau_ms: 5 }
recording:
  lfp: { populations: [E], electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }, { x_um: 0, y_um: 0, z_um: 50 }] }
  traces: [{ population: PV, neurons: [0, 3] }]
`;

/** The circuit as a file in a folder of its own, and places for two runs beside it. */
export async function smallCircuitFile() {
  const folder = await temporaryFolder();
  const file = join(folder, 'small.yaml');
  await writeFile(file, SMALL_CIRCUIT);
  return { file, out: join(folder, 'run'), whole: join(folder, 'whole') };
}

/** Where the unfinished run of `out` lives; the folder that no process has, where there is none. */
export function hiddenFolder(out: string): string {
  const start = `.${basename(out)}.unfinished`;
  const name = readdirSync(dirname(out)).find((file) => file.startsWith(start)) ?? start;
  return join(dirname(out), name);
}

/** SHA-256 of every file of a run but the manifest, which has wall-clock times; read anew from the files. */
export async function outputsOf(out: string): Promise<Record<string, string>> {
  const names = (await readdir(out)).filter((name) => name !== 'manifest.json').sort();
  const digest = async (name: string) =>
    createHash('sha256')
      .update(await readFile(join(out, name)))
      .digest('hex');
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await digest(name)] as const)),
  );
}
