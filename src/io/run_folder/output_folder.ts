import { randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileError, InputError } from '../input_error.js';
import { MANIFEST_FILE, type Manifest, type OutputRecord, outputRecord } from './manifest.js';

export interface OutputFolderOptions {
  /** Whether an earlier run at the same place may be replaced. */
  readonly force: boolean;
}

/** A name of its own beside `path`. */
export const besides = (path: string, purpose: string): string =>
  join(dirname(path), `.${basename(path)}.${purpose}-${randomUUID().slice(0, 8)}`);

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Throws InputError where the folder exists, unless `force` is set and it holds an earlier result. */
export async function requireFree(path: string, { force }: OutputFolderOptions, mark: string): Promise<void> {
  if (!(await exists(path))) return;
  if (!force) throw new InputError(`the output folder ${path} exists; --force replaces an earlier run`);
  if (!(await exists(join(path, mark))))
    throw new InputError(
      `the output folder ${path} exists and holds no ${mark}, so --force does not replace it`,
    );
}

/**
 * A folder of results in the making: it is filled under a temporary name beside its place and appears there complete.
 */
export class OutputFolder {
  private constructor(
    readonly path: string,
    private readonly temporary: string,
    private readonly options: OutputFolderOptions,
    private readonly mark: string,
  ) {}

  /**
   * `mark` is the file by which such a folder is known, `temporary` where it is filled, on the same disk. Throws
   * InputError as {@link requireFree}, or where nothing can be written.
   */
  static async create(
    path: string,
    options: OutputFolderOptions,
    mark: string,
    temporary = besides(resolve(path), 'partial'),
  ): Promise<OutputFolder> {
    await requireFree(path, options, mark);
    try {
      await mkdir(dirname(resolve(path)), { recursive: true });
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary);
      return new OutputFolder(path, temporary, options, mark);
    } catch (error) {
      throw fileError('create the output folder', path, error);
    }
  }

  file(name: string): string {
    return join(this.temporary, name);
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await writeFile(this.file(name), `${JSON.stringify(value, null, 2)}\n`);
  }

  /** Size and SHA-256 of every file written so far, by name. */
  async outputs(): Promise<Record<string, OutputRecord>> {
    const names = (await readdir(this.temporary)).sort();
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await outputRecord(this.file(name))] as const)),
    );
  }

  /** Moves the folder to its place. */
  async commit(): Promise<void> {
    await requireFree(this.path, this.options, this.mark);
    const place = resolve(this.path);
    if (!(await exists(place))) {
      await rename(this.temporary, place);
      return;
    }
    const replaced = besides(place, 'replaced');
    await rename(place, replaced);
    await rename(this.temporary, place);
    await rm(replaced, { recursive: true });
  }

  /** Removes what was written; nothing remains. */
  async discard(): Promise<void> {
    await rm(this.temporary, { recursive: true, force: true });
  }
}

/** A run's folder; its manifest is written last. */
export const createRunFolder = (
  path: string,
  options: OutputFolderOptions,
  temporary?: string,
): Promise<OutputFolder> => OutputFolder.create(path, options, MANIFEST_FILE, temporary);

export async function commitRun(
  folder: OutputFolder,
  manifest: Omit<Manifest, 'outputs'>,
): Promise<Manifest> {
  const whole: Manifest = { ...manifest, outputs: await folder.outputs() };
  await folder.writeJson(MANIFEST_FILE, whole);
  await folder.commit();
  return whole;
}

/** `runs/<name>-<UTC>-<first 8 digits of the circuit's hash>`. */
export function defaultRunFolder(name: string, startedAt: Date, circuitHash: string): string {
  const utc = startedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  return join('runs', `${name}-${utc}-${circuitHash.slice(0, 8)}`);
}
