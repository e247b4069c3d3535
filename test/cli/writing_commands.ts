import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { resolveCircuit } from '../../src/model/circuit_file.js';
import { saveRun } from '../../src/run/save_run.js';
import { simulate } from '../../src/run/simulate.js';
import { DRIVE_AND_INHIBITION, TINY_CIRCUIT } from '../sweep/tiny_sweep.js';
import { runCli } from './run_cli.js';

/** What the commands read: a circuit, a run of it, a sweep, its plan and its results, a channel of NMODL. */
export interface Inputs {
  readonly circuit: string;
  readonly run: string;
  readonly sweep: string;
  readonly plan: string;
  readonly done: string;
  readonly channel: string;
}

/** Every command that writes, told to write to `out`. */
export const COMMANDS: Readonly<Record<string, (inputs: Inputs, out: string) => string[]>> = {
  run: ({ circuit }, out) => ['run', circuit, '--device', 'cpu', '--quiet', '--csv', '--out', out],
  'run --seeds': ({ circuit }, out) => [
    ...['run', circuit, '--device', 'cpu', '--quiet', '--seeds', '1', '--out', out],
  ],
  'run --checkpoint-every': ({ circuit }, out) => [
    ...['run', circuit, '--device', 'cpu', '--quiet', '--checkpoint-every', '20', '--out', out],
  ],
  'run --resume': (_, out) => ['run', '--resume', out, '--quiet'],
  analyze: ({ run }, out) => ['analyze', run, '--out', out],
  'export --nwb': ({ run }, out) => ['export', run, '--nwb', out],
  'export --sonata': ({ run }, out) => ['export', run, '--sonata', out],
  'export --neuroml': ({ run }, out) => ['export', run, '--neuroml', out],
  'export --csv': ({ run }, out) => ['export', run, '--csv', out],
  'export --npy': ({ run }, out) => ['export', run, '--npy', out],
  shaders: ({ circuit }, out) => ['shaders', circuit, '--device', 'software', '--out', out],
  'mechanism --plot': (_, out) => ['mechanism', 'na-hh52', '--plot', out],
  import: ({ channel }, out) => ['import', channel, '--out', out],
  'sweep plan': ({ sweep }, out) => ['sweep', 'plan', sweep, '--out', out],
  'sweep run': ({ plan }, out) => [
    ...['sweep', 'run', plan, '--device', 'cpu', '--quiet', '--index', '0', '--out', out],
  ],
  'sweep collect --out': ({ done }, out) => ['sweep', 'collect', done, '--out', out],
  'sweep collect --figure': ({ done }, out) => ['sweep', 'collect', done, '--figure', out],
};

/** These have no --force. */
export const WITHOUT_FORCE: readonly string[] = ['sweep run'];

/** A name that the command takes for a new output. */
export const outputName = (command: string): string =>
  `out${command.includes('figure') ? '.svg' : command.includes('collect') ? '.csv' : ''}`;

export async function makeInputs(): Promise<{
  readonly inputs: Inputs;
  readonly remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'nce-inputs-'));
  const place = (name: string) => join(folder, name);
  const inputs = {
    circuit: place('tiny.yaml'),
    run: place('run'),
    sweep: place('sweep.yaml'),
    plan: place('plan.json'),
    done: place('done'),
    channel: fileURLToPath(new URL('../io/nmodl/kd.mod', import.meta.url)),
  };
  await writeFile(inputs.circuit, TINY_CIRCUIT);
  await writeFile(inputs.sweep, DRIVE_AND_INHIBITION);
  const simulation = await simulate(resolveCircuit(TINY_CIRCUIT), { device: 'cpu' });
  await saveRun(inputs.run, simulation, { segmentMs: 20, csv: true });
  for (const argv of [
    ['sweep', 'plan', inputs.sweep, '--out', inputs.plan],
    ['sweep', 'run', inputs.plan, '--device', 'cpu', '--out', inputs.done, '--quiet'],
  ])
    expect(await runCli(argv)).toMatchObject({ code: 0 });
  return { inputs, remove: () => rm(folder, { recursive: true }) };
}

/** Everything below a folder: what files hold, `folder` and `link`. */
export async function treeOf(folder: string): Promise<Map<string, string>> {
  const tree = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const kind = entry.isDirectory() ? 'folder' : 'link';
    tree.set(path, entry.isFile() ? (await readFile(path)).toString('base64') : kind);
  }
  return tree;
}
