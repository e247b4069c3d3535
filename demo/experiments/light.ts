import { type Circuit, type CircuitInput, populationSign } from '../../src/index.js';
import type { Experiment } from './experiment.js';

/** Current densities that silence and that drive any of the presets' cells, uA/cm2. */
const SILENCE_uA_cm2 = -5;
const STIMULATE_uA_cm2 = 2;

/**
 * The circuit with a light on every population, which is off: a constant current of 0. It changes nothing, but a light
 * that is there from the start can be turned on without compiling the kernels anew.
 */
export function withLights(circuit: CircuitInput): CircuitInput {
  const lights = Object.keys(circuit.populations).map((to) => ({
    kind: 'constant-current' as const,
    to,
    amplitude_uA_cm2: 0,
  }));
  return { ...circuit, stimuli: [...(circuit.stimuli ?? []), ...lights] };
}

const KNOWN: Readonly<Record<string, string>> = {
  E: 'Silencing E cells stops everything that they drive; stimulating them raises all rates.',
  PV: 'Silencing PV cells takes the gamma rhythm away and lets E cells fire faster; stimulating them quiets E cells.',
  SST: 'Silencing SST cells disinhibits E and PV cells; stimulating them quiets both.',
  VIP: 'Stimulating VIP cells inhibits SST cells, which releases E and PV cells: disinhibition.',
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
    initial: 0,
    expect: KNOWN[name] ?? effectOf(circuit, name),
    shortcuts: [
      { label: 'silence', value: SILENCE_uA_cm2 },
      { label: 'off', value: 0 },
      { label: 'stimulate', value: STIMULATE_uA_cm2 },
    ],
    targets: [{ path: `stimuli.${firstLight + p}.amplitude_uA_cm2`, as: 'value' }],
  }));
}

function effectOf(circuit: Circuit, name: string): string {
  switch (populationSign(circuit, name)) {
    case 'excitatory':
      return `Stimulating ${name} excites its targets; silencing it takes their excitation away.`;
    case 'inhibitory':
      return `Stimulating ${name} inhibits its targets; silencing it releases them.`;
    case null:
      return `A positive current depolarises ${name}, a negative one hyperpolarises it.`;
  }
}
