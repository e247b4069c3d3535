import type { RecordedBlock } from '../engine/engine.js';

/**
 * Where a run's blocks are stored, in the order of time; they can be read from the first block any number of times.
 */
export interface BlockStore extends Iterable<RecordedBlock> {
  append(block: RecordedBlock): void;
  /** Remembers this point, and forgets the one before. At first it is the beginning. */
  mark(): void;
  /** Forgets every block after the remembered point. */
  rewind(): void;
}

/** Blocks in memory. */
export class BlocksInMemory implements BlockStore {
  private readonly blocks: RecordedBlock[] = [];
  private marked = 0;

  append(block: RecordedBlock): void {
    this.blocks.push(block);
  }

  mark(): void {
    this.marked = this.blocks.length;
  }

  rewind(): void {
    this.blocks.length = this.marked;
  }

  [Symbol.iterator](): Iterator<RecordedBlock> {
    return this.blocks[Symbol.iterator]();
  }
}
