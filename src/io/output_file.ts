import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError, InputError } from './input_error.js';
import { exists, outputPlace } from './output_path.js';
import { replaceFile } from './write_file.js';

/** A kind of file that this program writes, and how such a file begins. */
export interface FileKind {
  readonly name: string;
  readonly starts: (head: Buffer) => boolean;
}

const startsWith = (bytes: string | Buffer) => (head: Buffer) =>
  head.subarray(0, bytes.length).equals(Buffer.from(bytes as string));

/** How mechanism files begin that were taken over from files of other programs. */
export const IMPORTED = '# Written by nce import';

export const FILE_KINDS = {
  png: { name: 'a PNG picture', starts: startsWith(Buffer.from([0x89, 0x50, 0x4e, 0x47])) },
  svg: { name: 'an SVG picture', starts: startsWith('<svg') },
  hdf5: { name: 'an HDF5 file', starts: startsWith(Buffer.from([0x89, 0x48, 0x44, 0x46])) },
  parquet: { name: 'a Parquet table', starts: startsWith('PAR1') },
  sweepTable: { name: 'the table of a sweep', starts: startsWith('index,') },
  mechanisms: { name: 'a mechanism file of nce import', starts: startsWith(IMPORTED) },
  sweepPlan: {
    name: 'the plan of a sweep',
    starts: (head) => head.toString('latin1').includes('"nce-sweep-plan/1"'),
  },
} as const satisfies Record<string, FileKind>;

export interface OutputFileOptions {
  /** Whether an earlier file of the same kind at the same place may be replaced. */
  readonly force: boolean;
}

/** Bytes of a file that tell its kind. */
const HEAD_BYTES = 256;

/** Throws InputError where `path` is taken: there is something, and `force` is not set or it is of another kind. */
export function requireFreeFile(path: string, { force }: OutputFileOptions, kind: FileKind): void {
  const place = outputPlace(path);
  if (!exists(place)) return;
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory())
    throw new InputError(`the output file ${path} is a folder`);
  if (!force) throw new InputError(`the output file ${path} exists; --force replaces it`);
  if (!kind.starts(headOf(place, path)))
    throw new InputError(
      `the output file ${path} exists and is not ${kind.name}, so --force does not replace it`,
    );
}

function headOf(place: string, path: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  try {
    const descriptor = openSync(place, 'r');
    try {
      return head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw fileError('read', path, error);
  }
}

/**
 * Writes a file that appears complete and on the disk: `write` fills the file whose name it gets. Rejects with InputError as
 * {@link requireFreeFile}, with WriteError where it cannot be written.
 */
export async function writeOutputFile(
  path: string,
  options: OutputFileOptions,
  kind: FileKind,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  requireFreeFile(path, options, kind);
  const place = outputPlace(path);
  try {
    mkdirSync(dirname(place), { recursive: true });
  } catch (error) {
    throw fileError('create the folder of', path, error);
  }
  await replaceFile(place, write);
}
