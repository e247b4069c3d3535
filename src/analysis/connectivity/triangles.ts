/** Every three nodes that are joined pairwise, each once: what clustering and the triad census count. */

import type { Dyads } from './dyads.js';

/**
 * Called with the nodes u, v, w of a triangle and the positions of the dyads u-v, u-w and v-w in `Dyads`,
 * each in the row of the node named first.
 */
export type TriangleVisitor = (u: number, v: number, w: number, uv: number, uw: number, vw: number) => void;

/**
 * Visits each triangle once, whatever its directions. Every dyad is followed only from its node of lower degree
 * to that of higher degree, which bounds the work by O(m^1.5) whatever the degrees (Latapy 2008).
 */
export function forEachTriangle(dyads: Dyads, visit: TriangleVisitor): void {
  const { nodes } = dyads;
  const up = upwardDyads(dyads);
  // The position, plus 1, of the dyad from u to each of its upward neighbours; 0 elsewhere.
  const positionFromU = new Uint32Array(nodes);
  for (let u = 0; u < nodes; u++) {
    const uStart = up.rowPointers[u];
    const uEnd = up.rowPointers[u + 1];
    if (uEnd - uStart < 2) continue;
    for (let k = uStart; k < uEnd; k++) positionFromU[up.neighbours[k]] = up.positions[k] + 1;
    for (let k = uStart; k < uEnd; k++) {
      const v = up.neighbours[k];
      const vEnd = up.rowPointers[v + 1];
      for (let j = up.rowPointers[v]; j < vEnd; j++) {
        const w = up.neighbours[j];
        const fromU = positionFromU[w];
        if (fromU !== 0) visit(u, v, w, up.positions[k], fromU - 1, up.positions[j]);
      }
    }
    for (let k = uStart; k < uEnd; k++) positionFromU[up.neighbours[k]] = 0;
  }
}

/** The dyads from each node to its neighbours of higher degree (ties: higher index), with their positions in `Dyads`. */
function upwardDyads({ nodes, rowPointers, neighbours }: Dyads) {
  const upPointers = new Uint32Array(nodes + 1);
  const upNeighbours = new Uint32Array(neighbours.length / 2);
  const positions = new Uint32Array(neighbours.length / 2);
  let count = 0;
  for (let node = 0; node < nodes; node++) {
    const degree = rowPointers[node + 1] - rowPointers[node];
    for (let k = rowPointers[node]; k < rowPointers[node + 1]; k++) {
      const neighbour = neighbours[k];
      const itsDegree = rowPointers[neighbour + 1] - rowPointers[neighbour];
      if (itsDegree > degree || (itsDegree === degree && neighbour > node)) {
        upNeighbours[count] = neighbour;
        positions[count++] = k;
      }
    }
    upPointers[node + 1] = count;
  }
  return { rowPointers: upPointers, neighbours: upNeighbours, positions };
}
