import type { NeuronGroup } from '../analysis/data.js';

/** Colours and sizes of the dark dashboard. Excitation is warm, inhibition cool; lightness and dashes differ too. */

export const COLOR = {
  page: '#0b0f14',
  panel: '#121821',
  edge: '#232d3a',
  grid: '#212b37',
  text: '#e8edf3',
  muted: '#a3b1c2',
  axis: '#8ea0b4',
  excitatory: '#ff8f5c',
  inhibitory: '#5bb8f0',
  lfp: '#d7dee7',
  gamma: '#f4d35e',
  aperiodic: '#7fb2ff',
  model: '#ff6b8b',
  significance: '#c8b6ff',
} as const;

/** Native pixels of the PNG. */
export const SIZE = {
  title: 22,
  label: 17,
  tick: 16,
  note: 16,
  caption: 16,
  figure: 34,
  heading: 32,
} as const;

export const FONT_FAMILY = 'Inter';

/** How a population is drawn wherever it appears. */
export interface PopulationStyle {
  readonly name: string;
  readonly color: string;
  /** SVG stroke-dasharray; none for a solid line. */
  readonly dash: string | null;
  readonly symbol: 'circle' | 'triangle' | 'square' | 'diamond';
}

const PALETTES = {
  excitatory: ['#ff8f5c', '#f4c95d', '#ff7f9e', '#d9a066'],
  inhibitory: ['#5bb8f0', '#3fd6b0', '#ae9bff', '#7fa7ff'],
  unknown: ['#d0d7e1', '#9fb0c3', '#c9b79c', '#b5c7b0'],
} as const;
const DASHES = [null, '10 4', '3 4', '12 4 3 4'] as const;
const INHIBITORY_SYMBOLS = ['triangle', 'square', 'diamond', 'circle'] as const;
const OTHER_SYMBOLS = ['circle', 'square', 'diamond', 'triangle'] as const;

/** One style per group, by its sign and its place among the groups of that sign. */
export function populationStyles(groups: readonly NeuronGroup[]): PopulationStyle[] {
  const seen = { excitatory: 0, inhibitory: 0, unknown: 0 };
  return groups.map(({ name, sign }) => {
    const kind = sign ?? 'unknown';
    const index = seen[kind]++ % 4;
    const symbols = kind === 'inhibitory' ? INHIBITORY_SYMBOLS : OTHER_SYMBOLS;
    return { name, color: PALETTES[kind][index], dash: DASHES[index], symbol: symbols[index] };
  });
}
