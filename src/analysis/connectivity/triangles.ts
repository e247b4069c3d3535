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
  const { rowPointers, neighbours, positions, largestRow } = upwardDyads(dyads);
  const isNeighbourOfU = new Uint8Array(nodes);
  const positionFromU = new Uint32Array(nodes);
  const closing = new Uint32Array(largestRow + 1);
  for (let u = 0; u < nodes; u++) {
    const uStart = rowPointers[u];
    const uEnd = rowPointers[u + 1];
    if (uEnd - uStart < 2) continue;
    for (let k = uStart; k < uEnd; k++) {
      isNeighbourOfU[neighbours[k]] = 1;
      positionFromU[neighbours[k]] = positions[k];
    }
    for (let k = uStart; k < uEnd; k++) {
      const v = neighbours[k];
      const vEnd = rowPointers[v + 1];
      // Collected without a branch, which in dense graphs the processor would mispredict half the time.
      let found = 0;
      for (let j = rowPointers[v]; j < vEnd; j++) {
        closing[found] = j;
        found += isNeighbourOfU[neighbours[j]];
      }
      for (let i = 0; i < found; i++) {
        const w = neighbours[closing[i]];
        visit(u, v, w, positions[k], positionFromU[w], positions[closing[i]]);
      }
    }
    for (let k = uStart; k < uEnd; k++) isNeighbourOfU[neighbours[k]] = 0;
  }
}

/** The dyads from each node to its neighbours of higher degree (ties: higher index), with their positions in `Dyads`. */
function upwardDyads({ nodes, rowPointers, neighbours }: Dyads) {
  const upPointers = new Uint32Array(nodes + 1);
  const upNeighbours = new Uint32Array(neighbours.length / 2);
  const positions = new Uint32Array(neighbours.length / 2);
  let count = 0;
  let largestRow = 0;
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
    largestRow = Math.max(largestRow, count - upPointers[node]);
  }
  return { rowPointers: upPointers, neighbours: upNeighbours, positions, largestRow };
}
