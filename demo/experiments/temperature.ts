import type { CellType, Circuit } from '../../src/index.js';
import { type Experiment, Q10 } from './experiment.js';

/** Temperature of the cells whose kinetics have a temperature factor, as a difference from the preset. */
export function temperatureExperiments({ populations, cellTypes }: Circuit): Experiment[] {
  const warmed = Object.entries(populations).filter(
    ([, { cell }]) => warmedLabels(cellTypes[cell]).length > 0,
  );
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
      targets: cells.flatMap((cell) =>
        warmedLabels(cellTypes[cell]).map((label) => ({
          path: `cellTypes.${cell}.membrane.${label}.phi`,
          as: 'warming' as const,
        })),
      ),
    },
  ];
}

/** Mechanisms of a cell with a temperature factor phi; the others are valid at the temperature of their source. */
const warmedLabels = ({ membrane }: CellType): string[] =>
  Object.entries(membrane).flatMap(([label, entry]) => (Object.hasOwn(entry, 'phi') ? [label] : []));
