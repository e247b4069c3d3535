import { type CellModel, keysOf, stateKeys } from '../../../mechanism/cell_model.js';
import { Equilibrium } from '../../../mechanism/equilibrium.js';
import { cellOfPopulation } from '../../../model/circuit_cells.js';
import type { Network } from '../../../network/network.js';
import type { EngineSnapshot } from '../../engine.js';
import type { EnginePlan } from '../../plan.js';
import { rowsOf, STATES, stateRows } from '../../state_rows.js';

/** Steady states are worked out once for all neurons whose V differs by less, mV. */
const SAME_V_mV = 0.1;

/**
 * A snapshot as cells with other states continue from it: each state from that of the same name, a scheme where all of its
 * states are there, and what is new at its steady state for the neuron's V. Networks whose cells have the states of before
 * get the snapshot as it is.
 */
export function carriedStates(
  snapshot: EngineSnapshot,
  { populations }: EnginePlan,
  to: readonly Network[],
): EngineSnapshot {
  const cells = to.flatMap(({ circuit, populations: ranges }) =>
    ranges.map(({ name }) => cellOfPopulation(circuit, name)),
  );
  const before = populations.map(({ cell }) => stateKeys(cell));
  const hasSameStates = (cell: CellModel, p: number) => stateKeys(cell).join() === before[p].join();
  if (cells.every(hasSameStates)) return snapshot;

  const from = stateRows(snapshot);
  const neurons = snapshot.rows.length / from.count;
  // As many as before at least, for what cells that stay the same keep beside their states.
  const states = Math.max(snapshot.states, ...cells.map((cell) => stateKeys(cell).length));
  const sizes = { ...snapshot, states };
  const rows = stateRows(sizes);
  const data = new Float32Array(rows.count * neurons);
  for (const state of STATES) {
    if (state.name === 'states') continue;
    const first = from[state.name] * neurons;
    const length = rowsOf(state, sizes) * neurons;
    data.set(snapshot.rows.subarray(first, first + length), rows[state.name] * neurons);
  }
  cells.forEach((cell, p) => {
    const { first, count } = populations[p];
    const copy = (row: number, toRow: number) => {
      const start = (from.states + row) * neurons + first;
      data.set(snapshot.rows.subarray(start, start + count), (rows.states + toRow) * neurons + first);
    };
    if (hasSameStates(cell, p)) {
      for (let row = 0; row < snapshot.states; row++) copy(row, row);
      return;
    }
    const keys = stateKeys(cell);
    const isKnown = (key: string) => before[p].includes(key);
    const isCarried = new Set(
      cell.groups.flatMap((group) => (keysOf(group).every(isKnown) ? keysOf(group) : [])),
    );
    const steady = isCarried.size < keys.length ? steadyStates(cell) : null;
    keys.forEach((key, row) => {
      if (isCarried.has(key)) copy(before[p].indexOf(key), row);
      else
        for (let i = first; i < first + count; i++)
          data[(rows.states + row) * neurons + i] = steady!(snapshot.rows[from.V * neurons + i])[key];
    });
  });
  return { ...snapshot, states, rows: data };
}

function steadyStates(cell: CellModel): (V: number) => Readonly<Record<string, number>> {
  const equilibrium = new Equilibrium(cell);
  const known = new Map<number, Readonly<Record<string, number>>>();
  return (V) => {
    const nearest = Math.round(V / SAME_V_mV);
    const states = known.get(nearest) ?? equilibrium.at(nearest * SAME_V_mV).states;
    known.set(nearest, states);
    return states;
  };
}
