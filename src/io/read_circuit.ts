import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { MechanismFileData } from '../mechanism/mechanism_file.js';
import type { Circuit } from '../model/circuit.js';
import { type CircuitFile, importsOf, resolveCircuit, spikeFilesOf } from '../model/circuit_file.js';
import type { CircuitOverride } from '../model/circuit_overrides.js';
import type { SourceSpikes } from '../model/spike_source.js';
import { parseCircuitText, requireShallow } from '../text/circuit_text.js';
import { fileError, InputError } from './input_error.js';
import { readMechanisms } from './read_mechanisms.js';
import { isSonataConfig } from './sonata/config.js';
import { readSonataCircuit } from './sonata/read.js';
import { readSpikeFile } from './spike_file.js';

export interface ReadCircuitOptions {
  /** Values set on top, in this order; see parseOverride. */
  readonly overrides?: readonly CircuitOverride[];
  /** Gets what of a SONATA network is not simulated, and what was ignored or assumed in imported mechanisms. */
  readonly onNote?: (note: string) => void;
}

/**
 * Reads a circuit file (YAML or JSON) with the files of mechanisms and of spikes that it names, or the network of a SONATA configuration
 * (JSON). Throws InputError where a file is missing or malformed, and CircuitError, with line and column, where the
 * circuit is not valid.
 */
export async function readCircuit(
  path: string,
  { overrides = [], onNote = () => {} }: ReadCircuitOptions = {},
): Promise<Circuit> {
  const text = await readText(path);
  requireShallow(text, path);
  const data = plainData(text);
  if (path.endsWith('.json') && isSonataConfig(data)) {
    const { circuit, notes } = await readSonataCircuit(path, overrides);
    notes.forEach(onNote);
    return circuit;
  }
  const spikeFiles = new Map<string, SourceSpikes>();
  for (const file of spikeFilesOf(data))
    spikeFiles.set(file, (await readSpikeFile(resolve(dirname(path), file), '')).spikes);
  const imports = new Map<string, MechanismFileData>();
  for (const file of importsOf(data)) {
    const read = await readMechanisms(resolve(dirname(path), file));
    imports.set(file, read.data);
    read.notes.forEach(onNote);
  }
  return resolveCircuit(text, { source: path, overrides, spikeFiles, imports });
}

/** The circuit that a run wrote, which is long where it lists its synapses. Throws as {@link readCircuit}. */
export async function readResolvedCircuit(path: string): Promise<Circuit> {
  const text = await readText(path);
  requireShallow(text, path);
  try {
    return resolveCircuit(JSON.parse(text) as CircuitFile, { source: path });
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${path} is not JSON: ${error.message}`);
    throw error;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError('read', path, error);
  }
}

/** The content, as far as it can be read: its problems are reported, with their place, when it is checked. */
function plainData(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parseCircuitText(text, null).data;
  } catch {
    return null;
  }
}
