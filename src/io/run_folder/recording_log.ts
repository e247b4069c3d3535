import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
} from 'node:fs';
import type { RecordedBlock } from '../../engine/engine.js';
import type { BlockStore } from '../../recording/block_store.js';
import { fileError, InputError } from '../input_error.js';
import { asWriteError, writeAll } from '../write_file.js';

/** How far a log goes, and the SHA-256 of the bytes up to there. */
export interface LogPosition {
  readonly bytes: number;
  readonly sha256: string;
}

/** Words (u32) before the values of a block: its own numbers, then the lengths of its five arrays. */
const HEADER_WORDS = 3 + 5;

/**
 * The blocks of a run in a file that only grows, so that a run of any length takes no memory for what it recorded. A
 * block is eight u32 (stepsDone, firstSample, samples, lengths of the arrays) and its arrays of 4-byte values, in the
 * machine's byte order. What follows the last checkpoint's position is of no account.
 */
export class RecordingLog implements BlockStore {
  private bytes = 0;
  private hash = createHash('sha256');
  private marked = { bytes: 0, hash: createHash('sha256') };

  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
  ) {}

  /** A new, empty log. Throws InputError where the file exists or cannot be made. */
  static create(path: string): RecordingLog {
    return new RecordingLog(path, openLog(path, 'wx+'));
  }

  /** Goes on after `position`. Rejects with InputError where the file up to there is not what was written. */
  static async reopen(path: string, position: LogPosition): Promise<RecordingLog> {
    const log = new RecordingLog(path, openLog(path, 'r+'));
    try {
      const { size } = fstatSync(log.descriptor);
      if (size < position.bytes)
        throw new InputError(
          `${path} is truncated: the checkpoint needs ${position.bytes} bytes, there are ${size}`,
        );
      if (position.bytes > 0)
        for await (const chunk of createReadStream(path, { end: position.bytes - 1 })) log.hash.update(chunk);
      log.bytes = position.bytes;
      log.mark();
      if (log.position.sha256 !== position.sha256)
        throw new InputError(`${path} is damaged: its SHA-256 is not the one in the checkpoint`);
      log.rewind();
      return log;
    } catch (error) {
      log.close();
      throw error;
    }
  }

  append(block: RecordedBlock): void {
    const arrays = [block.spikeSteps, block.spikeNeurons, block.populationSums, block.lfp_uV, block.traces];
    const header = Uint32Array.of(
      block.stepsDone,
      block.firstSample,
      block.samples,
      ...arrays.map(({ length }) => length),
    );
    const record = Buffer.concat([header, ...arrays].map(bytesOf));
    writeAll(this.path, this.descriptor, record, this.bytes);
    this.hash.update(record);
    this.bytes += record.length;
  }

  mark(): void {
    this.marked = { bytes: this.bytes, hash: this.hash.copy() };
  }

  /** The marked point. */
  get position(): LogPosition {
    return { bytes: this.marked.bytes, sha256: this.marked.hash.copy().digest('hex') };
  }

  rewind(): void {
    this.bytes = this.marked.bytes;
    this.hash = this.marked.hash.copy();
    try {
      ftruncateSync(this.descriptor, this.bytes);
    } catch (error) {
      throw asWriteError(this.path, error);
    }
  }

  /** Waits until what was written is on the disk. */
  sync(): void {
    try {
      fdatasyncSync(this.descriptor);
    } catch (error) {
      throw asWriteError(this.path, error);
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  *[Symbol.iterator](): Iterator<RecordedBlock> {
    let at = 0;
    const read = (words: number) => {
      if (4 * words > this.bytes - at)
        throw new InputError(`${this.path} is damaged: a block claims ${words} more values than there are`);
      const bytes = new Uint8Array(4 * words);
      for (let done = 0; done < bytes.length; ) {
        const count = readSync(this.descriptor, bytes, done, bytes.length - done, at + done);
        if (count === 0) throw new InputError(`${this.path} is truncated`);
        done += count;
      }
      at += bytes.length;
      return bytes.buffer;
    };
    while (at < this.bytes) {
      const [stepsDone, firstSample, samples, ...lengths] = new Uint32Array(read(HEADER_WORDS));
      yield {
        stepsDone,
        firstSample,
        samples,
        spikeSteps: new Uint32Array(read(lengths[0])),
        spikeNeurons: new Uint32Array(read(lengths[1])),
        populationSums: new Float32Array(read(lengths[2])),
        lfp_uV: new Float32Array(read(lengths[3])),
        traces: new Float32Array(read(lengths[4])),
      };
    }
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function openLog(path: string, flags: 'wx+' | 'r+'): number {
  try {
    return openSync(path, flags);
  } catch (error) {
    throw fileError('open', path, error);
  }
}
