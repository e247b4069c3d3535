import { linearIn } from '../language/linear.js';
import { type CellModel, keysOf } from './cell_model.js';
import { CellNodes } from './cell_nodes.js';

/** How a step advances a state. */
export type StepKind =
  /** Linear in itself: the exponential step is exact while the others are held. */
  | 'exact'
  /** The exponential step of its linearisation. */
  | 'linearised'
  /** Solved with the other states of its kinetic scheme. */
  | 'scheme';

/** How each state of a cell is advanced, by key. States that follow at once are none of them. */
export function classifyStates(model: CellModel): Map<string, StepKind> {
  const nodes = new CellNodes(model);
  const kinds = new Map<string, StepKind>();
  for (const group of model.groups) {
    if (group.kind === 'scheme') for (const key of keysOf(group)) kinds.set(key, 'scheme');
    else {
      const linear = linearIn(nodes.graph, nodes.formula(group.rate), group.key);
      kinds.set(group.key, linear ? 'exact' : 'linearised');
    }
  }
  return kinds;
}
