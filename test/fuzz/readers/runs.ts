import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { EngineError } from '../../../src/engine/engine.js';
import { exportCsv } from '../../../src/io/array_export.js';
import { InputError } from '../../../src/io/input_error.js';
import { readCheckpoint } from '../../../src/io/run_folder/checkpoint_file.js';
import { readRun } from '../../../src/io/run_folder/recording_files.js';
import { RecordingLog } from '../../../src/io/run_folder/recording_log.js';
import { openRun } from '../../../src/io/run_folder/run_source.js';
import { prepareFromCheckpoint } from '../../../src/run/folder_run.js';
import { CircuitError } from '../../../src/text/circuit_error.js';
import { damagedBytes, damagedText, jsonText } from '../mutation.js';
import type { FuzzedReader } from '../reader.js';

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** Unfinished runs: `hidden` is the folder of one, written on the reference engine. */
export function checkpointReaders(folder: string, hidden: string): FuzzedReader[] {
  const [checkpoint, recordings] = ['checkpoint.bin', 'recordings.bin'].map((name) =>
    readFileSync(join(hidden, name)),
  );
  const path = join(folder, 'damaged.bin');
  const [prefixBytes, digestBytes] = [48, 32];
  const headerBytes = Number(checkpoint.readBigUInt64LE(16));
  const header = JSON.parse(checkpoint.subarray(prefixBytes, prefixBytes + headerBytes).toString());
  const sections = checkpoint.subarray(prefixBytes + headerBytes, -digestBytes);

  const resume = async (bytes: Uint8Array) => {
    writeFileSync(path, bytes);
    const prepared = await prepareFromCheckpoint(await readCheckpoint(path), {
      circuit: null,
      device: 'cpu',
    });
    prepared.close();
  };
  /** What somebody makes up has the right sum at its end. */
  const signed = (content: Uint8Array) => Buffer.concat([content, sha256(content)]);
  const madeUp = jsonText(header).map((damaged) => {
    const text = Buffer.from(damaged);
    const prefix = Buffer.from(checkpoint.subarray(0, prefixBytes));
    prefix.writeBigUInt64LE(BigInt(text.length), 16);
    return signed(Buffer.concat([prefix, text, sections]));
  });
  const signedBytes = damagedBytes(checkpoint.subarray(0, -digestBytes)).map(signed);
  const refusals = [InputError, CircuitError, EngineError];
  const checkpoints: FuzzedReader<Uint8Array>[] = [
    {
      name: 'checkpoint',
      input: damagedBytes(checkpoint),
      read: async (bytes) => {
        await resume(bytes);
        if (!checkpoint.equals(bytes)) throw new Error('a damaged checkpoint was taken');
      },
      refusals,
      limitSeconds: 10,
    },
    {
      name: 'checkpoint with the right SHA-256',
      input: fc.oneof(madeUp, signedBytes),
      read: resume,
      refusals,
      limitSeconds: 10,
    },
  ];
  const log: FuzzedReader<readonly [Uint8Array, boolean]> = {
    name: 'recording log',
    input: fc.tuple(damagedBytes(recordings), fc.boolean()),
    read: async ([bytes, isSigned]) => {
      writeFileSync(path, bytes);
      const sum = sha256(isSigned ? bytes : recordings).toString('hex');
      const opened = await RecordingLog.reopen(path, {
        bytes: isSigned ? bytes.length : recordings.length,
        sha256: sum,
      });
      try {
        for (const _ of opened);
      } finally {
        opened.close();
      }
    },
    refusals,
    limitSeconds: 10,
  };
  return [...checkpoints, log];
}

const FILES = ['circuit.resolved.json', 'populations.csv', 'lfp.csv', 'traces.csv'] as const;

/** A run's folder: its manifest, or a file of it with a manifest that says so. */
export function runReaders(folder: string, run: string): FuzzedReader[] {
  const copy = join(folder, 'damaged-run');
  cpSync(run, copy, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8'));
  const readAll = async () => {
    await readRun(copy);
    const out = join(folder, 'exported');
    const pathOf = (file: string) => {
      if (/[/\\]|^\.\.?$/.test(file)) throw new Error(`${file} is not in the folder`);
      return out;
    };
    await exportCsv(await openRun(copy), pathOf, () => {});
  };
  const refusals = [InputError, CircuitError];
  return [
    {
      name: 'manifest.json',
      input: fc.oneof(jsonText(manifest), damagedText(JSON.stringify(manifest))),
      read: async (text: string) => {
        writeFileSync(join(copy, 'manifest.json'), text);
        await readAll();
      },
      refusals,
      limitSeconds: 10,
    } satisfies FuzzedReader<string>,
    {
      name: 'files of a run',
      input: fc
        .constantFrom(...FILES)
        .chain((file) =>
          damagedText(readFileSync(join(run, file), 'utf8')).map((text) => [file, text] as const),
        ),
      read: async ([file, text]: readonly [string, string]) => {
        const bytes = Buffer.from(text);
        const record = { bytes: bytes.length, sha256: sha256(bytes).toString('hex') };
        const outputs = { ...manifest.outputs, [file]: record };
        writeFileSync(join(copy, 'manifest.json'), JSON.stringify({ ...manifest, outputs }));
        writeFileSync(join(copy, file), bytes);
        try {
          await readAll();
        } finally {
          rmSync(join(copy, file));
          cpSync(join(run, file), join(copy, file));
        }
      },
      refusals,
      limitSeconds: 10,
    } satisfies FuzzedReader<readonly [string, string]>,
  ];
}
