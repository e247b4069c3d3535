import { type Circuit, type Projection, senderCount } from '../model/circuit.js';

/** Synapses to expect of a projection; where they depend on distance, as if all cells were in one place: the most. */
export function mostSynapses(circuit: Circuit, { from, to, connector }: Projection): number {
  const [sources, targets] = [senderCount(circuit, from)!, circuit.populations[to].neurons];
  switch (connector.kind) {
    case 'fixed-probability':
    case 'distance-dependent':
      return connector.probability * sources * targets;
    case 'fixed-in-degree':
      return connector.inDegree * targets;
    case 'fixed-total':
      return connector.synapses;
    case 'list':
      return connector.pairs.length;
  }
}
