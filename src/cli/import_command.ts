import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import type { Command } from 'commander';
import { FILE_IMPORTERS, importerFor } from '../io/import_file.js';
import type { ImportNote } from '../io/import_note.js';
import type { FileImporter } from '../io/imported_file.js';
import { fileError, InputError } from '../io/input_error.js';
import { mechanismYaml } from '../io/mechanism_yaml.js';
import { FILE_KINDS, IMPORTED, requireFreeFile, writeOutputFile } from '../io/output_file.js';
import type { CellData } from '../mechanism/cell_schema.js';
import type { MechanismData } from '../mechanism/mechanism_schema.js';
import type { CliIo } from './cli_io.js';

interface ImportOptions {
  readonly out: string;
  readonly force?: boolean;
}

/** Largest file that is read, bytes. */
const LARGEST = 10_000_000;
const MOST_INCLUDED = 300;

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
    const importer = importerFor(file);
    if (!importer)
      throw new InputError(
        `${file} is of no kind that can be taken over; names of such files end in ${Object.keys(FILE_IMPORTERS).join(' or ')}`,
      );
    const text = await textOf(file);
    const imported = importer.read(text, file, await filesBeside(file, text, importer));
    add(mechanisms, imported.mechanisms, 'mechanism', file);
    add(cellTypes, imported.cellTypes, 'cell', file);
    notes.push(...imported.notes.map((note) => noteText(file, note)));
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

const noteText = (file: string, { line, message }: ImportNote): string =>
  `${file}${line === null ? '' : `:${line}`} ${message}`;

/** Old files are in the encodings of their time; what is no UTF-8 is taken byte by byte. */
async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST)
      throw new InputError(`${path} has ${size} bytes; files to take over have at most ${LARGEST}`);
    const bytes = await readFile(path);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      return bytes.toString('latin1');
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw fileError('read', path, error);
  }
}

/** The texts of the files that a text and these include, as far as there are such files, by their paths from `path`. */
async function filesBeside(path: string, text: string, importer: FileImporter): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const open = [...importer.includes(text)];
  for (let name = open.pop(); name !== undefined && found.size < MOST_INCLUDED; name = open.pop()) {
    const place = join(dirname(path), name);
    if (found.has(name) || isAbsolute(name) || !existsSync(place)) continue;
    const included = await textOf(place);
    found.set(name, included);
    open.push(...importer.includes(included).map((inner) => join(dirname(name), inner).replaceAll(sep, '/')));
  }
  return found;
}
