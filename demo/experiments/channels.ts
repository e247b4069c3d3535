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

/** What blocking a current of a cell does, by the ion and the label that the cells of the library use. */
const EXPECTED: Readonly<Record<string, string>> = {
  na: 'If blocked, as by tetrodotoxin, the cells cannot spike.',
  k: 'If blocked, as by tetraethylammonium, spikes do not repolarise and the cells stay depolarised.',
  m: 'If blocked, as by XE991, spike-frequency adaptation disappears and the cells fire faster.',
};
const NAMES: Readonly<Record<string, string>> = { na: 'sodium', k: 'potassium', m: 'adaptation (M current)' };

function experimentsOfCell(name: string, cell: CellType, who: string): Experiment[] {
  return Object.entries(cell.membrane).flatMap(([label, { mechanism, g_mS_cm2: g }]) => {
    if (typeof g !== 'number' || g === 0 || mechanism === 'leak') return [];
    return [
      {
        ...rangeAround(g, 2),
        id: `g.${label}.${name}`,
        group: 'Channels' as const,
        label: `${NAMES[label] ?? label} of ${who}`,
        unit: 'mS/cm²',
        initial: g,
        shortcuts: [{ label: 'block', value: 0 }],
        expect: EXPECTED[label] ?? `The conductance of ${mechanism}.`,
        targets: [{ path: `cellTypes.${name}.membrane.${label}.g_mS_cm2`, as: 'value' as const }],
      },
    ];
  });
}
