import type { Node } from '../../language/node.js';
import { InputError } from '../input_error.js';
import type { MechanismNodes } from './mechanism_nodes.js';
import { rateOf, type TypeSink } from './write_gate.js';
import { each, element, leaf } from './xml.js';

/**
 * The kinetic scheme of a mechanism as a gate, whose open states are those that `share` adds up; `scale` is the factor that
 * they share. Throws InputError where it adds them up in parts, or where it reads anything else.
 */
export function schemeGate(
  nodes: MechanismNodes,
  share: Node,
  instances: number,
  channelId: string,
  ids: ReadonlyMap<string, string>,
  types: TypeSink,
): { readonly lines: Iterable<string>; readonly scale: number } {
  const { graph, mechanism } = nodes;
  const { states, transitions } = mechanism.scheme!;
  const [constant, terms] = graph.termsOf(share);
  const open = new Map(
    terms.map(({ node, factor }) => [node.kind === 'variable' ? node.name : '', factor] as const),
  );
  const [scale = 1] = open.values();
  if (constant !== 0 || [...open].some(([name, part]) => !states.includes(name) || part !== scale))
    throw new InputError(
      `${mechanism.name}: its open share is no sum of states of its scheme, as that of a channel of NeuroML is`,
    );
  const rateBetween = (from: number, to: number): Node =>
    transitions
      .filter((one) => one.from === from && one.to === to)
      .reduce((sum, { rate }) => graph.add(sum, nodes.node(rate)), graph.number(0));
  const pairs = states.flatMap((_, i) => states.slice(i + 1).map((_, k) => [i, i + 1 + k] as const));
  const joined = pairs.filter(([i, k]) =>
    transitions.some(({ from, to }) => (from === i && to === k) || (from === k && to === i)),
  );
  const idOf = (state: string) => ids.get(state)!;
  const transition = (tag: string, from: number, to: number, rate: Node) => {
    const id = `${tag}_${idOf(states[from])}_${idOf(states[to])}`;
    return element(
      `${tag}Transition`,
      { id, from: idOf(states[from]), to: idOf(states[to]) },
      leaf('rate', rateOf(graph, rate, 'r', `${channelId}_${id}`, types)),
    );
  };
  const lines = element(
    'gateKS',
    { id: 'scheme', instances },
    each(
      states.filter((state) => !open.has(state)),
      (state) => leaf('closedState', { id: idOf(state) }),
    ),
    each(
      states.filter((state) => open.has(state)),
      (state) => leaf('openState', { id: idOf(state) }),
    ),
    // Both directions are said of the same ends.
    each(joined, function* ([from, to]) {
      yield* transition('forward', from, to, rateBetween(from, to));
      yield* transition('reverse', from, to, rateBetween(to, from));
    }),
  );
  return { lines, scale };
}
