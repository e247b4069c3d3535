import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileError, InputError } from '../input_error.js';
import { exists, outputPlace } from '../output_path.js';
import { asWriteError, besides, removeLeftover } from '../write_file.js';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint_file.js';
import { type Holder, holderOf, isAlive, isElsewhere, ownTag } from './folder_holder.js';
import { MANIFEST_FILE } from './manifest.js';
import { OutputFolder, RUN_FOLDER, requireFree } from './output_folder.js';
import { RecordingLog } from './recording_log.js';

const FILES = { checkpoint: 'checkpoint.bin', recordings: 'recordings.bin', outputs: 'outputs' } as const;
const HIDDEN = /^\.(.+)\.unfinished(?:-(.+))?$/;

const hiddenName = (place: string, tag: string | null): string =>
  join(dirname(place), `.${basename(place)}.unfinished${tag === null ? '' : `-${tag}`}`);

interface ForceOption {
  readonly force: boolean;
}

/** A hidden folder of a run that is not finished, and the process that has it, or had it when it ended. */
interface HiddenFolder {
  readonly path: string;
  readonly holder: Holder | null;
}

/**
 * A run on its way to its folder. For the folder `runs/a` it lives in `runs/.a.unfinished-PROCESS`, and in
 * `runs/.a.unfinished` once the process has let it go: `recordings.bin`, what was recorded so far; `checkpoint.bin`, the last
 * point from which it can continue, if one was written; `outputs`, the run's folder while it is filled. The process is
 * part of the name, so that one rename takes the folder over and never that of a process that still runs.
 */
export class UnfinishedRun {
  private constructor(
    /** The folder that the run will have, as it was given. */
    readonly out: string,
    private readonly place: string,
    private readonly folder: string,
    readonly recordings: RecordingLog,
  ) {}

  /**
   * Rejects with InputError where the folder exists (with `force`, where it holds no earlier run), where a living process
   * writes a run for it, where one can be resumed (`force` discards that one), or where nothing can be written.
   */
  static async create(out: string, { force }: ForceOption): Promise<UnfinishedRun> {
    const place = outputPlace(out);
    requireStartable(out, { force });
    const folder = hiddenName(place, ownTag());
    const earlier = exists(dirname(place)) ? hiddenFolders(place) : [];
    try {
      mkdirSync(dirname(place), { recursive: true });
      mkdirSync(folder);
    } catch (error) {
      throw fileError('create the output folder', out, error);
    }
    try {
      requireAlone(out, place, folder, { force });
      for (const { path } of earlier) discardFolder(path);
      return new UnfinishedRun(out, place, folder, RecordingLog.create(join(folder, FILES.recordings)));
    } catch (error) {
      removeLeftover(folder);
      throw error;
    }
  }

  /**
   * Continues a run from its last checkpoint. `path` is the folder that the run will have, or the one where it lives; with
   * `force` it is taken over from a process of another machine. Rejects with InputError where there is no such run, another
   * process writes it, or checkpoint or recordings are damaged.
   */
  static async reopen(
    path: string,
    { force }: ForceOption,
  ): Promise<{ readonly run: UnfinishedRun; readonly checkpoint: Checkpoint }> {
    const [, name] = HIDDEN.exec(basename(path)) ?? [];
    const out = name === undefined ? path : join(dirname(path), name);
    const place = outputPlace(out);
    const [left] = exists(dirname(place)) ? hiddenFolders(place).sort(latestCheckpointFirst) : [];
    if (!left)
      throw new InputError(
        existsSync(join(place, MANIFEST_FILE))
          ? `the run in ${out} is finished: there is nothing to resume`
          : `there is no unfinished run of ${out}`,
      );
    requireNotHeld(out, left, { force });
    const checkpointFile = join(left.path, FILES.checkpoint);
    if (!existsSync(checkpointFile))
      throw new InputError(`the run of ${out} ended before its first checkpoint: start it again`);
    const folder = hiddenName(place, ownTag());
    takeOver(out, left.path, folder);
    let recordings: RecordingLog | null = null;
    try {
      requireAlone(out, place, folder, { force });
      const checkpoint = await readCheckpoint(join(folder, FILES.checkpoint));
      requireFree(out, checkpoint.options, RUN_FOLDER);
      recordings = await RecordingLog.reopen(join(folder, FILES.recordings), checkpoint.log);
      return { run: new UnfinishedRun(out, place, folder, recordings), checkpoint };
    } catch (error) {
      recordings?.close();
      letGo(place, folder);
      throw error;
    }
  }

  /** Whether a checkpoint was written, from which the run can continue. */
  get isResumable(): boolean {
    return existsSync(join(this.folder, FILES.checkpoint));
  }

  /** Throws WriteError; the checkpoint before is then still there. */
  writeCheckpoint(checkpoint: Checkpoint): void {
    this.recordings.sync();
    writeCheckpoint(join(this.folder, FILES.checkpoint), checkpoint);
  }

  /** The run's own folder, to be filled and committed. */
  outputs({ force }: ForceOption): OutputFolder {
    const filled = join(this.folder, FILES.outputs);
    // What a process wrote that ended before it was complete.
    removeLeftover(filled);
    try {
      // Where the folder was removed, the recordings are still open: the run is finished all the same.
      mkdirSync(this.folder, { recursive: true });
    } catch (error) {
      throw asWriteError(this.out, error);
    }
    return OutputFolder.create(this.out, { force }, RUN_FOLDER, filled);
  }

  /** Ends the work on it; what can be resumed stays. */
  release(): void {
    this.recordings.close();
    if (this.isResumable) letGo(this.place, this.folder);
    else removeLeftover(this.folder);
  }

  /** Ends the work on it and removes it. */
  discard(): void {
    this.recordings.close();
    removeLeftover(this.folder);
  }
}

/** Throws InputError as {@link UnfinishedRun.create}, without making anything. */
export function requireStartable(out: string, { force }: ForceOption): void {
  requireFree(out, { force }, RUN_FOLDER);
  const place = outputPlace(out);
  if (!exists(dirname(place))) return;
  for (const found of hiddenFolders(place)) {
    requireNotHeld(out, found, { force });
    if (!force && existsSync(join(found.path, FILES.checkpoint)))
      throw new InputError(
        `an unfinished run of ${out} exists: --resume ${out} continues it, --force discards it`,
      );
  }
}

/** The hidden folders of the run that will be at `place`. */
function hiddenFolders(place: string): HiddenFolder[] {
  const parent = dirname(place);
  return readdirSync(parent).flatMap((name) => {
    const [, of, tag] = HIDDEN.exec(name) ?? [];
    if (of !== basename(place)) return [];
    return [{ path: join(parent, name), holder: tag === undefined ? null : holderOf(tag) }];
  });
}

/** Throws InputError where a process that may be alive has the folder; `force` believes that one elsewhere has ended. */
function requireNotHeld(out: string, { holder }: HiddenFolder, { force }: ForceOption): void {
  if (!holder) return;
  const { pid, host } = holder;
  if (isElsewhere(holder)) {
    if (force) return;
    throw new InputError(
      `a run of ${out} belongs to process ${pid} on ${host}, which cannot be seen from here; if that process has ended, --force takes the run over`,
    );
  }
  if (isAlive(holder)) throw new InputError(`process ${pid} is writing a run of ${out}`);
}

/**
 * Throws InputError where another process has a run of the same place. It is asked once this process has a folder of its own:
 * of two that start together each sees the other's folder, or one does.
 */
function requireAlone(out: string, place: string, own: string, options: ForceOption): void {
  for (const found of hiddenFolders(place)) if (found.path !== own) requireNotHeld(out, found, options);
}

function takeOver(out: string, from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new InputError(`another process has just taken the run of ${out}`, { cause: error });
    throw fileError('resume the run of', out, error);
  }
}

/** Gives a folder that this process has the name under which any process may take it. */
function letGo(place: string, folder: string): void {
  try {
    renameSync(folder, hiddenName(place, null));
  } catch {
    // It stays under this process' name, and is free when the process ends.
  }
}

/** Removes a folder that no process has; another process may have taken it just now. */
function discardFolder(path: string): void {
  const discarded = besides(path, 'discarded');
  try {
    renameSync(path, discarded);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw fileError('remove', path, error);
  }
  removeLeftover(discarded);
}

const checkpointAt = ({ path }: HiddenFolder): number =>
  statSync(join(path, FILES.checkpoint), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const latestCheckpointFirst = (a: HiddenFolder, b: HiddenFolder): number => checkpointAt(b) - checkpointAt(a);
