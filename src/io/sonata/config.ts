import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { CircuitError } from '../../text/circuit_error.js';
import { requireShallow } from '../../text/circuit_text.js';
import { fileError, InputError, shown } from '../input_error.js';

const text = z.string();
const number = z.number();
const tables = <Keys extends string>(...keys: readonly Keys[]) =>
  z
    .array(z.looseObject(Object.fromEntries(keys.map((key) => [key, text])) as Record<Keys, z.ZodString>))
    .default([]);

/** The parts of circuit and simulation configuration that are used here; both may be one file. */
const configSchema = z.looseObject({
  network: text.optional(),
  components: z.record(text, z.unknown()).default({}),
  networks: z
    .looseObject({
      nodes: tables('nodes_file', 'node_types_file'),
      edges: tables('edges_file', 'edge_types_file'),
    })
    .optional(),
  run: z
    .looseObject({
      tstart: number.optional(),
      tstop: number.optional(),
      dt: number.optional(),
      spike_threshold: number.optional(),
    })
    .default({}),
  conditions: z.looseObject({ v_init: number.optional(), celsius: number.optional() }).default({}),
  inputs: z.record(text, z.looseObject({ input_type: text })).default({}),
  reports: z.record(text, z.unknown()).default({}),
  node_sets_file: text.optional(),
  /** What this program wrote beside SONATA's own words. */
  nce: z
    .looseObject({
      mechanisms: z.record(text, z.unknown()).optional(),
      stimuli: z.array(z.unknown()).optional(),
      recording: z.unknown().optional(),
      receptors: z
        .record(text, z.looseObject({ reversal_mV: number, sign: z.enum(['excitatory', 'inhibitory']) }))
        .default({}),
      initial: z.record(text, z.looseObject({})).default({}),
      vary: z.record(text, z.record(text, z.array(number))).default({}),
      quantum_nS: z.record(text, number).default({}),
    })
    .prefault({}),
});
export type SonataConfig = z.infer<typeof configSchema>;

/** Whether a document is a SONATA configuration, of a circuit or of a simulation, and not a circuit file. */
export function isSonataConfig(document: unknown): boolean {
  if (typeof document !== 'object' || document === null || 'populations' in document) return false;
  return 'networks' in document || typeof (document as { network?: unknown }).network === 'string';
}

/**
 * Reads a circuit_config.json or a simulation_config.json, the latter joined with the circuit that it names. Variables
 * of the manifest are put in; paths are relative to the file. Throws InputError.
 */
export async function readConfig(path: string): Promise<SonataConfig> {
  const config = await readOne(path);
  if (config.network === undefined) return config;
  const { networks, components, node_sets_file } = await readOne(config.network);
  return { node_sets_file, ...config, networks, components: { ...components, ...config.components } };
}

async function readOne(path: string): Promise<SonataConfig> {
  let document: Record<string, unknown>;
  try {
    const text = await readFile(path, 'utf8');
    requireShallow(text, path);
    document = JSON.parse(text);
  } catch (error) {
    if (error instanceof CircuitError) throw error;
    if (error instanceof SyntaxError) throw new InputError(`${path} is not JSON: ${error.message}`);
    throw fileError('read', path, error);
  }
  const parsed = configSchema.safeParse(withPaths(document, path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`${path}: ${issue.path.join('.')}: ${issue.message}`);
}

/** Longest path that Linux takes. Variables that hold others twice over would make any length of it. */
const LONGEST_PATH = 4096;

/** The document with the manifest's variables put in and every text that starts with one made an absolute path. */
function withPaths(document: Record<string, unknown>, path: string): unknown {
  const folder = dirname(resolve(path));
  // "${NAME}" is the same variable as "$NAME"; BMTK calls the folder of the file "${configdir}".
  const bare = (name: string) => name.replace(/[{}]/g, '');
  const variables = new Map([['$configdir', folder]]);
  for (const [name, value] of Object.entries((document?.manifest as Record<string, unknown>) ?? {})) {
    if (typeof value !== 'string' || value.length > LONGEST_PATH)
      throw new InputError(
        `${path}: manifest.${shown(name)}: expected text of at most ${LONGEST_PATH} characters`,
      );
    variables.set(bare(name), value);
  }
  const expand = (value: string): string => {
    let expanded = value;
    // A variable may hold another; more rounds than variables mean that they name each other in a circle.
    for (let round = 0; round <= variables.size && expanded.includes('$'); round++) {
      expanded = expanded.replace(/\$\{\w+\}|\$\w+/g, (name) => variables.get(bare(name)) ?? name);
      if (expanded.length > LONGEST_PATH)
        throw new InputError(
          `${path}: ${shown(value)}: the manifest makes more than ${LONGEST_PATH} characters of it`,
        );
    }
    if (expanded.includes('$'))
      throw new InputError(`${path}: ${shown(value)}: the manifest does not say what this is`);
    return expanded;
  };
  const isPath = (key: string) => /(_file|_dir)$|^network$/.test(key);
  const visit = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return isPath(key) ? resolve(folder, expand(value)) : value;
    if (Array.isArray(value)) return value.map((item) => visit(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, visit(part, name)]));
  };
  const { manifest: _, ...rest } = document ?? {};
  return visit(rest, '');
}
