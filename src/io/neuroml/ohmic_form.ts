import { linearIn } from '../../language/linear.js';
import type { Node } from '../../language/node.js';
import type { MechanismNodes } from './mechanism_nodes.js';

/** A current as g open (V - E). */
export interface OhmicForm {
  /** The open share, or the conductance in mS/cm2 where the mechanism says its current whole. */
  readonly open: Node;
  /** A number in mV, or the name of a potential that the cell gives: `E`, `E_K`. */
  readonly reversal: number | string;
}

/** The form of a mechanism's current, also of one that is said whole; null where it has another. */
export function ohmicForm(nodes: MechanismNodes): OhmicForm | null {
  const { graph } = nodes;
  const { current } = nodes.mechanism;
  if (current?.kind === 'ohmic') return { open: nodes.node(current.open), reversal: 'E' };
  if (current?.kind !== 'density') return null;
  const [factor, powers] = graph.powersOf(nodes.node(current.density));
  const forms = powers.flatMap((power): OhmicForm[] => {
    const driving = power.power === 1 ? linearIn(graph, power.node, 'V') : null;
    if (driving?.slope.kind !== 'number' || driving.slope.value === 0) return [];
    const reversal = graph.product(-1 / driving.slope.value, [{ node: driving.rest, power: 1 }]);
    const isPotential = reversal.kind === 'variable' && /^E(_|$)/.test(reversal.name);
    if (reversal.kind !== 'number' && !isPotential) return [];
    const others = powers.filter((other) => other !== power);
    const open = graph.product(factor * driving.slope.value, others);
    return [{ open, reversal: reversal.kind === 'number' ? reversal.value : reversal.name }];
  });
  // A gate may be linear in V too, but not in V less a potential of the cell.
  return forms.find(({ reversal }) => typeof reversal === 'string') ?? (forms.length === 1 ? forms[0] : null);
}
