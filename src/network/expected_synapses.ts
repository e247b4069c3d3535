import { type Circuit, type Projection, senderCount } from '../model/circuit.js';

/**
 * Expected number of synapses of a projection; if it depends on distance, the number for cells that are all in one
 * place, which is the largest.
 */
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
