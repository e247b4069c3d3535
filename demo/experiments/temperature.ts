import type { Circuit } from '../../src/index.js';
import { type Experiment, Q10 } from './experiment.js';

/** Temperature of the cells whose kinetics have a temperature factor, as a difference from the preset. */
export function temperatureExperiments({ populations, cellTypes }: Circuit): Experiment[] {
  const warmed = Object.entries(populations).filter(([, { cell }]) => isWarmed(cellTypes[cell]));
  if (warmed.length === 0) return [];
  const who = warmed.map(([name]) => name).join(', ');
  const cells = [...new Set(warmed.map(([, { cell }]) => cell))];
  return [
    {
      id: 'temperature',
      group: 'Temperature',
      label: `warming of ${who}`,
      unit: '°C',
      low: -10,
      high: 10,
      step: 0.5,
      initial: 0,
      shortcuts: [],
      expect:
        `Difference from the preset's temperature. Warming by 10 °C makes the h and n gates ${Q10} times as fast: spikes become ` +
        'briefer, and the cells can fire faster.',
      targets: cells.map((cell) => ({ path: `cellTypes.${cell}.phi`, as: 'warming' as const })),
    },
  ];
}

/** Of the kinetics, Wang-Buzsaki's alone have the factor: the others are valid at the temperature of their source. */
const isWarmed = ({ kinetics }: Circuit['cellTypes'][string]): boolean => kinetics === 'wang-buzsaki';
