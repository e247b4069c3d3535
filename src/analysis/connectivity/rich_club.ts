/** Rich club: are the nodes of high degree joined to each other more densely than the rest? */

import type { DirectedGraph } from '../data.js';
import { inDegrees, outDegrees } from './degrees.js';
import { undirected } from './dyads.js';

/** Entry k: density, 0..1, among the nodes whose degree exceeds k; ends where fewer than two such nodes are left. */
export type RichClub = Float64Array;

/** With directions ignored (networkx.rich_club_coefficient, not normalised). */
export function undirectedRichClub(graph: DirectedGraph): RichClub {
  const both = undirected(graph);
  return richClub(both, outDegrees(both));
}

/** Directed edges, by in-degree plus out-degree (Brain Connectivity Toolbox rich_club_bd, whose entries begin at k = 1). */
export function directedRichClub(graph: DirectedGraph): RichClub {
  const into = inDegrees(graph);
  return richClub(
    graph,
    outDegrees(graph).map((out, node) => out + into[node]),
  );
}

/** A club of at most this share of the nodes. */
const CLUB_SHARE = 0.1;

/**
 * The least degree (in and out together) that at most a tenth of the nodes exceed; null where fewer than two nodes do:
 * then there is no club.
 */
export function richClubDegree(graph: DirectedGraph): number | null {
  const into = inDegrees(graph);
  const degrees = outDegrees(graph)
    .map((out, node) => out + into[node])
    .sort();
  const members = Math.floor(CLUB_SHARE * graph.nodes);
  const degree = degrees[degrees.length - 1 - members];
  return members < 2 || degrees[degrees.length - 2] <= degree ? null : degree;
}

function richClub(graph: DirectedGraph, degrees: Uint32Array): RichClub {
  const levels = degrees.reduce((most, degree) => Math.max(most, degree), 0) + 1;
  // A node is in the clubs below its degree, an edge in those below the lower of its two.
  const nodesAtLevel = new Float64Array(levels + 1);
  const edgesAtLevel = new Float64Array(levels + 1);
  for (let node = 0; node < graph.nodes; node++) {
    nodesAtLevel[degrees[node]]++;
    for (let k = graph.rowPointers[node]; k < graph.rowPointers[node + 1]; k++) {
      edgesAtLevel[Math.min(degrees[node], degrees[graph.targets[k]])]++;
    }
  }
  for (let level = levels - 1; level >= 0; level--) {
    nodesAtLevel[level] += nodesAtLevel[level + 1];
    edgesAtLevel[level] += edgesAtLevel[level + 1];
  }
  let length = 0;
  while (length < levels && nodesAtLevel[length + 1] > 1) length++;
  return Float64Array.from({ length }, (_, k) => {
    const members = nodesAtLevel[k + 1];
    return edgesAtLevel[k + 1] / (members * (members - 1));
  });
}
