import { statSync } from 'node:fs';
import { InputError } from '../input_error.js';
import { requireAddressSpace } from './address_space.js';
import { type Answer, AnsweringThread } from './answering_thread.js';

export type { Answer };

export type Hdf5Question =
  | { readonly what: 'close' }
  | { readonly what: 'open' | 'object' | 'attributes' | 'value'; readonly path: string }
  | { readonly what: 'slice'; readonly path: string; readonly ranges: [number, number][] };

/** The object at a path. */
export type Hdf5Object =
  | { readonly kind: 'group'; readonly keys: string[] }
  | { readonly kind: 'dataset'; readonly shape: number[] | null; readonly valueBytes: number };

/** Limit on the processor time of one question, ms; a slice takes some tens. */
const LIMIT_MS = 5000;
/** Deflate packs at most this many bytes into one (RFC 1951: 258 bytes in two bits). */
const LARGEST_COMPRESSION = 1032;

/** The library failed; its state is then unknown. */
class Hdf5Failure extends Error {}

let started: Promise<AnsweringThread> | null = null;

const startedThread = async (): Promise<AnsweringThread> => {
  if (started === null) {
    requireAddressSpace();
    started = AnsweringThread.start(new URL('./hdf5_thread.js', import.meta.url), LIMIT_MS);
  }
  return started;
};

/**
 * Opens an HDF5 file from any source, calls `read` and closes it. Damaged bytes make HDF5's library abort, write
 * where it should not, or never return. It therefore runs in a separate thread, which is ended when it fails. Rejects
 * with InputError where the file is not HDF5 or is damaged, and with what `read` throws.
 */
export async function withHdf5File<T>(path: string, read: (file: Hdf5File) => T): Promise<T> {
  const thread = await startedThread();
  const ask = (question: Hdf5Question): unknown => {
    try {
      return thread.ask(question);
    } catch (error) {
      started = null;
      thread.end();
      throw new Hdf5Failure((error as Error).message);
    }
  };
  try {
    ask({ what: 'open', path });
    const result = settled(() => read(new Hdf5File(path, statSync(path).size, ask)));
    if (!('error' in result && result.error instanceof Hdf5Failure)) ask({ what: 'close' });
    if ('error' in result) throw result.error;
    return result.value;
  } catch (error) {
    if (!(error instanceof Hdf5Failure)) throw error;
    throw new InputError(`cannot read ${path}: it is not an HDF5 file, or it is damaged`, { cause: error });
  }
}

function settled<T>(compute: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: compute() };
  } catch (error) {
    return { error };
  }
}

type Ask = (question: Hdf5Question) => unknown;

/** An HDF5 file open for reading. Paths are without "/" at the start; an error ends the reading of the file. */
export class Hdf5File {
  constructor(
    readonly filename: string,
    private readonly bytes: number,
    private readonly ask: Ask,
  ) {}

  /** Null where there is nothing, or neither group nor dataset. Throws InputError for a dataset larger than the file can hold. */
  get(path: string): Group | Dataset | null {
    const object = this.ask({ what: 'object', path }) as Hdf5Object | null;
    if (object === null) return null;
    if (object.kind === 'group') return new Group(path, object.keys, this.ask);
    const { shape, valueBytes } = object;
    const values = (shape ?? []).reduce((product, n) => product * n, 1);
    if (values * valueBytes > LARGEST_COMPRESSION * this.bytes)
      throw new InputError(
        `${this.filename}: /${path} claims ${values} values; a file of ${this.bytes} bytes cannot hold them`,
      );
    return new Dataset(path, shape, this.ask);
  }
}

abstract class Attributed {
  constructor(
    readonly path: string,
    protected readonly ask: Ask,
  ) {}

  /** Attributes by name. */
  get attrs(): Readonly<Partial<Record<string, { readonly value: unknown }>>> {
    return this.ask({ what: 'attributes', path: this.path }) as Record<string, { value: unknown }>;
  }
}

export class Group extends Attributed {
  constructor(
    path: string,
    private readonly names: string[],
    ask: Ask,
  ) {
    super(path, ask);
  }

  keys(): string[] {
    return this.names;
  }
}

export class Dataset extends Attributed {
  constructor(
    path: string,
    /** Null where it holds nothing. */
    readonly shape: number[] | null,
    ask: Ask,
  ) {
    super(path, ask);
  }

  /** All values: a typed array, a list, or one value where it has no dimensions. */
  get value(): unknown {
    return this.ask({ what: 'value', path: this.path });
  }

  /** Values within [from, to) of each dimension. */
  slice(ranges: [number, number][]): unknown {
    return this.ask({ what: 'slice', path: this.path, ranges });
  }
}
