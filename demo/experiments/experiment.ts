/** One thing that can be changed while the simulation runs: a number that sets some values of the circuit. */
export interface Experiment {
  /** Names it in links; letters, digits, dots, dashes and "_". */
  readonly id: string;
  readonly group: ExperimentGroup;
  readonly label: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** Value in the preset. */
  readonly initial: number;
  /** What to expect, in a sentence. */
  readonly expect: string;
  /** Values with a button. */
  readonly shortcuts: readonly { readonly label: string; readonly value: number }[];
  /** Values of the circuit that it sets. */
  readonly targets: readonly ExperimentTarget[];
}

export const EXPERIMENT_GROUPS = [
  'Light',
  'Drive',
  'Receptors',
  'Projections',
  'Delays',
  'Channels',
  'Temperature',
] as const;
export type ExperimentGroup = (typeof EXPERIMENT_GROUPS)[number];

export interface ExperimentTarget {
  /** Dotted path as in `nce run --set`. */
  readonly path: string;
  /** The number itself, what was there times it, or what was there at so many degrees Celsius more. */
  readonly as: 'value' | 'factor' | 'warming';
}

/** Lognormal distributions have no mean of 0: a blocked receptor keeps this share, below what a synapse word resolves. */
const SMALLEST_FACTOR = 1e-6;
/** How much faster gates are at 10 degrees more (Hodgkin & Huxley 1952, J Physiol 117:500). */
export const Q10 = 3;

/** The value of the circuit when an experiment that targets it is set to `setting`. */
export function appliedTo(before: number, as: ExperimentTarget['as'], setting: number): number {
  switch (as) {
    case 'value':
      return setting;
    case 'factor':
      return Math.max(setting, SMALLEST_FACTOR) * before;
    case 'warming':
      return Q10 ** (setting / 10) * before;
  }
}

/**
 * Range of a slider for a quantity that is `initial` in the preset: up to `times` it, in steps of two digits. Where it is
 * less than `least`, as if it were that.
 */
export function rangeAround(
  initial: number,
  times: number,
  least = 0,
): { low: 0; high: number; step: number } {
  const high = times * Math.max(initial, least);
  return { low: 0, high, step: 10 ** (Math.floor(Math.log10(high)) - 2) };
}
