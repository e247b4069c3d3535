import type { CellType, Circuit } from '../../src/index.js';
import { type Experiment, rangeAround } from './experiment.js';

/** Conductances of the channels of each cell type in use. */
export function channelExperiments(circuit: Circuit): Experiment[] {
  const used = [...new Set(Object.values(circuit.populations).map(({ cell }) => cell))];
  return used.flatMap((cell) => {
    const populations = Object.entries(circuit.populations).filter(([, p]) => p.cell === cell);
    const who = populations.map(([name]) => name).join(', ');
    return experimentsOfCell(cell, circuit.cellTypes[cell], who);
  });
}

function experimentsOfCell(name: string, cell: CellType, who: string): Experiment[] {
  const conductance = (key: 'gNa_mS_cm2' | 'gK_mS_cm2' | 'gM_mS_cm2', what: string, expect: string) =>
    cell[key] === 0
      ? []
      : [
          {
            ...rangeAround(cell[key], 2),
            id: `${key.split('_')[0]}.${name}`,
            group: 'Channels' as const,
            label: `${what} of ${who}`,
            unit: 'mS/cm²',
            initial: cell[key],
            shortcuts: [{ label: 'block', value: 0 }],
            expect,
            targets: [{ path: `cellTypes.${name}.${key}`, as: 'value' as const }],
          },
        ];
  return [
    ...conductance('gNa_mS_cm2', 'sodium', 'If blocked, as by tetrodotoxin, the cells cannot spike.'),
    ...conductance(
      'gK_mS_cm2',
      'potassium',
      'If blocked, as by tetraethylammonium, spikes do not repolarise and the cells stay depolarised.',
    ),
    ...conductance(
      'gM_mS_cm2',
      'adaptation (M current)',
      'If blocked, as by XE991, spike-frequency adaptation disappears and the cells fire faster.',
    ),
  ];
}
