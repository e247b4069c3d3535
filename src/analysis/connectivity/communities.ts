/** Communities found by the Louvain method. */

import { DirectedGraph as GraphologyGraph } from 'graphology';
import louvainModule from 'graphology-communities-louvain';
import seedrandom from 'seedrandom';
import type { DirectedGraph, Estimate } from '../data.js';
import { checkGraph } from './graph.js';

// The package is CommonJS: its types put the function under `default`, but Node and bundlers import it directly.
const louvain = louvainModule as unknown as typeof louvainModule.default;

export interface Communities {
  /** Community of each node, 0 .. count - 1. */
  readonly ofNode: Uint32Array;
  readonly count: number;
  /** Directed modularity of this division, as `modularity` gives. */
  readonly modularity: number;
}

/** The library's graph takes about 300 bytes per edge; beyond this it would fill a browser's memory. */
export const LOUVAIN_MAX_EDGES = 1_000_000;

/**
 * Louvain's method for directed modularity (Dugué and Perez 2015; graphology-communities-louvain). The result is a
 * local optimum that depends on the seed.
 */
export function communities(graph: DirectedGraph, seed: number | string): Estimate<Communities> {
  checkGraph(graph);
  const edges = graph.targets.length;
  if (edges === 0) return { value: null, reason: 'A graph without edges has no communities.' };
  if (edges > LOUVAIN_MAX_EDGES) {
    return {
      value: null,
      reason: `Communities are computed for up to ${LOUVAIN_MAX_EDGES} edges; the graph has ${edges}.`,
    };
  }
  const library = new GraphologyGraph({ allowSelfLoops: false });
  for (let node = 0; node < graph.nodes; node++) library.addNode(node);
  for (let node = 0; node < graph.nodes; node++) {
    for (let k = graph.rowPointers[node]; k < graph.rowPointers[node + 1]; k++) {
      library.addDirectedEdge(node, graph.targets[k]);
    }
  }
  const found = louvain.detailed(library, { rng: seedrandom.alea(String(seed)), getEdgeWeight: null });
  return {
    value: {
      ofNode: Uint32Array.from({ length: graph.nodes }, (_, node) => found.communities[node]),
      count: found.count,
      modularity: found.modularity,
    },
  };
}
