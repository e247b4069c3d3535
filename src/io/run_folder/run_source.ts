import { join } from 'node:path';
import type { Circuit } from '../../model/circuit.js';
import { assembleNetwork } from '../../network/assemble.js';
import type { Network } from '../../network/network.js';
import { circuitHash } from '../circuit_hash.js';
import { InputError } from '../input_error.js';
import { readResolvedCircuit } from '../read_circuit.js';
import { type Manifest, readManifest, requireUndamaged } from './manifest.js';
import { RECORDING_FILES } from './recording_files.js';

/** A run's folder to be converted: its network is built anew, its recording stays in the files until it is streamed. */
export interface RunSource {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly circuit: Circuit;
  readonly network: Network;
  /** Whether the run recorded traces of single neurons. */
  readonly hasTraces: boolean;
  /** Path of a file of the run. */
  readonly file: (name: string) => string;
}

/** Opens a run's folder. Throws InputError where it is not one, or where a file is missing or was changed. */
export async function openRun(folder: string): Promise<RunSource> {
  const manifest = await readManifest(folder);
  const { traces, ...always } = RECORDING_FILES;
  const hasTraces = traces in manifest.outputs;
  await requireUndamaged(folder, manifest, [...Object.values(always), ...(hasTraces ? [traces] : [])]);
  const file = (name: string) => join(folder, name);
  const source = file(RECORDING_FILES.circuit);
  const circuit = await readResolvedCircuit(source);
  if (circuitHash(circuit) !== manifest.circuit.hash)
    throw new InputError(`${source} is not the circuit of this run`);
  return { folder, manifest, circuit, network: assembleNetwork(circuit), hasTraces, file };
}
