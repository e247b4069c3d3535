import { access, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { exportCsv, exportNpy } from '../io/array_export.js';
import { InputError } from '../io/input_error.js';
import { exportNeuroMl } from '../io/neuroml/export.js';
import { exportNwb } from '../io/nwb/export.js';
import { OutputFolder, requireFree } from '../io/run_folder/output_folder.js';
import { openRun, type RunSource } from '../io/run_folder/run_source.js';
import { exportSonata } from '../io/sonata/export.js';
import type { CliIo } from './cli_io.js';

interface ExportOptions {
  readonly nwb?: string;
  readonly sonata?: string;
  readonly neuroml?: string;
  readonly csv?: string;
  readonly npy?: string;
  readonly force?: boolean;
}

/** What a folder of a format is known by, and how it is filled; `note` says what the format has no word for. */
interface FolderFormat {
  readonly mark: string;
  readonly fill: (
    run: RunSource,
    pathOf: (file: string) => string,
    note: (text: string) => void,
  ) => Promise<void>;
}

const FOLDER_FORMATS = {
  sonata: { mark: 'circuit_config.json', fill: exportSonata },
  neuroml: { mark: 'network.net.nml', fill: exportNeuroMl },
  csv: { mark: 'spikes.csv', fill: exportCsv },
  npy: { mark: 'spike_times_ms.npy', fill: exportNpy },
} as const satisfies Record<string, FolderFormat>;
const FOLDER_FORMAT_NAMES = Object.keys(FOLDER_FORMATS) as (keyof typeof FOLDER_FORMATS)[];

export function addExportCommand(program: Command, io: CliIo): void {
  program
    .command('export')
    .description('write a run in the formats of other programs')
    .argument('<folder>', 'folder of a run')
    .option('--nwb <file>', 'NWB 2.7: spikes as Units, LFP as ElectricalSeries (pynwb, Neo, Neurosift)')
    .option(
      '--sonata <folder>',
      'SONATA: network, configuration, spikes, traces and LFP (BMTK, libsonata, NEST)',
    )
    .option('--neuroml <folder>', 'NeuroML 2: channels, cells, synapses and network')
    .option('--csv <folder>', 'all tables of the run, with spikes.csv and edges.csv')
    .option('--npy <folder>', 'spikes, LFP, positions and synapses as NumPy arrays')
    .option('--force', 'replace an earlier export')
    .action((folder: string, options: ExportOptions) => runExport(folder, options, io));
}

async function runExport(folder: string, options: ExportOptions, io: CliIo): Promise<void> {
  const { nwb, force = false } = options;
  const chosen = FOLDER_FORMAT_NAMES.filter((format) => options[format] !== undefined);
  if (nwb === undefined && chosen.length === 0)
    throw new InputError(
      `expected a format: --nwb, ${FOLDER_FORMAT_NAMES.map((name) => `--${name}`).join(', ')}`,
    );
  for (const format of chosen) await requireFree(options[format]!, { force }, FOLDER_FORMATS[format].mark);
  if (nwb !== undefined) await requireFreeFile(nwb, force);
  const run = await openRun(folder);
  if (nwb !== undefined) {
    await writeFileWhole(nwb, (path) => exportNwb(run, path));
    io.out(`nwb: ${nwb}\n`);
  }
  for (const format of chosen) {
    const place = options[format]!;
    await fillFolder(place, force, FOLDER_FORMATS[format], run, (text) => io.err(`${format}: ${text}\n`));
    io.out(`${format}: ${place}\n`);
  }
}

async function fillFolder(
  place: string,
  force: boolean,
  { mark, fill }: FolderFormat,
  run: RunSource,
  note: (text: string) => void,
): Promise<void> {
  const output = await OutputFolder.create(place, { force }, mark);
  try {
    await fill(run, (file) => output.file(file), note);
    await output.commit();
  } catch (error) {
    await output.discard();
    throw error;
  }
}

async function requireFreeFile(path: string, force: boolean): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists && !force) throw new InputError(`the output file ${path} exists; --force replaces it`);
}

/** Writes a file under a temporary name beside its place, where it appears complete. */
async function writeFileWhole(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.partial`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
