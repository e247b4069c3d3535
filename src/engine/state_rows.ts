import type { StartState } from '../network/network.js';

/**
 * The state of a neuron between two steps, one row of values for each quantity, in the order of buffers and checkpoints. The
 * rows of the WebGPU engine, its WGSL, start values, reading back and the snapshots of both engines follow from this table.
 */
interface StateRow {
  readonly name: string;
  /** How many rows it has: one, one for each receptor, or one for each noise current of the population that has most. */
  readonly rows: 'one' | 'each-receptor' | 'each-noise';
  /** Its column in the state at time 0 and in what is read back: those of the membrane. */
  readonly column?: Exclude<keyof StartState, 'conductance_nS'>;
  /** Where it is while steps are computed, a field of the Neuron in registers; noise stays in its buffer. */
  readonly field?: string;
  /** The switch of a network that has it; else it is neither loaded nor stored. */
  readonly onlyIf?: string;
  /** Whether steps only read it. */
  readonly isConstant?: true;
}

export const STATE_TABLE = [
  { name: 'V', rows: 'one', column: 'V_mV', field: 's.V' },
  { name: 'm', rows: 'one', column: 'm', field: 's.m' },
  { name: 'h', rows: 'one', column: 'h', field: 's.h' },
  { name: 'n', rows: 'one', column: 'n', field: 's.n' },
  { name: 'p', rows: 'one', column: 'p', field: 's.p', onlyIf: 'HAS_M_CURRENT' },
  { name: 'g', rows: 'each-receptor', field: 'g_@' },
  { name: 'noise', rows: 'each-noise' },
  {
    name: 'injectedCurrent',
    rows: 'one',
    field: 'injected_current',
    onlyIf: 'HAS_INJECTED_CURRENT',
    isConstant: true,
  },
  { name: 'sinceSpike', rows: 'one', field: 'steps_since_spike', onlyIf: 'HAS_REFRACTORINESS' },
] as const satisfies readonly StateRow[];
export type StateName = (typeof STATE_TABLE)[number]['name'];

/** The rows as {@link StateRow}, for loops over all of them. */
export const STATES: readonly (StateRow & { readonly name: StateName })[] = STATE_TABLE;

/** The states of the membrane: V and gates. */
export const MEMBRANE_STATES = STATES.flatMap(({ name, column }) => (column ? [{ name, column }] : []));

export interface StateSizes {
  readonly receptors: number;
  readonly noiseSlots: number;
}

/** Rows of one quantity. */
export const rowsOf = ({ rows }: Pick<StateRow, 'rows'>, { receptors, noiseSlots }: StateSizes): number =>
  ({ one: 1, 'each-receptor': receptors, 'each-noise': noiseSlots })[rows];

/** First row of each quantity, and the number of all rows. */
export type StateRows = Readonly<Record<StateName | 'count', number>>;

export function stateRows(sizes: StateSizes): StateRows {
  let count = 0;
  const first = STATES.map((state) => {
    const row = count;
    count += rowsOf(state, sizes);
    return [state.name, row];
  });
  return { ...(Object.fromEntries(first) as Record<StateName, number>), count };
}
