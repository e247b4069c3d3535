import { CircuitError } from '../../src/index.js';
import type { ImportNote } from '../../src/io/import_note.js';
import { besidePath, type FileImporter } from '../../src/io/imported_file.js';
import { LIBRARY_MECHANISMS } from '../../src/mechanism/library.js';
import { type MechanismFileData, parseMechanismFile } from '../../src/mechanism/mechanism_file.js';
import { importsOf } from '../../src/model/circuit_file.js';
import { parseCircuitText } from '../../src/text/circuit_text.js';

/** Texts by the names of their files, without folders: a page sees no others. */
type Texts = ReadonlyMap<string, string>;

const MOST_INCLUDED = 300;

const isText = (name: string): boolean => /\.(ya?ml|json)$/i.test(name);
const nameOf = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** The circuit among files that were opened together: the only one that is not imported by another, and the texts of all. */
export async function circuitAmong(
  files: readonly File[],
): Promise<{ readonly file: string; readonly text: string; readonly beside: Texts }> {
  const beside = new Map<string, string>();
  for (const file of files) beside.set(file.name, await textOf(file));
  const isCircuit = (name: string) => {
    const data = isText(name) ? dataOf(beside.get(name)!) : null;
    return typeof data === 'object' && data !== null && 'populations' in data;
  };
  // A single file is read as a circuit whatever it is, which says what is wrong with it.
  const circuits =
    files.length === 1 && isText(files[0].name) ? [files[0].name] : [...beside.keys()].filter(isCircuit);
  if (circuits.length !== 1)
    throw new Error(
      circuits.length === 0
        ? 'none of these files is a circuit: open mechanisms together with the circuit that imports them'
        : `open one circuit at a time, with the files that it imports; these are circuits: ${circuits.join(', ')}`,
    );
  const [file] = circuits;
  return { file, text: beside.get(file)!, beside };
}

/**
 * What a circuit imports, from the texts beside it, by the paths that it writes. Throws CircuitError where a file cannot be
 * read, Error where it was not opened with the circuit.
 */
export async function readImports(
  circuit: string,
  beside: Texts,
): Promise<{ readonly imports: ReadonlyMap<string, MechanismFileData>; readonly notes: readonly string[] }> {
  const imports = new Map<string, MechanismFileData>();
  const notes: string[] = [];
  const paths = importsOf(dataOf(circuit));
  const missing = paths.filter((path) => !beside.has(nameOf(path)));
  if (missing.length > 0)
    throw new Error(
      `import: a page cannot read other files from the disk: open or drop ${missing.map(nameOf).join(', ')} together with the circuit`,
    );
  for (const path of paths) {
    const name = nameOf(path);
    const text = beside.get(name)!;
    if (isText(name)) {
      imports.set(path, parseMechanismFile(text, name, LIBRARY_MECHANISMS).data);
      continue;
    }
    // The readers of other programs' files are loaded when the first is needed.
    const { FILE_IMPORTERS, importerFor } = await import('../../src/io/import_file.js');
    const importer = importerFor(name);
    if (!importer)
      throw new Error(
        `import: ${name} is of no kind that mechanisms are read from: ${[...Object.keys(FILE_IMPORTERS), '.yaml', '.json'].join(', ')}`,
      );
    const read = importer.read(text, name, includedBy(text, importer, beside));
    imports.set(path, { mechanisms: { ...read.mechanisms }, cellTypes: { ...read.cellTypes } });
    notes.push(...read.notes.map((note) => noteText(name, note)));
  }
  return { imports, notes };
}

const noteText = (file: string, { line, message }: ImportNote): string =>
  `${file}${line === null ? '' : `:${line}`} ${message}`;

/** The texts that a text and these include, by their paths from it. */
function includedBy(text: string, importer: FileImporter, beside: Texts): Map<string, string> {
  const found = new Map<string, string>();
  const open = importer.includes(text).map((href) => besidePath('', href));
  for (let path = open.pop(); path !== undefined && found.size < MOST_INCLUDED; path = open.pop()) {
    const included = beside.get(nameOf(path));
    if (included === undefined || found.has(path)) continue;
    found.set(path, included);
    open.push(...importer.includes(included).map((inner) => besidePath(path, inner)));
  }
  return found;
}

/** The content of a circuit as far as it can be read: its problems are reported when it is checked. */
function dataOf(text: string): unknown {
  try {
    return parseCircuitText(text, null).data;
  } catch (error) {
    if (error instanceof CircuitError) return null;
    throw error;
  }
}

/** Old files are in the encodings of their time; what is no UTF-8 is taken byte by byte. */
async function textOf(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}
