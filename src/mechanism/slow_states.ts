import { type CellModel, stateKeys } from './cell_model.js';
import { Equilibrium } from './equilibrium.js';

/** Steps of a time constant from which float32 needs a compensated sum: at 2^14 it settles 0.2 % off otherwise. */
const MOST_STEPS = 2 ** 14;

/** States whose time constant exceeds 2^14 steps of dt at some V from -120 to 40 mV. */
export function slowStates(model: CellModel, dtMs: number): Set<string> {
  const equilibrium = new Equilibrium(model);
  const slow = new Set<string>();
  for (let V = -120; V <= 40; V += 5) {
    equilibrium.at(V);
    for (const key of stateKeys(model)) {
      const tauMs = equilibrium.timeConstantOf(key);
      if (Number.isFinite(tauMs) && tauMs > MOST_STEPS * dtMs) slow.add(key);
    }
  }
  return slow;
}
