import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCli } from '../../cli/run_cli.js';

/** 60 neurons of three kinds of cells, with LFP, traces and every kind of stimulus that is not random only. */
const CIRCUIT = `name: small
simulation: { duration_ms: 400, transient_ms: 100, dt_ms: 0.05, seed: 3 }
cellTypes:
  fast:
    C_uF_cm2: 1
    area_um2: 8000
    ions: { Na: { E_mV: 55 }, K: { E_mV: -90 } }
    membrane:
      na: { mechanism: na-wang-buzsaki, g_mS_cm2: 35, phi: 5 }
      k: { mechanism: k-wang-buzsaki, g_mS_cm2: 9, phi: 5 }
      leak: { mechanism: leak, g_mS_cm2: 0.1, E_mV: -65 }
receptors:
  AMPA: { tau_ms: 3, reversal_mV: 0, sign: excitatory }
  GABA-A: { tau_ms: 6, reversal_mV: -75, sign: inhibitory }
populations:
  E: { cell: pyramidal-rs, neurons: 40, initial: { V_mV: { distribution: uniform, low: -70, high: -65 } } }
  PV: { cell: fast, neurons: 12 }
  squid: { cell: hodgkin-huxley-1952, neurons: 8, vary: { membrane.na.g_mS_cm2: { distribution: uniform, low: 115, high: 125 } } }
projections:
  - { from: E, to: PV, receptor: AMPA, connector: { kind: fixed-probability, probability: 0.3 }, weight_nS: { distribution: lognormal, mean: 1, sigma: 0.8 }, delay_ms: { distribution: uniform, low: 0.5, high: 3 } }
  - { from: PV, to: E, receptor: GABA-A, connector: { kind: fixed-probability, probability: 0.3 }, weight_nS: 2, delay_ms: 1 }
  - { from: E, to: squid, receptor: AMPA, connector: { kind: fixed-in-degree, inDegree: 3 }, weight_nS: 1, delay_ms: 1.9 }
stimuli:
  - { kind: poisson, to: E, receptor: AMPA, rate_hz: 450, weight_nS: 5 }
  - { kind: poisson, to: PV, receptor: AMPA, rate_hz: 300, weight_nS: 3, start_ms: 10, stop_ms: 390 }
  - { kind: step-current, to: squid, amplitude_uA_cm2: 10, start_ms: 50 }
  - { kind: ornstein-uhlenbeck-current, to: PV, mean_uA_cm2: 0.1, sd_uA_cm2: 0.1, tau_ms: 5 }
recording:
  lfp: { populations: [E], electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }, { x_um: 0, y_um: 0, z_um: 50 }] }
  traces: [{ population: PV, neurons: [0, 3] }, { population: E, neurons: [5] }]
`;

export interface SmallRun {
  /** Folder for everything of the test file. */
  readonly folder: string;
  /** Folder of the run. */
  readonly run: string;
  readonly remove: () => Promise<void>;
}

/** Simulates the small circuit on the reference engine. */
export async function smallRun(): Promise<SmallRun> {
  const folder = await mkdtemp(join(tmpdir(), 'nce-formats-'));
  const file = join(folder, 'small.yaml');
  const run = join(folder, 'run');
  await writeFile(file, CIRCUIT);
  const { code, err } = await runCli(['run', file, '--device', 'cpu', '--out', run, '--csv', '--quiet']);
  if (code !== 0) throw new Error(err);
  return { folder, run, remove: () => rm(folder, { recursive: true, force: true }) };
}

const PYTHON = '/usr/bin/python3';

/**
 * For `needs`: null where Python has a module, else why a test that needs it is skipped. In CI a module that is
 * `required` must be installed.
 */
export async function pythonLacks(
  module: string,
  debianPackage: string,
  { required }: { required: boolean },
): Promise<string | null> {
  try {
    await promisify(execFile)(PYTHON, ['-c', `import ${module}`]);
    return null;
  } catch {
    const message = `${PYTHON} has no ${module} (apt-get install ${debianPackage})`;
    if (process.env.CI && required) throw new Error(message);
    return message;
  }
}

/** Runs a script and gives what it prints as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of it.
export async function python(script: string, ...args: readonly string[]): Promise<any> {
  const { stdout } = await promisify(execFile)(PYTHON, ['-c', script, ...args], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
}
