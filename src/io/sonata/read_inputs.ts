import { readFile } from 'node:fs/promises';
import type { Stimulus } from '../../model/circuit.js';
import { trainsOfSpikes } from '../../model/spike_source.js';
import { readSpikePopulations } from '../hdf5/spikes_h5.js';
import { fileError, InputError } from '../input_error.js';
import type { SonataConfig } from './config.js';
import type { NodePlace, SonataNodes, SonataPopulation } from './read_nodes.js';

/** 1 nA over 1 um2 is 1e5 uA/cm2. */
const UA_CM2_PER_NA_UM2 = 1e5;
/** What a number may be off that was divided by an area and multiplied by it again. */
const ROUNDING = 1e-9;

type Input = SonataConfig['inputs'][string];
type StepCurrent = Extract<Stimulus, { kind: 'step-current' }>;

export interface SonataInputs {
  /** As a circuit file has them. */
  readonly stimuli: readonly unknown[];
  /** Spike times of every source of each group of virtual nodes, ms. */
  readonly trains_ms: ReadonlyMap<string, number[][]>;
}

/**
 * The inputs of a simulation: spikes of virtual nodes, and current clamps onto whole populations. Stimuli that this program
 * wrote under `nce` have their own words there; the current clamps among them must agree. Throws InputError at an input
 * of another kind.
 */
export async function readInputs(
  config: SonataConfig,
  nodes: SonataNodes,
  placeOf: (nodePopulation: string, nodeId: number) => NodePlace | undefined,
  path: string,
): Promise<SonataInputs> {
  const sets = await nodeSets(config);
  const spikes = new Map(nodes.sources.map(({ name }) => [name, { timesMs: [], neurons: [] } as Spikes]));
  const stimuli: unknown[] = [...(config.nce.stimuli ?? [])];
  for (const [name, input] of Object.entries(config.inputs)) {
    const where = `${path}: inputs.${name}`;
    const selected = (groups: readonly NodeGroup[]) => selectedBy(input.node_set, sets, groups, where);
    if (input.input_type === 'spikes')
      await addSpikes(input, selected(nodes.sources), placeOf, spikes, where);
    else if (input.input_type === 'current_clamp' && (input.module ?? 'IClamp') === 'IClamp') {
      const targets = selected(nodes.populations) as readonly SonataPopulation[];
      const clamps = targets.map((population) => clampOf(input, population, where));
      if (config.nce.stimuli) requireSame(name, clamps, config.nce.stimuli, where);
      else stimuli.push(...clamps);
    } else
      throw new InputError(
        `${where}: expected spikes, or a current_clamp of the module IClamp; got ${input.input_type} ${String(input.module ?? '')}`.trimEnd(),
      );
  }
  const trains = nodes.sources.map(
    ({ name, nodeIds }) => [name, trainsOfSpikes(spikes.get(name)!, nodeIds.length)] as const,
  );
  return { stimuli, trains_ms: new Map(trains) };
}

interface Spikes {
  readonly timesMs: number[];
  readonly neurons: number[];
}

/** Adds the spikes of a file that belong to the selected groups. */
async function addSpikes(
  input: Input,
  selected: readonly NodeGroup[],
  placeOf: (nodePopulation: string, nodeId: number) => NodePlace | undefined,
  spikes: ReadonlyMap<string, Spikes>,
  where: string,
): Promise<void> {
  const { module = 'sonata', input_file: file } = input;
  if (module !== 'sonata' && module !== 'h5')
    throw new InputError(`${where}: module: expected sonata or h5; got ${String(module)}`);
  if (typeof file !== 'string') throw new InputError(`${where}: there is no input_file`);
  const populations = new Set(selected.map(({ nodePopulation }) => nodePopulation));
  const names = new Set(selected.map(({ name }) => name));
  for (const [population, { timesMs, neurons }] of await readSpikePopulations(file)) {
    if (!populations.has(population))
      throw new InputError(
        `${where}: ${file} has spikes of ${population}; the node set is ${[...populations].join(', ')}`,
      );
    for (let k = 0; k < neurons.length; k++) {
      const place = placeOf(population, neurons[k]);
      if (!place || !names.has(place.population))
        throw new InputError(
          `${where}: ${file}: spike ${k}: node ${neurons[k]} of ${population} is not in the node set`,
        );
      const { timesMs: times, neurons: numbers } = spikes.get(place.population)!;
      times.push(timesMs[k]);
      numbers.push(place.number);
    }
  }
}

function clampOf(input: Input, { name: to, cell }: SonataPopulation, where: string): StepCurrent {
  const number = (key: string, fallback?: number): number => {
    const value = input[key] ?? fallback;
    if (typeof value !== 'number')
      throw new InputError(`${where}: ${key}: expected a number; got ${JSON.stringify(value) ?? 'none'}`);
    return value;
  };
  const start_ms = number('delay', 0);
  return {
    kind: 'step-current',
    to,
    amplitude_uA_cm2: (number('amp') * UA_CM2_PER_NA_UM2) / cell.area_um2,
    start_ms,
    ...(input.duration !== undefined && { stop_ms: start_ms + number('duration') }),
  };
}

/** A clamp that was exported as `current_<k>` must still be what `nce.stimuli` has at k. */
function requireSame(
  name: string,
  clamps: readonly StepCurrent[],
  stimuli: readonly unknown[],
  where: string,
): void {
  const written = stimuli[Number(/^current_(\d+)$/.exec(name)?.[1])] as Partial<StepCurrent> | undefined;
  const near = (a: number, b: number) => Math.abs(a - b) <= ROUNDING * Math.max(1, Math.abs(a));
  const isSame = (clamp: StepCurrent) =>
    clamp.to === written?.to &&
    near(clamp.amplitude_uA_cm2, Number(written.amplitude_uA_cm2)) &&
    near(clamp.start_ms, written.start_ms ?? 0) &&
    (written.stop_ms === undefined || near(Number(clamp.stop_ms), written.stop_ms));
  if (clamps.length !== 1 || !isSame(clamps[0]))
    throw new InputError(
      `${where} differs from nce.stimuli: change both, or remove nce.stimuli to use the inputs alone`,
    );
}

async function nodeSets({ node_sets_file: path }: SonataConfig): Promise<Record<string, unknown>> {
  if (path === undefined) return {};
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${path} is not JSON: ${error.message}`);
    throw fileError('read', path, error);
  }
}

type NodeGroup = SonataNodes['sources'][number];

/**
 * The groups that a node set is: named, by population and pop_name, or everything; a list is all of its sets together.
 * Throws InputError where it is not whole groups.
 */
function selectedBy(
  set: unknown,
  sets: Readonly<Record<string, unknown>>,
  groups: readonly NodeGroup[],
  where: string,
): readonly NodeGroup[] {
  if (Array.isArray(set)) return [...new Set(set.flatMap((part) => selectedBy(part, sets, groups, where)))];
  if (typeof set === 'string' && Object.hasOwn(sets, set)) {
    const { [set]: meaning, ...others } = sets;
    return selectedBy(meaning, others, groups, where);
  }
  const wanted =
    typeof set === 'string'
      ? groups.filter(({ name, nodePopulation }) => [name, nodePopulation].includes(set) || set === 'all')
      : groups.filter((group) => isWhole(set, group));
  if (wanted.length > 0) return wanted;
  throw new InputError(
    `${where}: node_set: expected whole populations: ${groups.map(({ name }) => name).join(', ') || 'there are none'}; got ${JSON.stringify(set) ?? 'none'}`,
  );
}

/** Whether a node set is all nodes of a group: by its name, its node population, or everything. */
function isWhole(set: unknown, { name, nodePopulation }: NodeGroup): boolean {
  if (typeof set !== 'object' || set === null) return false;
  const { population = nodePopulation, pop_name = name, ...others } = set as Record<string, unknown>;
  return population === nodePopulation && pop_name === name && Object.keys(others).length === 0;
}
