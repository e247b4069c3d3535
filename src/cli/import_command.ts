import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { FILE_IMPORTERS } from '../io/import_file.js';
import { InputError } from '../io/input_error.js';
import { mechanismYaml } from '../io/mechanism_yaml.js';
import { FILE_KINDS, IMPORTED, requireFreeFile, writeOutputFile } from '../io/output_file.js';
import { isForeignMechanismFile, readMechanisms } from '../io/read_mechanisms.js';
import type { CellData } from '../mechanism/cell_schema.js';
import type { MechanismData } from '../mechanism/mechanism_schema.js';
import type { CliIo } from './cli_io.js';

interface ImportOptions {
  readonly out: string;
  readonly force?: boolean;
}

export function addImportCommand(program: Command, io: CliIo): void {
  program
    .command('import')
    .description('mechanisms of other programs as a mechanism file that one can read')
    .argument('<files...>', `files to take over: ${Object.keys(FILE_IMPORTERS).join(', ')}`)
    .requiredOption('--out <file>', 'mechanism file (YAML) to write')
    .option('--force', 'replace an earlier mechanism file')
    .action((files: readonly string[], options: ImportOptions) => importFiles(files, options, io));
}

async function importFiles(files: readonly string[], options: ImportOptions, io: CliIo): Promise<void> {
  const { out, force = false } = options;
  requireFreeFile(out, { force }, FILE_KINDS.mechanisms);
  const mechanisms: Record<string, MechanismData> = {};
  const cellTypes: Record<string, CellData> = {};
  const notes: string[] = [];
  for (const file of files) {
    if (!isForeignMechanismFile(file))
      throw new InputError(
        `${file} is of no kind that can be taken over; names of such files end in ${Object.keys(FILE_IMPORTERS).join(' or ')}`,
      );
    const imported = await readMechanisms(file);
    add(mechanisms, imported.data.mechanisms, 'mechanism', file);
    add(cellTypes, imported.data.cellTypes, 'cell', file);
    notes.push(...imported.notes);
  }
  const text = `${IMPORTED} from ${files.map((file) => basename(file)).join(', ')}\n${mechanismYaml(mechanisms, cellTypes)}`;
  await writeOutputFile(out, { force }, FILE_KINDS.mechanisms, (path) => writeFile(path, text));
  for (const note of notes) io.err(`${note}\n`);
  io.out(`${out}\n`);
}

function add<T>(to: Record<string, T>, from: Readonly<Record<string, T>>, what: string, file: string): void {
  for (const [name, data] of Object.entries(from)) {
    if (Object.hasOwn(to, name))
      throw new InputError(
        `${file}: another file has a ${what} "${name}" too; import it to a file of its own`,
      );
    to[name] = data;
  }
}
