import {
  type Circuit,
  type CircuitFile,
  type CircuitOverride,
  PRESETS,
  resolveCircuit,
} from '../../src/index.js';
import { appliedTo, type Experiment } from '../experiments/experiment.js';
import { experimentsOf } from '../experiments/index.js';
import { withLights } from '../experiments/light.js';
import { type MechanismEdits, NO_EDITS, withEdits } from '../mechanisms/edits.js';

/** Everything that defines a run of the page: the circuit is made from it, and the link contains it. */
export interface PageState {
  /** Name of a preset, or of an opened circuit. */
  readonly preset: string;
  readonly seed: number;
  /** Experiments that differ from the preset, by id. */
  readonly settings: Readonly<Record<string, number>>;
  /** Network-wide number of the selected neuron. */
  readonly picked: number;
  /** Current into the selected neuron, uA/cm2: the only setting of the page that a circuit file cannot express. */
  readonly injected_uA_cm2: number;
  readonly edits: MechanismEdits;
}

export const DEFAULT_PRESET = 'cortical-gamma';
export const INJECTION_LIMIT_uA_cm2 = 20;

/** A preset as the page starts it, with all that can be changed in it. */
export interface PresetBasis {
  readonly circuit: Circuit;
  readonly experiments: readonly Experiment[];
  readonly neurons: number;
}

const bases = new Map<string, PresetBasis>();

/** Of a name in PRESETS, or of one that was added. */
export function basisOf(preset: string): PresetBasis {
  return bases.get(preset) ?? addBasis(preset, PRESETS[preset]);
}

/** Adds a circuit that states can start from. Throws CircuitError if it cannot have lights. */
export function addBasis(name: string, plain: CircuitFile): PresetBasis {
  const circuit = resolveCircuit(withLights(plain));
  const neurons = Object.values(circuit.populations).reduce((sum, p) => sum + p.neurons, 0);
  const basis = { circuit, experiments: experimentsOf(circuit), neurons };
  bases.set(name, basis);
  return basis;
}

export const isPreset = (name: string): boolean => Object.hasOwn(PRESETS, name);

export function initialState(preset: string): PageState {
  const { simulation, recording, populations } = basisOf(preset).circuit;
  const [recorded] = recording.traces;
  const picked = recorded ? firstOf(populations, recorded.population) + (recorded.neurons[0] ?? 0) : 0;
  return { preset, seed: simulation.seed, settings: {}, picked, injected_uA_cm2: 0, edits: NO_EDITS };
}

/** Network-wide number of the first neuron of a population. */
function firstOf(populations: Circuit['populations'], population: string): number {
  const names = Object.keys(populations);
  const before = names.slice(0, names.indexOf(population));
  return before.reduce((sum, name) => sum + populations[name].neurons, 0);
}

/** The circuit that a state simulates. Throws CircuitError if settings contradict each other. */
export function circuitOf({ preset, seed, settings, picked, edits }: PageState): Circuit {
  const { circuit: basis, experiments } = basisOf(preset);
  const circuit = withEdits(basis, edits);
  const values = new Map<string, number>();
  const ordered = [...experiments].sort(byKind);
  for (const { id, targets } of ordered) {
    if (!Object.hasOwn(settings, id)) continue;
    for (const { path, as } of targets) {
      const before = values.get(path) ?? numberAt(circuit, path);
      values.set(path, appliedTo(before, as, settings[id]));
    }
  }
  const overrides = [...values].map(
    ([path, value]): CircuitOverride => ({ path, value, source: 'the settings of the page' }),
  );
  const recorded = locate(circuit, picked);
  return resolveCircuit(
    {
      ...circuit,
      simulation: { ...circuit.simulation, seed },
      recording: {
        ...circuit.recording,
        traces: [{ population: recorded.population, neurons: [recorded.index] }],
      },
    },
    { overrides },
  );
}

/** Values before what multiplies them. */
const byKind = (a: Experiment, b: Experiment): number => rank(a) - rank(b);
const rank = ({ targets }: Experiment): number => (targets[0]?.as === 'value' ? 0 : 1);

/** Population of a neuron, and its number within it. */
export function locate(circuit: Circuit, neuron: number): { population: string; index: number } {
  let index = neuron;
  for (const [population, { neurons }] of Object.entries(circuit.populations)) {
    if (index < neurons) return { population, index };
    index -= neurons;
  }
  throw new RangeError(`the circuit has no neuron ${neuron}`);
}

function numberAt(circuit: Circuit, path: string): number {
  let value: unknown = circuit;
  let rest = path.split('.');
  while (rest.length > 0) {
    const container = value as Record<string, unknown>;
    const length = rest.findIndex((_, i) => Object.hasOwn(container, rest.slice(0, i + 1).join('.'))) + 1;
    value = container[rest.slice(0, length).join('.')];
    rest = rest.slice(length);
  }
  return value as number;
}
