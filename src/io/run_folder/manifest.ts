import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import type { EngineRecord } from '../../engine/open_engine.js';
import type { Integrator } from '../../model/circuit.js';
import { fileError, InputError } from '../input_error.js';
import type { Versions } from '../versions.js';

/** Wall-clock time of each phase of a run, s. */
export interface Timings {
  readonly buildSeconds: number;
  readonly compileSeconds: number;
  readonly simulateSeconds: number;
  /** Analysis, its tables and the dashboard. */
  readonly analyzeSeconds: number;
  /** The recording. */
  readonly writeSeconds: number;
}

export interface OutputRecord {
  readonly bytes: number;
  readonly sha256: string;
}

/** manifest.json: how a run came about and what it left, enough to repeat it and to notice damage. */
export interface Manifest {
  readonly schema: typeof MANIFEST_SCHEMA;
  /** `incomplete` where the run was stopped before its duration. */
  readonly status: 'complete' | 'incomplete';
  readonly startedAt: string;
  readonly versions: Versions;
  readonly circuit: { readonly name: string; readonly hash: string };
  readonly seed: number;
  readonly dtMs: number;
  readonly integrator: Integrator;
  readonly durationMs: number;
  /** Below durationMs where the run is incomplete. */
  readonly simulatedMs: number;
  readonly transientMs: number;
  readonly neurons: number;
  readonly synapses: number;
  readonly spikes: number;
  readonly engine: EngineRecord;
  /** Conductance of one unit of fixed-point input, nS by receptor; weights are rounded to it. */
  readonly fixedPointQuantum_nS: Readonly<Record<string, number>>;
  /** Why results.json and the dashboard are missing or unfinished; null where all is well. */
  readonly analysisFailure: string | null;
  /** Circuits that were simulated side by side; timings are then the share of each. */
  readonly ensembleMembers: number;
  /** Where the run did not go straight on: resumed from a checkpoint, or a device lost; the results are the same. */
  readonly restarts: readonly { readonly simulatedMs: number; readonly reason: string }[];
  readonly timings: Timings;
  /** Simulated time over the wall-clock time of the simulation. */
  readonly realTimeFactor: number;
  /** By file name; everything in the folder but the manifest. */
  readonly outputs: Readonly<Record<string, OutputRecord>>;
}

export const MANIFEST_FILE = 'manifest.json';
export const MANIFEST_SCHEMA = 'nce-manifest/1';

export async function outputRecord(path: string): Promise<OutputRecord> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

const amount = z.number().min(0);
/** What a run's folder may hold besides its manifest: files in it, never elsewhere. */
const fileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'expected the name of a file in the folder');

/** What readers of a run rely on. */
const manifestSchema = z.looseObject({
  schema: z.literal(MANIFEST_SCHEMA),
  status: z.enum(['complete', 'incomplete']),
  startedAt: z.iso.datetime(),
  versions: z.looseObject({ nce: z.string() }),
  circuit: z.looseObject({ name: z.string(), hash: z.string() }),
  simulatedMs: amount,
  engine: z.looseObject({ description: z.string() }),
  outputs: z.record(fileName, z.object({ bytes: amount, sha256: z.string() })),
});

/** The manifest of a run's folder. Throws InputError where there is none. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_FILE);
  let document: unknown;
  try {
    document = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new InputError(`${path} is not JSON: ${error.message}`, { cause: error });
    throw fileError('read the run', path, error);
  }
  const parsed = manifestSchema.safeParse(document);
  if (parsed.success) return document as Manifest;
  const [{ path: place, message }] = parsed.error.issues;
  throw new InputError(`${path} is not the manifest of a run: ${[...place, message].join(' ')}`);
}

/** Throws InputError where a file of the run is missing or is not the one that the run wrote. */
export async function requireUndamaged(
  folder: string,
  manifest: Manifest,
  files: readonly string[],
): Promise<void> {
  for (const file of files) {
    const path = join(folder, file);
    const written = manifest.outputs[file];
    if (!written) throw new InputError(`${folder}: the run has no ${file}`);
    const found = await outputRecord(path).catch((error) => {
      throw fileError('read', path, error);
    });
    if (found.sha256 !== written.sha256) throw new InputError(`${path} was changed after the run wrote it`);
  }
}
