import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileError, InputError } from '../input_error.js';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint_file.js';
import { isAbandoned, lockFolder, requireUnlocked, unlockFolder } from './folder_lock.js';
import { MANIFEST_FILE } from './manifest.js';
import { besides, createRunFolder, type OutputFolder, requireFree } from './output_folder.js';
import { RecordingLog } from './recording_log.js';

const FILES = { checkpoint: 'checkpoint.bin', recordings: 'recordings.bin', outputs: 'outputs' } as const;
const HIDDEN = /^\.(.+)\.unfinished$/;

const hiddenFolder = (out: string): string => {
  const place = resolve(out);
  return join(dirname(place), `.${basename(place)}.unfinished`);
};

/** Purpose of the name under which the hidden folder is made. */
const YOUNG = 'new';

interface ForceOption {
  readonly force: boolean;
}

/**
 * A run on its way to its folder. For the folder `runs/a` it lives in `runs/.a.unfinished`: `recordings.bin`, what was
 * recorded so far; `checkpoint.bin`, the last point from which it can go on, if one was written; `outputs`, the run's
 * folder while it is filled; `lock.json`, the process that writes.
 */
export class UnfinishedRun {
  private constructor(
    /** The folder that the run will have. */
    readonly out: string,
    private readonly folder: string,
    readonly recordings: RecordingLog,
  ) {}

  /**
   * Rejects with InputError where the folder exists (with `force`, where it holds no earlier run), where another run for
   * it is under way or can be resumed (`force` discards that one), or where nothing can be written.
   */
  static async create(out: string, { force }: ForceOption): Promise<UnfinishedRun> {
    await requireStartable(out, { force });
    const folder = hiddenFolder(out);
    try {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(dirname(folder), { recursive: true });
      removeAbandoned(resolve(out));
      // It gets its name with the lock inside, so that of two runs that start together one is refused.
      const young = besides(resolve(out), YOUNG);
      mkdirSync(young);
      lockFolder(young);
      renameSync(young, folder);
    } catch (error) {
      throw error instanceof InputError ? error : fileError('create the output folder', out, error);
    }
    return new UnfinishedRun(out, folder, RecordingLog.create(join(folder, FILES.recordings)));
  }

  /**
   * Goes on with a run and its last checkpoint. `path` is the folder that the run will have, or the one where it lives;
   * with `force` it is taken over from a process of another machine. Rejects with InputError where there is no such run,
   * another process writes it, or checkpoint or recordings are damaged.
   */
  static async reopen(
    path: string,
    { force }: ForceOption,
  ): Promise<{ readonly run: UnfinishedRun; readonly checkpoint: Checkpoint }> {
    const [, hiddenName] = HIDDEN.exec(basename(resolve(path))) ?? [];
    const out = hiddenName ? join(dirname(path), hiddenName) : path;
    const folder = hiddenFolder(out);
    const isThere = existsSync(join(out, MANIFEST_FILE));
    if (!existsSync(folder))
      throw new InputError(
        isThere
          ? `the run in ${out} is finished: there is nothing to resume`
          : `there is no unfinished run of ${out}`,
      );
    if (force) unlockFolder(folder);
    lockFolder(folder);
    let recordings: RecordingLog | null = null;
    try {
      const checkpointFile = join(folder, FILES.checkpoint);
      if (!existsSync(checkpointFile))
        throw new InputError(`the run of ${out} ended before its first checkpoint: start it again`);
      const checkpoint = await readCheckpoint(checkpointFile);
      await requireFree(out, checkpoint.options, MANIFEST_FILE);
      recordings = await RecordingLog.reopen(join(folder, FILES.recordings), checkpoint.log);
      return { run: new UnfinishedRun(out, folder, recordings), checkpoint };
    } catch (error) {
      recordings?.close();
      unlockFolder(folder);
      throw error;
    }
  }

  /** Whether a checkpoint was written, from which the run can go on. */
  get isResumable(): boolean {
    return existsSync(join(this.folder, FILES.checkpoint));
  }

  /** Throws WriteError; the checkpoint before is then still there. */
  writeCheckpoint(checkpoint: Checkpoint): void {
    this.recordings.sync();
    writeCheckpoint(join(this.folder, FILES.checkpoint), checkpoint);
  }

  /** The run's own folder, to be filled and committed. */
  async outputs({ force }: ForceOption): Promise<OutputFolder> {
    return createRunFolder(this.out, { force }, join(this.folder, FILES.outputs));
  }

  /** Ends the work on it; what can be resumed stays. */
  release(): void {
    this.recordings.close();
    if (this.isResumable) unlockFolder(this.folder);
    else rmSync(this.folder, { recursive: true });
  }

  /** Ends the work on it and removes it. */
  discard(): void {
    this.recordings.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Removes what is left of processes that were killed while they made the hidden folder of `place`. */
function removeAbandoned(place: string): void {
  const parent = dirname(place);
  for (const name of readdirSync(parent)) {
    const young = join(parent, name);
    if (name.startsWith(`.${basename(place)}.${YOUNG}-`) && isAbandoned(young))
      rmSync(young, { recursive: true, force: true });
  }
}

/** Rejects as {@link UnfinishedRun.create}, without making anything. */
export async function requireStartable(out: string, { force }: ForceOption): Promise<void> {
  await requireFree(out, { force }, MANIFEST_FILE);
  const folder = hiddenFolder(out);
  if (force || !existsSync(folder)) return;
  requireUnlocked(folder);
  if (existsSync(join(folder, FILES.checkpoint)))
    throw new InputError(
      `an unfinished run of ${out} exists: --resume ${out} continues it, --force discards it`,
    );
}
