import type { Node, Power } from '../../language/node.js';
import type { Mechanism, MechanismState } from '../../mechanism/mechanism.js';
import { InputError } from '../input_error.js';
import type { MechanismNodes } from './mechanism_nodes.js';
import { withoutTemperature } from './rate_shapes.js';
import { gateElement, q10Attributes, rateOf, subGateElement, TypeSink } from './write_gate.js';
import { schemeGate } from './write_scheme.js';
import { each, element, leaf, neuroMlIds } from './xml.js';

/** A channel of NeuroML. */
export interface WrittenChannel {
  /** ionChannelHH and ionChannelKS stand at places of their own in a document. */
  readonly kind: 'ionChannelHH' | 'ionChannelKS';
  readonly lines: readonly string[];
  /** The ComponentTypes that it needs. */
  readonly types: readonly string[];
  /** Factor of its conductance, such as 0.5 of `open: 0.5*m`; the conductance in mS/cm2 where the current is said whole. */
  readonly scale: number;
}

/** The values of a mechanism's parameters by name, in coherent units. */
export const defaultsOf = ({ parameters }: Mechanism): Map<string, number> =>
  new Map([...parameters.values()].map(({ name, unit, value }) => [name, value * unit.scale]));

/** The ion of a current as NeuroML calls it; null for none in particular. */
export const speciesOf = (ion: string): string | null => (ion === 'nonspecific' ? null : ion.toLowerCase());

/** A channel that is open by a product of gates. */
export function writeGates(id: string, nodes: MechanismNodes, open: Node): WrittenChannel {
  return new ChannelWriter(id, nodes).written(open);
}

class ChannelWriter {
  private readonly types = new TypeSink();
  private readonly scalings: Iterable<string>[] = [];
  private readonly gates: string[][] = [];
  private readonly ids: ReadonlyMap<string, string>;
  private scale = 1;

  constructor(
    private readonly id: string,
    private readonly nodes: MechanismNodes,
  ) {
    const { states, scheme } = nodes.mechanism;
    this.ids = neuroMlIds([...states.keys(), ...(scheme?.states ?? [])]);
  }

  written(open: Node): WrittenChannel {
    const { id, nodes } = this;
    const { scheme, ion } = nodes.mechanism;
    const { rest, factor } = withoutTemperature(nodes.graph, open);
    if (factor && scheme) this.refuse('a kinetic scheme whose conductance depends on the temperature');
    if (factor) this.scalings.push(leaf('q10ConductanceScaling', q10Attributes(factor)));
    const [scale, powers] = nodes.graph.powersOf(rest);
    this.scale = scale;
    for (const power of powers) this.addGate(power);
    const species = speciesOf(ion);
    const kind = scheme ? 'ionChannelKS' : 'ionChannelHH';
    const attributes = { id, conductance: SINGLE, ...(species !== null && { species }) };
    const lines =
      this.gates.length + this.scalings.length > 0
        ? element(
            kind,
            attributes,
            ...this.scalings,
            each(this.gates, (gate) => gate),
          )
        : leaf(kind, attributes);
    return { kind, lines: [...lines], types: this.types.lines, scale: this.scale };
  }

  private refuse(what: string): never {
    throw new InputError(
      `${this.nodes.mechanism.name}: ${what}; a channel of NeuroML is open by a product of gates`,
    );
  }

  private addGate({ node, power }: Power): void {
    const { nodes, types, id } = this;
    const { mechanism } = nodes;
    const gates = [...node.variables].filter((name) => mechanism.states.has(name));
    const inScheme = [...node.variables].filter((name) => mechanism.scheme?.states.includes(name));
    if (inScheme.length > 0) {
      const { lines, scale } = schemeGate(nodes, node, this.instances(power), id, this.ids, types);
      this.scale *= scale ** power;
      this.gates.push([...lines]);
      return;
    }
    if (mechanism.scheme) this.refuse('beside its kinetic scheme it has another factor');
    if (gates.length === 0) {
      const name = `factor${this.gates.length + 1}`;
      const steady = nodes.graph.power(node, power);
      const attributes = rateOf(nodes.graph, steady, 'x', `${id}_${name}_steadyState`, types);
      this.gates.push([
        ...element(
          'gate',
          { id: name, type: 'gateHHInstantaneous', instances: 1 },
          leaf('steadyState', attributes),
        ),
      ]);
      return;
    }
    const instances = this.instances(power);
    if (node.kind === 'variable') {
      this.gates.push([
        ...gateElement(nodes, this.state(node.name), this.ids.get(node.name)!, instances, id, types),
      ]);
      return;
    }
    this.addFractional(node, instances, gates);
  }

  /** A sum of parts of states. */
  private addFractional(node: Node, instances: number, gates: readonly string[]): void {
    const { nodes, types, id, ids } = this;
    const isSum =
      node.kind === 'sum' &&
      node.constant === 0 &&
      node.terms.every((term) => term.node.kind === 'variable' && gates.includes(term.node.name));
    if (!isSum) this.refuse(`its open share has ${gates.join(' and ')} in another form than a power`);
    const total = node.terms.reduce((sum, { factor }) => sum + factor, 0);
    this.scale *= total ** instances;
    const parts = node.terms.map(({ node: variable, factor }) => {
      const name = variable.kind === 'variable' ? variable.name : '';
      return subGateElement(nodes, this.state(name), ids.get(name)!, factor / total, id, types);
    });
    const gateId = neuroMlIds([...ids.values(), 'fractional']).get('fractional')!;
    this.gates.push([...element('gate', { id: gateId, type: 'gateFractional', instances }, ...parts)]);
  }

  private instances(power: number): number {
    return power >= 1 && power % 1 === 0 ? power : this.refuse(`its open share has a power of ${power}`);
  }

  private state(name: string): MechanismState {
    return this.nodes.mechanism.states.get(name)!;
  }
}

/** The conductance of one channel has no effect where cells give densities. */
const SINGLE = '10pS';
