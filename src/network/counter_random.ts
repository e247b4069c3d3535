/**
 * Counter-based random numbers: a hash of (x, y, z) gives three 32-bit words, so that every draw can be made anywhere,
 * in any order, again. PCG3D of Jarzynski & Olano 2020 (JCGT 9(3):20); its WGSL counterpart is shaders/common/random.wgsl.
 */

/** Writes the hash of three 32-bit words to out[0..2]. */
export function pcg3d(x: number, y: number, z: number, out: Uint32Array): void {
  x = (Math.imul(x, 1664525) + 1013904223) | 0;
  y = (Math.imul(y, 1664525) + 1013904223) | 0;
  z = (Math.imul(z, 1664525) + 1013904223) | 0;
  x = (x + Math.imul(y, z)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  x ^= x >>> 16;
  y ^= y >>> 16;
  z ^= z >>> 16;
  x = (x + Math.imul(y, z)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  out[0] = x;
  out[1] = y;
  out[2] = z;
}

/** Purposes that draw from one seed; each has its own stream of numbers. */
export const STREAM = {
  stimulus: 0x100,
  targets: 0x200_0000,
  weights: 0x400_0000,
  delays: 0x600_0000,
} as const;

/** Key of a stream: a 32-bit word for the third counter, from the seed and the stream's number. */
export function streamKey(seed: number, stream: number): number {
  const words = new Uint32Array(3);
  pcg3d(seed, stream, 0x6e6365, words);
  return words[0];
}

/** Anything that gives uniform numbers in the open interval (0, 1). */
export interface UniformSource {
  next(): number;
}

/** The draws of one row (a source or target neuron) of one stream, in order. */
export class RowStream implements UniformSource {
  private readonly words = new Uint32Array(3);
  private row = 0;
  private counter = 0;
  private left = 0;

  constructor(private readonly key: number) {}

  /** Goes to the first draw of `row`. */
  seek(row: number): void {
    this.row = row;
    this.counter = 0;
    this.left = 0;
  }

  next(): number {
    if (this.left === 0) {
      pcg3d(this.row, this.counter++, this.key, this.words);
      this.left = 3;
    }
    return (this.words[--this.left] + 0.5) / 4294967296;
  }

  /** Whole number from 0 to n - 1. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
}
