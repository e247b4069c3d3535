/**
 * The state of a neuron between two steps, one row of values for each quantity, in the order of buffers and checkpoints. The
 * rows of the WebGPU engine, its WGSL, start values, reading back and the snapshots of both engines follow from this table.
 */
interface StateRow {
  readonly name: string;
  /**
   * How many rows it has: one, one for each state of the cell that has most, one for each receptor, one for each noise
   * current of the population that has most, or one for each constant that differs between the neurons of a population.
   */
  readonly rows: 'one' | 'each-state' | 'each-receptor' | 'each-noise' | 'each-varied';
  /** Where it is while steps are computed, a field of the Neuron in registers; those without are the cell's own, or stay in the buffer. */
  readonly field?: string;
  /** The switch of a network that has it; else it is neither loaded nor stored. */
  readonly onlyIf?: string;
  /** Whether steps only read it. */
  readonly isConstant?: true;
}

export const STATE_TABLE = [
  { name: 'V', rows: 'one' },
  { name: 'states', rows: 'each-state' },
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
  // The last, since snapshots leave them out: they are of the network.
  { name: 'varied', rows: 'each-varied', field: 'varied_@', isConstant: true },
] as const satisfies readonly StateRow[];
export type StateName = (typeof STATE_TABLE)[number]['name'];

/** The rows as {@link StateRow}, for loops over all of them. */
export const STATES: readonly (StateRow & { readonly name: StateName })[] = STATE_TABLE;

export interface StateSizes {
  /** Of the cell that has most, beside V. */
  readonly states: number;
  readonly receptors: number;
  readonly noiseSlots: number;
  /** Constants that differ between neurons, of the population that has most; snapshots have none. */
  readonly varied?: number;
}

/** Rows of one quantity. */
export const rowsOf = (
  { rows }: Pick<StateRow, 'rows'>,
  { states, receptors, noiseSlots, varied = 0 }: StateSizes,
): number =>
  ({
    one: 1,
    'each-state': states,
    'each-receptor': receptors,
    'each-noise': noiseSlots,
    'each-varied': varied,
  })[rows];

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
