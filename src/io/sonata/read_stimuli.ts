import { readFile } from 'node:fs/promises';
import { fileError } from '../input_error.js';
import type { SonataConfig } from './config.js';
import type { SonataPopulation } from './read_nodes.js';

/** 1 nA over 1 um2 is 1e5 uA/cm2. */
const UA_CM2_PER_NA_UM2 = 1e5;

/**
 * The stimuli of a simulation: those that this program wrote under `nce`, else the current clamps onto whole
 * populations. What cannot be simulated is noted.
 */
export async function stimuliOf(
  config: SonataConfig,
  populations: readonly SonataPopulation[],
): Promise<{ stimuli: unknown[]; notes: string[] }> {
  if (Array.isArray(config.nce.stimuli)) return { stimuli: config.nce.stimuli, notes: [] };
  const sets = await nodeSets(config);
  const stimuli: unknown[] = [];
  const notes: string[] = [];
  for (const [name, input] of Object.entries(config.inputs)) {
    const { input_type, module, amp, delay = 0, duration, node_set } = input;
    const set = typeof node_set === 'string' ? (sets[node_set] ?? { pop_name: node_set }) : node_set;
    const targets = populations.filter((population) => isWhole(set, population));
    if (input_type === 'current_clamp' && module === 'IClamp' && targets.length > 0) {
      for (const { name: to, cell } of targets)
        stimuli.push({
          kind: 'step-current',
          to,
          amplitude_uA_cm2: (Number(amp) * UA_CM2_PER_NA_UM2) / cell.area_um2,
          start_ms: Number(delay),
          ...(duration !== undefined && { stop_ms: Number(delay) + Number(duration) }),
        });
    } else if (input_type === 'spikes')
      notes.push(`inputs.${name}: left out: circuits have no given spike trains`);
    else
      notes.push(
        `inputs.${name}: left out: only current clamps (IClamp) onto whole populations are read; got ${input_type} ${String(module)}`,
      );
  }
  return { stimuli, notes };
}

async function nodeSets({ node_sets_file: path }: SonataConfig): Promise<Record<string, unknown>> {
  if (path === undefined) return {};
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw fileError('read', path, error);
  }
}

/** Whether a node set is all nodes of a population: by its name, its node population, or everything. */
function isWhole(set: unknown, { name, nodePopulation }: SonataPopulation): boolean {
  if (set === undefined || typeof set !== 'object' || set === null || Array.isArray(set)) return false;
  const { population = nodePopulation, pop_name = name, ...others } = set as Record<string, unknown>;
  return population === nodePopulation && pop_name === name && Object.keys(others).length === 0;
}
