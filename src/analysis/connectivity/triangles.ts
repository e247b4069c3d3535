/** Every three nodes that are joined pairwise, each once: what clustering and the triad census count. */

import type { Dyads } from './dyads.js';

/** The third nodes w of the triangles on one dyad u-v, in the first `count` places of each array, which are reused. */
export interface TriangleFan {
  count: number;
  readonly w: Uint32Array;
  /** Position in `Dyads` of the dyad u-w in the row of u. */
  readonly uw: Uint32Array;
  /** Position in `Dyads` of the dyad v-w in the row of v. */
  readonly vw: Uint32Array;
}

/** Called for a dyad u-v, at position `uv` in the row of u, that is the first of some triangles. */
export type TriangleVisitor = (u: number, v: number, uv: number, fan: TriangleFan) => void;

/**
 * Visits each triangle once, whatever its directions. Every dyad is followed only from its node of lower degree
 * to that of higher degree, which bounds the work by O(m^1.5) whatever the degrees (Latapy 2008).
 */
export function forEachTriangle(dyads: Dyads, visit: TriangleVisitor): void {
  const up = upwardDyads(dyads);
  const fan = {
    count: 0,
    w: new Uint32Array(up.largestRow),
    uw: new Uint32Array(up.largestRow),
    vw: new Uint32Array(up.largestRow),
  };
  const wordsPerRow = Math.ceil(up.nodes / 32);
  const isDense = up.nodes <= DENSE_MAX_NODES && wordsPerRow * up.nodes < up.neighbours.length;
  const finder = isDense ? commonNeighboursByBits(up, fan) : commonNeighboursByRows(up, fan);
  for (let u = 0; u < up.nodes; u++) {
    const start = up.rowPointers[u];
    const end = up.rowPointers[u + 1];
    if (end - start < 2) continue;
    finder.enter(u);
    for (let k = start; k < end; k++) {
      finder.find(up.neighbours[k]);
      if (fan.count > 0) visit(u, up.neighbours[k], up.positions[k], fan);
    }
    finder.leave(u);
  }
}

/** Up to here a matrix of positions, 16 MiB, is affordable; rows of bits pay where they are shorter than the lists. */
const DENSE_MAX_NODES = 2048;

/** Fills the fan with the upward neighbours that v shares with the u that was entered. */
interface CommonNeighbours {
  enter(u: number): void;
  find(v: number): void;
  leave(u: number): void;
}

type UpwardDyads = ReturnType<typeof upwardDyads>;

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
  return { nodes, rowPointers: upPointers, neighbours: upNeighbours, positions, largestRow };
}

function commonNeighboursByRows(up: UpwardDyads, fan: TriangleFan): CommonNeighbours {
  const { nodes, rowPointers, neighbours, positions } = up;
  const isNeighbourOfU = new Uint8Array(nodes);
  const positionFromU = new Uint32Array(nodes);
  const closing = new Uint32Array(up.largestRow + 1);
  return {
    enter(u) {
      for (let k = rowPointers[u]; k < rowPointers[u + 1]; k++) {
        isNeighbourOfU[neighbours[k]] = 1;
        positionFromU[neighbours[k]] = positions[k];
      }
    },
    find(v) {
      // Collected without a branch, which the processor would often mispredict.
      const end = rowPointers[v + 1];
      let found = 0;
      for (let k = rowPointers[v]; k < end; k++) {
        closing[found] = k;
        found += isNeighbourOfU[neighbours[k]];
      }
      for (let i = 0; i < found; i++) {
        const w = neighbours[closing[i]];
        fan.w[i] = w;
        fan.uw[i] = positionFromU[w];
        fan.vw[i] = positions[closing[i]];
      }
      fan.count = found;
    },
    leave(u) {
      for (let k = rowPointers[u]; k < rowPointers[u + 1]; k++) isNeighbourOfU[neighbours[k]] = 0;
    },
  };
}

function commonNeighboursByBits(up: UpwardDyads, fan: TriangleFan): CommonNeighbours {
  const { nodes, rowPointers, neighbours, positions } = up;
  const { w: third, uw, vw } = fan;
  const wordsPerRow = Math.ceil(nodes / 32);
  const bits = new Int32Array(nodes * wordsPerRow);
  const positionOf = new Uint32Array(nodes * nodes);
  for (let node = 0; node < nodes; node++) {
    for (let k = rowPointers[node]; k < rowPointers[node + 1]; k++) {
      bits[node * wordsPerRow + (neighbours[k] >>> 5)] |= 1 << (neighbours[k] & 31);
      positionOf[node * nodes + neighbours[k]] = positions[k];
    }
  }
  let u = 0;
  return {
    enter(node) {
      u = node;
    },
    find(v) {
      const uRow = u * nodes;
      const vRow = v * nodes;
      let found = 0;
      for (let word = 0; word < wordsPerRow; word++) {
        let common = bits[u * wordsPerRow + word] & bits[v * wordsPerRow + word];
        while (common !== 0) {
          const lowest = common & -common;
          const w = 32 * word + 31 - Math.clz32(lowest);
          third[found] = w;
          uw[found] = positionOf[uRow + w];
          vw[found++] = positionOf[vRow + w];
          common ^= lowest;
        }
      }
      fan.count = found;
    },
    leave() {},
  };
}
