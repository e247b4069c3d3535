import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import * as z from 'zod';
import { fileError, InputError } from '../input_error.js';
import { exists, outputPlace } from '../output_path.js';
import { asWriteError, besides, putInPlace, removeLeftover } from '../write_file.js';
import {
  MANIFEST_FILE,
  MANIFEST_SCHEMA,
  type Manifest,
  type OutputRecord,
  outputRecord,
} from './manifest.js';

export interface OutputFolderOptions {
  /** Whether an earlier result of the same kind at the same place may be replaced. */
  readonly force: boolean;
}

/** A kind of folder that this program writes, such as `a run`; each holds a record of the files that were written. */
export interface FolderKind {
  readonly name: string;
  /** The record: a JSON document with `schema` and the files under `outputs`. */
  readonly recordFile: string;
  readonly schema: string;
}

export const RUN_FOLDER: FolderKind = { name: 'a run', recordFile: MANIFEST_FILE, schema: MANIFEST_SCHEMA };

/** The kind of a folder that is no run; the record says which it is. */
export const folderKind = (name: string): FolderKind => ({
  name,
  recordFile: 'nce-output.json',
  schema: `nce-output/1 ${name}`,
});

/**
 * Throws InputError where `path` is taken: there is something, and `force` is not set or it is not an earlier result of the
 * same kind, or holds files that this program did not write there.
 */
export function requireFree(path: string, options: OutputFolderOptions, kind: FolderKind): void {
  requireFreePlace(path, outputPlace(path), options, kind);
}

function requireFreePlace(
  path: string,
  place: string,
  { force }: OutputFolderOptions,
  kind: FolderKind,
): void {
  if (!exists(place)) return;
  if (!force) throw new InputError(`the output folder ${path} exists; --force replaces ${kind.name} in it`);
  const written = filesOfRecord(join(place, kind.recordFile), kind);
  if (!written)
    throw new InputError(
      `the output folder ${path} exists and has no ${kind.recordFile} of ${kind.name}, so --force does not replace it`,
    );
  const others = filesIn(place).filter((file) => file !== kind.recordFile && !written.has(file));
  if (others.length > 0)
    throw new InputError(
      `the output folder ${path} also holds ${others.slice(0, 3).join(', ')}${others.length > 3 ? ', ...' : ''}, which ${kind.name} did not write there, so --force does not replace it; move what you want to keep`,
    );
}

/** Files that a record lists; null where there is no record of this kind. */
function filesOfRecord(recordFile: string, { schema }: FolderKind): ReadonlySet<string> | null {
  try {
    const document = JSON.parse(readFileSync(recordFile, 'utf8'));
    const record = z.object({ schema: z.literal(schema), outputs: z.record(z.string(), z.unknown()) });
    return new Set(Object.keys(record.parse(document).outputs));
  } catch {
    return null;
  }
}

/** Everything below a folder but its folders, which count where they are empty: paths with `/`. */
function filesIn(folder: string): string[] {
  const found: string[] = [];
  const visit = (path: string) => {
    const entries = readdirSync(path, { withFileTypes: true });
    if (entries.length === 0 && path !== folder) found.push(relative(folder, path));
    for (const entry of entries) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) visit(inner);
      else found.push(relative(folder, inner));
    }
  };
  visit(folder);
  return found.map((file) => file.replaceAll(sep, '/'));
}

/**
 * A folder of results in the making: it is filled under a temporary name beside its place, and appears there complete and
 * on the disk.
 */
export class OutputFolder {
  private constructor(
    /** As it was given. */
    readonly path: string,
    private readonly place: string,
    private readonly temporary: string,
    private readonly options: OutputFolderOptions,
    private readonly kind: FolderKind,
  ) {}

  /**
   * `temporary` is where it is filled: a name that does not exist, on the same disk. Throws InputError as
   * {@link requireFree}, or where nothing can be written.
   */
  static create(
    path: string,
    options: OutputFolderOptions,
    kind: FolderKind,
    temporary?: string,
  ): OutputFolder {
    const place = outputPlace(path);
    requireFreePlace(path, place, options, kind);
    const filled = temporary ?? besides(place, 'partial');
    try {
      mkdirSync(dirname(place), { recursive: true });
      mkdirSync(filled);
    } catch (error) {
      throw fileError('create the output folder', path, error);
    }
    return new OutputFolder(path, place, filled, options, kind);
  }

  file(name: string): string {
    return join(this.temporary, name);
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await writeFile(this.file(name), `${JSON.stringify(value, null, 2)}\n`);
  }

  /** Size and SHA-256 of every file written so far, by name. */
  async outputs(): Promise<Record<string, OutputRecord>> {
    const names = (await readdir(this.temporary, { recursive: true, withFileTypes: true }))
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(this.temporary, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
      .sort();
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await outputRecord(this.file(name))] as const)),
    );
  }

  /**
   * Writes the record, `document` with the list of files, and gives the folder its name. Rejects with InputError where the
   * place was taken meanwhile, with WriteError where it cannot be written; what was there is then still there.
   */
  async commit<T extends object>(
    document: T,
  ): Promise<T & { readonly schema: string; readonly outputs: Record<string, OutputRecord> }> {
    const { schema, recordFile } = this.kind;
    try {
      const record = { schema, ...document, outputs: await this.outputs() };
      await this.writeJson(recordFile, record);
      this.move();
      return record;
    } catch (error) {
      throw asWriteError(this.path, error);
    }
  }

  private move(): void {
    const { path, place, temporary, options, kind } = this;
    requireFreePlace(path, place, options, kind);
    if (!exists(place)) {
      putInPlace(temporary, place);
      return;
    }
    const replaced = besides(place, 'replaced');
    renameSync(place, replaced);
    try {
      putInPlace(temporary, place);
    } catch (error) {
      renameSync(replaced, place);
      throw error;
    }
    removeLeftover(replaced);
  }

  /** Removes what was written; nothing remains. */
  discard(): void {
    removeLeftover(this.temporary);
  }
}

/** Fills a folder with `fill` and gives it its name; nothing remains where either fails. */
export async function writeFolder(
  path: string,
  options: OutputFolderOptions,
  kind: FolderKind,
  fill: (folder: OutputFolder) => Promise<void>,
): Promise<void> {
  const folder = OutputFolder.create(path, options, kind);
  try {
    await fill(folder);
    await folder.commit({});
  } catch (error) {
    folder.discard();
    throw asWriteError(path, error);
  }
}

/** Writes the manifest of a filled folder and gives the folder its name. */
export const commitRun = (
  folder: OutputFolder,
  manifest: Omit<Manifest, 'outputs' | 'schema'>,
): Promise<Manifest> => folder.commit(manifest) as Promise<Manifest>;

/** `runs/<name>-<UTC>-<first 8 digits of the circuit's hash>`. */
export function defaultRunFolder(name: string, startedAt: Date, circuitHash: string): string {
  const utc = startedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  return join('runs', `${name}-${utc}-${circuitHash.slice(0, 8)}`);
}
