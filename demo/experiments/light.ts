import { type Circuit, type CircuitFile, populationSign } from '../../src/index.js';
import type { Experiment } from './experiment.js';

/** Current densities that silence and that drive any of the presets' cells, uA/cm2. */
const SILENCE_uA_cm2 = -5;
const STIMULATE_uA_cm2 = 2;

/**
 * The circuit with a light on every population, which is off: a constant current of 0. It changes nothing, but a light
 * that is there from the start can be turned on without compiling the kernels anew. A circuit that comes from this page
 * has its lights already.
 */
export function withLights(circuit: CircuitFile): CircuitFile {
  const names = Object.keys(circuit.populations);
  const stimuli = circuit.stimuli ?? [];
  const last = stimuli.slice(-names.length);
  const areLights = names.every((name, p) => isLightOn(name, last[p]));
  if (areLights) return circuit;
  const lights = names.map((to) => ({ kind: 'constant-current' as const, to, amplitude_uA_cm2: 0 }));
  return { ...circuit, stimuli: [...stimuli, ...lights] };
}

const isLightOn = (population: string, stimulus: NonNullable<CircuitFile['stimuli']>[number] | undefined) =>
  stimulus?.kind === 'constant-current' &&
  stimulus.to === population &&
  Math.abs(stimulus.amplitude_uA_cm2) <= -SILENCE_uA_cm2;

/** What is known of populations of the cortical circuits where they inhibit or excite the others named. */
const KNOWN: Readonly<Record<string, { readonly others: readonly string[]; readonly expect: string }>> = {
  E: {
    others: [],
    expect: 'Silencing E cells stops everything that they drive; stimulating them raises all rates.',
  },
  PV: {
    others: ['E'],
    expect:
      'Silencing PV cells removes the gamma rhythm and lets E cells fire faster; stimulating them reduces the firing of E cells.',
  },
  SST: {
    others: ['E', 'PV'],
    expect: 'Silencing SST cells disinhibits E and PV cells; stimulating them reduces the firing of both.',
  },
  VIP: {
    others: ['E', 'PV', 'SST'],
    expect: 'Stimulating VIP cells inhibits SST cells, which releases E and PV cells: disinhibition.',
  },
};

/** Stimulating and silencing populations, as channelrhodopsin and a light-driven pump would. */
export function lightExperiments(circuit: Circuit): Experiment[] {
  const populations = Object.keys(circuit.populations);
  const firstLight = circuit.stimuli.length - populations.length;
  return populations.map((name, p) => ({
    id: `light.${name}`,
    group: 'Light',
    label: `light on ${name}`,
    unit: 'µA/cm²',
    low: SILENCE_uA_cm2,
    high: -SILENCE_uA_cm2,
    step: 0.1,
    initial: (circuit.stimuli[firstLight + p] as { amplitude_uA_cm2: number }).amplitude_uA_cm2,
    expect: expectationOf(circuit, name),
    shortcuts: [
      { label: 'silence', value: SILENCE_uA_cm2 },
      { label: 'off', value: 0 },
      { label: 'stimulate', value: STIMULATE_uA_cm2 },
    ],
    targets: [{ path: `stimuli.${firstLight + p}.amplitude_uA_cm2`, as: 'value' }],
  }));
}

function expectationOf(circuit: Circuit, name: string): string {
  const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
  const acts = (population: string) =>
    Object.hasOwn(circuit.populations, population) && populationSign(circuit, population) !== null;
  return known && [name, ...known.others].every(acts) ? known.expect : effectOf(circuit, name);
}

function effectOf(circuit: Circuit, name: string): string {
  switch (populationSign(circuit, name)) {
    case 'excitatory':
      return `Stimulating ${name} excites its targets; silencing it removes this excitation.`;
    case 'inhibitory':
      return `Stimulating ${name} inhibits its targets; silencing it releases them.`;
    case null:
      return `A positive current depolarises ${name}, a negative one hyperpolarises it.`;
  }
}
