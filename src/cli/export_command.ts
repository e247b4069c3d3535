import type { Command } from 'commander';
import { exportCsv, exportNpy } from '../io/array_export.js';
import { InputError } from '../io/input_error.js';
import { exportNeuroMl } from '../io/neuroml/export.js';
import { exportNwb } from '../io/nwb/export.js';
import { FILE_KINDS, requireFreeFile, writeOutputFile } from '../io/output_file.js';
import { folderKind, requireFree, writeFolder } from '../io/run_folder/output_folder.js';
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

/** Fills the folder of a format; `note` says what the format cannot express. */
type Fill = (run: RunSource, pathOf: (file: string) => string, note: (text: string) => void) => Promise<void>;

const FOLDER_FORMATS = {
  sonata: exportSonata,
  neuroml: exportNeuroMl,
  csv: exportCsv,
  npy: exportNpy,
} as const satisfies Record<string, Fill>;
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
  for (const format of chosen) requireFree(options[format]!, { force }, kindOf(format));
  if (nwb !== undefined) requireFreeFile(nwb, { force }, FILE_KINDS.hdf5);
  const run = await openRun(folder);
  if (nwb !== undefined) {
    await writeOutputFile(nwb, { force }, FILE_KINDS.hdf5, (path) => exportNwb(run, path));
    io.out(`nwb: ${nwb}\n`);
  }
  for (const format of chosen) {
    const place = options[format]!;
    const note = (text: string) => io.err(`${format}: ${text}\n`);
    await writeFolder(place, { force }, kindOf(format), (output) =>
      FOLDER_FORMATS[format](run, (file) => output.file(file), note),
    );
    io.out(`${format}: ${place}\n`);
  }
}

const kindOf = (format: keyof typeof FOLDER_FORMATS) => folderKind(`a ${format} export`);
