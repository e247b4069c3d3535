import { type CellModel, stateKeys } from './cell_model.js';
import { namesNeeded } from './order.js';

/**
 * What can be recorded of a cell: V, every state, and what is computed from them, as currents (`na.I`, `I_Ca`), instantaneous
 * gates, `E_Ca` and the named formulas of mechanisms. What never changes is left out.
 */
export function recordableOf(model: CellModel): string[] {
  const states = stateKeys(model);
  const changing = new Set(['V', ...states]);
  const formulas = [...model.formulas].filter(([, formula]) =>
    [...namesNeeded([formula], model.formulas)].some((name) => changing.has(name)),
  );
  return ['V', ...states, ...formulas.map(([name]) => name)];
}
