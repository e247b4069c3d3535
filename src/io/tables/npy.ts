import { closeSync, openSync, writeSync } from 'node:fs';

/** Types of values as NumPy names them. */
const DESCR = {
  '<f8': Float64Array,
  '<f4': Float32Array,
  '<u4': Uint32Array,
} as const;
type NpyArray = Float64Array | Float32Array | Uint32Array;

/** Header and magic string together are a multiple of this (NumPy Enhancement Proposal 1). */
const ALIGNMENT = 64;

/**
 * Writes an array as .npy, format 1.0, C order, little-endian: what numpy.load reads. The pieces, concatenated, are the
 * array; a product of `shape` other than their length is a RangeError, and the file is then not usable.
 */
export function writeNpy(
  path: string,
  type: keyof typeof DESCR,
  shape: readonly number[],
  pieces: Iterable<NpyArray>,
): void {
  const file = openSync(path, 'w');
  try {
    writeSync(file, npyHeader(type, shape));
    const expected = shape.reduce((product, n) => product * n, 1);
    let written = 0;
    for (const piece of pieces) {
      if (!(piece instanceof DESCR[type]))
        throw new RangeError(`expected ${DESCR[type].name} for ${type}; got ${piece.constructor.name}`);
      written += piece.length;
      writeAll(file, new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
    }
    if (written !== expected)
      throw new RangeError(`expected ${expected} values for the shape ${shape.join(' x ')}; got ${written}`);
  } finally {
    closeSync(file);
  }
}

function npyHeader(type: string, shape: readonly number[]): Buffer {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const before = 10; // magic string, version, length of the header
  const padding = ALIGNMENT - ((before + text.length + 1) % ALIGNMENT);
  const header = `${text}${' '.repeat(padding % ALIGNMENT)}\n`;
  const bytes = Buffer.alloc(before + header.length);
  bytes.write('\x93NUMPY\x01\x00', 0, 'latin1');
  bytes.writeUInt16LE(header.length, 8);
  bytes.write(header, before, 'latin1');
  return bytes;
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
