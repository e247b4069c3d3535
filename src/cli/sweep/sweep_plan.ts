import { writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Command } from 'commander';
import { FILE_KINDS, requireFreeFile, writeOutputFile } from '../../io/output_file.js';
import { PRESETS } from '../../model/presets.js';
import { planHash, planSweep, type SweepPlan } from '../../sweep/plan.js';
import { readSweepFile } from '../../sweep/sweep_file.js';
import { defaultSweepFolder, jsonText } from '../../sweep/sweep_folder.js';
import { loadCircuit } from '../circuit_source.js';
import type { CliIo } from '../cli_io.js';

interface PlanOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addSweepPlan(sweep: Command, io: CliIo): void {
  sweep
    .command('plan')
    .description('check a sweep file and write a plan of all its points')
    .argument('<file>', 'sweep.yaml or .json')
    .option('--out <file>', 'file for the plan', 'plan.json')
    .option('--force', 'replace an earlier plan')
    .option('--json', 'print { name, points, configurations, folder } as one JSON document')
    .action((file: string, options: PlanOptions) => plan(file, options, io));
}

async function plan(file: string, { out, force = false, json }: PlanOptions, io: CliIo): Promise<void> {
  requireFreeFile(out, { force }, FILE_KINDS.sweepPlan);
  const made = await planOfFile(file, (note) => io.err(`${note}\n`));
  await writeOutputFile(out, { force }, FILE_KINDS.sweepPlan, (path) => writeFile(path, jsonText(made)));
  const { name, points, parameters } = made;
  const configurations = new Set(points.map(({ hash }) => hash)).size;
  const folder = defaultSweepFolder(made);
  if (json)
    io.out(
      `${JSON.stringify({ name, points: points.length, configurations, hash: planHash(made), folder }, null, 2)}\n`,
    );
  else
    io.out(
      `${name}: ${points.length} points over ${parameters.join(', ') || 'seeds'}` +
        `${configurations < points.length ? `, ${configurations} of them different` : ''}; plan: ${out}\n`,
    );
}

async function planOfFile(file: string, onNote: (note: string) => void): Promise<SweepPlan> {
  const read = await readSweepFile(file);
  const { circuit, set } = read.sweep;
  const isPreset = Object.hasOwn(PRESETS, circuit);
  const source = isPreset || isAbsolute(circuit) ? circuit : join(dirname(file), circuit);
  const overrides = Object.entries(set).map(([path, value]) => ({
    path,
    value,
    source: read.place(['set', path]),
  }));
  return planSweep(read, await loadCircuit(source, overrides, onNote));
}
