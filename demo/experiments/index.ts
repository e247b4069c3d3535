import type { Circuit } from '../../src/index.js';
import { channelExperiments } from './channels.js';
import { driveExperiments } from './drive.js';
import type { Experiment } from './experiment.js';
import { lightExperiments } from './light.js';
import { delayExperiments, projectionExperiments, receptorExperiments } from './synapses.js';
import { temperatureExperiments } from './temperature.js';

/** Everything that can be changed in a circuit with lights (see light.ts), by group. */
export function experimentsOf(circuit: Circuit): Experiment[] {
  return [
    ...lightExperiments(circuit),
    ...driveExperiments(circuit),
    ...receptorExperiments(circuit),
    ...projectionExperiments(circuit),
    ...delayExperiments(circuit),
    ...channelExperiments(circuit),
    ...temperatureExperiments(circuit),
  ];
}
