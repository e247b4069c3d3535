import type { Circuit, Stimulus } from '../../src/index.js';
import { type Experiment, rangeAround } from './experiment.js';

/** Background input and injected currents of each population, other than its light. */
export function driveExperiments(circuit: Circuit): Experiment[] {
  const lights = Object.keys(circuit.populations).length;
  return circuit.stimuli.slice(0, circuit.stimuli.length - lights).flatMap(experimentsOfStimulus);
}

function experimentsOfStimulus(stimulus: Stimulus, index: number): Experiment[] {
  const { to } = stimulus;
  const common = { group: 'Drive' as const, shortcuts: [] };
  const target = (key: string) => [{ path: `stimuli.${index}.${key}`, as: 'value' as const }];
  switch (stimulus.kind) {
    case 'poisson':
      return [
        {
          ...common,
          ...rangeAround(stimulus.rate_hz, 3, 1),
          id: `drive.${index}`,
          label: `background of ${to}`,
          unit: 'Hz',
          initial: stimulus.rate_hz,
          expect: `Poisson events per second onto each ${to} cell. With more events the cells fire faster; with none they are driven only by the network.`,
          targets: target('rate_hz'),
        },
      ];
    case 'ornstein-uhlenbeck-current':
      return [
        {
          ...common,
          ...rangeAround(Math.abs(stimulus.mean_uA_cm2), 3, 0.5),
          ...(stimulus.mean_uA_cm2 < 0 ? { low: 3 * stimulus.mean_uA_cm2 } : {}),
          id: `drive.${index}`,
          label: `mean current into ${to}`,
          unit: 'µA/cm²',
          initial: stimulus.mean_uA_cm2,
          expect: `More current makes ${to} cells recover sooner from inhibition: the rhythm speeds up.`,
          targets: target('mean_uA_cm2'),
        },
        {
          ...common,
          ...rangeAround(stimulus.sd_uA_cm2, 4, 0.5),
          id: `noise.${index}`,
          label: `noise of ${to}`,
          unit: 'µA/cm²',
          initial: stimulus.sd_uA_cm2,
          expect: `More noise spreads the spikes of ${to} cells in time and blurs the rhythm.`,
          targets: target('sd_uA_cm2'),
        },
      ];
    case 'constant-current':
    case 'step-current': {
      const size = Math.max(Math.abs(stimulus.amplitude_uA_cm2), 0.5);
      return [
        {
          ...common,
          low: -2 * size,
          high: 4 * size,
          step: size / 50,
          id: `drive.${index}`,
          label: `current into ${to}`,
          unit: 'µA/cm²',
          initial: stimulus.amplitude_uA_cm2,
          expect: `A positive current depolarises ${to}: above threshold it fires, and faster with more current.`,
          targets: target('amplitude_uA_cm2'),
        },
      ];
    }
  }
}
