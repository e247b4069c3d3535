/** One thing that can be changed while the simulation runs: a number that the circuit takes over at some of its values. */
export interface Experiment {
  /** Names it in links; letters, digits, dots, dashes and "_". */
  readonly id: string;
  readonly group: ExperimentGroup;
  readonly label: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** Where the preset has it. */
  readonly initial: number;
  /** What to expect, in a sentence. */
  readonly expect: string;
  /** Values worth a button of their own. */
  readonly shortcuts: readonly { readonly label: string; readonly value: number }[];
  /** Values of the circuit that it sets: the number itself, or what they were times the number. */
  readonly targets: readonly ExperimentTarget[];
}

export const EXPERIMENT_GROUPS = [
  'Light',
  'Drive',
  'Receptors',
  'Projections',
  'Delays',
  'Channels',
] as const;
export type ExperimentGroup = (typeof EXPERIMENT_GROUPS)[number];

export interface ExperimentTarget {
  /** Dotted path as in `nce run --set`. */
  readonly path: string;
  readonly as: 'value' | 'factor';
}

/** Range of a slider for a quantity that is `initial` in the preset: up to `times` it, in steps of two digits. */
export function rangeAround(initial: number, times: number): { low: 0; high: number; step: number } {
  const high = times * initial;
  return { low: 0, high, step: 10 ** (Math.floor(Math.log10(high)) - 2) };
}
