import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import type { EngineSnapshot } from '../../engine/engine.js';
import { MEAN_SIGNALS } from '../../engine/signals.js';
import { stateRows } from '../../engine/state_rows.js';
import { DRIVER_KINDS } from '../../engine/webgpu/device/device.js';
import { fileError, InputError } from '../input_error.js';
import { replaceBytes } from '../write_file.js';

/**
 * A checkpoint file, all numbers little-endian:
 *
 *   8 bytes   "NCE-CKPT"
 *   u32       version of this format
 *   u32       number of sections (4)
 *   4 x u64   length of each section in bytes
 *   sections  header (JSON, UTF-8), state rows (f32 or f64), input ring (i32), sums of the running sample (f32 or f64)
 *   32 bytes  SHA-256 of everything before
 */
const MAGIC = Buffer.from('NCE-CKPT');
const FORMAT_VERSION = 2;
const SECTIONS = 4;
const PREFIX_BYTES = MAGIC.length + 4 + 4 + 8 * SECTIONS;
const DIGEST_BYTES = 32;
/** Bytes that are hashed, read or written at once: the calls take no more than 2 GiB. */
const PIECE_BYTES = 2 ** 26;

const count = z.number().int().min(0);
const seconds = z.number().min(0);

const headerSchema = z.object({
  circuitHash: z.string(),
  /** The resolved circuit. */
  circuit: z.looseObject({}),
  /** Computation is only the same to the bit in the same versions. */
  versions: z.object({ nce: z.string(), node: z.string(), webgpu: z.string(), platform: z.string() }),
  /** What computed it: description and adapter of the manifest. */
  engine: z.object({ description: z.string(), driver: z.enum(DRIVER_KINDS).nullable() }),
  startedAt: z.iso.datetime(),
  simulateSeconds: seconds,
  restarts: z.array(z.object({ simulatedMs: z.number().min(0), reason: z.string() })),
  options: z.object({
    csv: z.boolean(),
    segmentMs: z.number(),
    force: z.boolean(),
    checkpointEveryMs: z.number().nullable(),
  }),
  /** Recordings so far: bytes of the log that count, and their SHA-256. */
  log: z.object({ bytes: count, sha256: z.string() }),
  state: z.object({
    kind: z.enum(['webgpu', 'float64']),
    stepsDone: count,
    neurons: count,
    states: count,
    receptors: count,
    noiseSlots: count,
    ringSlots: count,
  }),
});

type Header = z.infer<typeof headerSchema>;

/** A run between two steps: with the log of its recordings, all that is needed to continue. */
export interface Checkpoint extends Omit<Header, 'state'> {
  readonly snapshot: EngineSnapshot;
}

/** Puts a checkpoint in the place of the one before, whole or not at all. Throws WriteError. */
export function writeCheckpoint(path: string, { snapshot, ...about }: Checkpoint): void {
  const { kind, stepsDone, rows, states, receptors, noiseSlots, ring, ringSlots, sampleSums } = snapshot;
  const neurons = sampleSums.length / 3;
  const header: Header = {
    ...about,
    state: { kind, stepsDone, neurons, states, receptors, noiseSlots, ringSlots },
  };
  const sections = [Buffer.from(JSON.stringify(header)), ...[rows, ring, sampleSums].map(bytesOf)];
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(FORMAT_VERSION, MAGIC.length);
  prefix.writeUInt32LE(SECTIONS, MAGIC.length + 4);
  sections.forEach(({ length }, i) => {
    prefix.writeBigUInt64LE(BigInt(length), MAGIC.length + 8 + 8 * i);
  });
  const hash = createHash('sha256');
  function* pieces(): Iterable<Uint8Array> {
    for (const section of [prefix, ...sections])
      for (let at = 0; at < section.length; at += PIECE_BYTES) {
        const piece = section.subarray(at, at + PIECE_BYTES);
        hash.update(piece);
        yield piece;
      }
    yield hash.digest();
  }
  replaceBytes(path, pieces());
}

/** Rejects with InputError, naming the reason, where the file is not a whole checkpoint of this format. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const file = await open(path, 'r').catch((error) => {
    throw fileError('read the checkpoint', path, error);
  });
  try {
    const refuse = (reason: string) => new InputError(`the checkpoint ${path} cannot be used: ${reason}`);
    const [headerBytes, ...state] = await readSections(file, refuse);
    const header = headerSchema.safeParse(parseJson(headerBytes));
    if (!header.success) throw refuse(`its header is malformed: ${z.prettifyError(header.error)}`);
    const { state: about, ...rest } = header.data;
    return { ...rest, snapshot: snapshotOf(about, state, refuse) };
  } finally {
    await file.close();
  }
}

type Refuse = (reason: string) => InputError;

/** The sections, once the checksum says that they are what was written. */
async function readSections(file: FileHandle, refuse: Refuse): Promise<Uint8Array<ArrayBuffer>[]> {
  const { size } = await file.stat();
  if (size < PREFIX_BYTES + DIGEST_BYTES) throw refuse(`it has only ${size} bytes`);
  const prefix = Buffer.from(await readBytes(file, PREFIX_BYTES, 0));
  if (!prefix.subarray(0, MAGIC.length).equals(MAGIC)) throw refuse('it is not a checkpoint of nce');
  const version = prefix.readUInt32LE(MAGIC.length);
  if (version !== FORMAT_VERSION)
    throw refuse(`its format has version ${version}, but this program reads version ${FORMAT_VERSION}`);
  const lengths = Array.from({ length: SECTIONS }, (_, i) =>
    Number(prefix.readBigUInt64LE(MAGIC.length + 8 + 8 * i)),
  );
  const expected = lengths.reduce((sum, length) => sum + length, PREFIX_BYTES + DIGEST_BYTES);
  if (expected !== size || prefix.readUInt32LE(MAGIC.length + 4) !== SECTIONS)
    throw refuse(`it is truncated or damaged: ${size} bytes instead of ${expected}`);
  const hash = createHash('sha256').update(prefix);
  const sections: Uint8Array<ArrayBuffer>[] = [];
  let at = PREFIX_BYTES;
  for (const length of lengths) {
    sections.push(await readBytes(file, length, at, (piece) => hash.update(piece)));
    at += length;
  }
  if (!hash.digest().equals(await readBytes(file, DIGEST_BYTES, at)))
    throw refuse('it is damaged: its SHA-256 does not match its content');
  return sections;
}

async function readBytes(
  file: FileHandle,
  length: number,
  position: number,
  onPiece: (piece: Uint8Array) => void = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, Math.min(PIECE_BYTES, length - done), position + done);
    if (bytesRead === 0) throw new InputError('the checkpoint was truncated while it was read');
    onPiece(bytes.subarray(done, done + bytesRead));
    done += bytesRead;
  }
  return bytes;
}

/** Undefined where it is not JSON. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function snapshotOf(
  about: Header['state'],
  sections: Uint8Array<ArrayBuffer>[],
  refuse: Refuse,
): EngineSnapshot {
  const { kind, stepsDone, neurons, states, receptors, noiseSlots, ringSlots } = about;
  const valueBytes = kind === 'webgpu' ? 4 : 8;
  const expected = [
    valueBytes * stateRows({ states, receptors, noiseSlots }).count * neurons,
    4 * ringSlots * receptors * neurons,
    valueBytes * MEAN_SIGNALS.length * neurons,
  ];
  sections.forEach(({ length }, i) => {
    if (length !== expected[i])
      throw refuse(`section ${i + 1} has ${length} bytes instead of ${expected[i]}`);
  });
  const [rows, ring, sampleSums] = sections.map(({ buffer }) => buffer);
  const Values = kind === 'webgpu' ? Float32Array : Float64Array;
  return {
    kind,
    stepsDone,
    rows: new Values(rows),
    states,
    receptors,
    noiseSlots,
    ring: new Int32Array(ring),
    ringSlots,
    sampleSums: new Values(sampleSums),
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
