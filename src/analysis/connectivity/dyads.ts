/** Dyads: the pairs of nodes that are joined at all, with the direction. Reciprocity is a count of them. */

import type { DirectedGraph, Estimate } from '../data.js';
import { checkGraph, transpose } from './graph.js';

/** How a node is joined to its neighbour. The two directions of a mutual dyad are the bits of `DYAD_MUTUAL`. */
export const DYAD_OUT = 1;
export const DYAD_IN = 2;
export const DYAD_MUTUAL = 3;

/** Neighbours of each node whatever the direction, compressed by node; each dyad is in both its rows. */
export interface Dyads {
  readonly nodes: number;
  /** Length nodes + 1. */
  readonly rowPointers: Uint32Array;
  /** Ascending within a row. */
  readonly neighbours: Uint32Array;
  /** `DYAD_OUT`, `DYAD_IN` or `DYAD_MUTUAL`, seen from the node that owns the row. */
  readonly codes: Uint8Array;
}

/** The dyads of a graph, in time linear in nodes and edges. */
export function dyadsOf(graph: DirectedGraph): Dyads {
  checkGraph(graph);
  const { nodes, rowPointers: outPointers, targets } = graph;
  const { rowPointers: inPointers, targets: origins } = transpose(graph);
  const rowPointers = new Uint32Array(nodes + 1);
  const neighbours = new Uint32Array(2 * targets.length);
  const codes = new Uint8Array(2 * targets.length);
  let count = 0;
  for (let node = 0; node < nodes; node++) {
    let o = outPointers[node];
    let i = inPointers[node];
    const outEnd = outPointers[node + 1];
    const inEnd = inPointers[node + 1];
    while (o < outEnd || i < inEnd) {
      const target = o < outEnd ? targets[o] : nodes;
      const origin = i < inEnd ? origins[i] : nodes;
      const neighbour = Math.min(target, origin);
      let code = 0;
      if (target === neighbour) {
        code |= DYAD_OUT;
        o++;
      }
      if (origin === neighbour) {
        code |= DYAD_IN;
        i++;
      }
      neighbours[count] = neighbour;
      codes[count++] = code;
    }
    rowPointers[node + 1] = count;
  }
  return { nodes, rowPointers, neighbours: neighbours.slice(0, count), codes: codes.slice(0, count) };
}

/** The graph with an edge both ways wherever there is one either way (networkx to_undirected). */
export function undirected(graph: DirectedGraph): DirectedGraph {
  const { nodes, rowPointers, neighbours } = dyadsOf(graph);
  return { nodes, rowPointers, targets: neighbours };
}

/** Edges whose reverse is there too, over all edges, 0..1 (networkx.overall_reciprocity; igraph mode 'default'). */
export function reciprocity({ codes }: Dyads): Estimate<number> {
  const counts = new Float64Array(4);
  for (let k = 0; k < codes.length; k++) counts[codes[k]]++;
  const edges = counts[DYAD_OUT] + counts[DYAD_MUTUAL];
  if (edges === 0) return { value: null, reason: 'A graph without edges has no reciprocity.' };
  return { value: counts[DYAD_MUTUAL] / edges };
}
