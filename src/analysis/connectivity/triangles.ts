/** Every three nodes that are joined pairwise, each once: what clustering and the triad census count. */

import { DYAD_IN, DYAD_OUT, type Dyads } from './dyads.js';

/** The third nodes w of the triangles on one dyad u-v: the first `count` places of arrays that are used again. */
export interface TriangleFan {
  count: number;
  readonly w: Uint32Array;
  /** 4 times the code of the dyad u-w, seen from u, plus that of v-w, seen from v. */
  readonly codes: Uint8Array;
}

/** Called for a dyad u-v, its code seen from u, that is the first of some triangles. */
export type TriangleVisitor = (u: number, v: number, code: number, fan: TriangleFan) => void;

/**
 * Visits each triangle once, whatever its directions. Every dyad is followed only from its node of lower degree
 * to that of higher degree, which bounds the work by O(m^1.5) whatever the degrees (Latapy 2008).
 */
export function forEachTriangle(dyads: Dyads, visit: TriangleVisitor): void {
  const up = upwardDyads(dyads);
  const fan = { count: 0, w: new Uint32Array(up.largestRow), codes: new Uint8Array(up.largestRow) };
  // Rows of bits pay where they have fewer words than the lists have entries.
  const isDense = Math.ceil(up.nodes / 32) * up.nodes < up.neighbours.length;
  const finder = isDense ? commonNeighboursByBits(up, fan) : commonNeighboursByLists(up, fan);
  for (let u = 0; u < up.nodes; u++) {
    const start = up.rowPointers[u];
    const end = up.rowPointers[u + 1];
    if (end - start < 2) continue;
    finder.enter(u);
    for (let k = start; k < end; k++) {
      const v = up.neighbours[k];
      finder.find(v);
      if (fan.count > 0) visit(up.nodeOfRank[u], up.nodeOfRank[v], up.codes[k], fan);
    }
    finder.leave(u);
  }
}

/** Fills the fan with the upward neighbours that v shares with the u that was entered; both are ranks. */
interface CommonNeighbours {
  enter(u: number): void;
  find(v: number): void;
  leave(u: number): void;
}

type UpwardDyads = ReturnType<typeof upwardDyads>;

/** The dyads from each node to those of higher rank, where nodes are called by their rank in degree. */
function upwardDyads({ nodes, rowPointers, neighbours, codes }: Dyads) {
  const degree = (node: number) => rowPointers[node + 1] - rowPointers[node];
  const nodeOfRank = Uint32Array.from({ length: nodes }, (_, node) => node);
  nodeOfRank.sort((a, b) => degree(a) - degree(b) || a - b);
  const rankOfNode = new Uint32Array(nodes);
  for (let rank = 0; rank < nodes; rank++) rankOfNode[nodeOfRank[rank]] = rank;

  const upPointers = new Uint32Array(nodes + 1);
  const upNeighbours = new Uint32Array(neighbours.length / 2);
  const upCodes = new Uint8Array(neighbours.length / 2);
  let count = 0;
  let largestRow = 0;
  for (let rank = 0; rank < nodes; rank++) {
    const node = nodeOfRank[rank];
    const end = rowPointers[node + 1];
    for (let k = rowPointers[node]; k < end; k++) {
      const itsRank = rankOfNode[neighbours[k]];
      if (itsRank > rank) {
        upNeighbours[count] = itsRank;
        upCodes[count++] = codes[k];
      }
    }
    upPointers[rank + 1] = count;
    largestRow = Math.max(largestRow, count - upPointers[rank]);
  }
  return { nodes, nodeOfRank, rowPointers: upPointers, neighbours: upNeighbours, codes: upCodes, largestRow };
}

function commonNeighboursByLists(up: UpwardDyads, fan: TriangleFan): CommonNeighbours {
  const { nodeOfRank, rowPointers, neighbours, codes } = up;
  const codeFromU = new Uint8Array(up.nodes);
  const closing = new Uint32Array(up.largestRow + 1);
  return {
    enter(u) {
      for (let k = rowPointers[u]; k < rowPointers[u + 1]; k++) codeFromU[neighbours[k]] = codes[k];
    },
    find(v) {
      // Collected without a branch, which the processor would often mispredict.
      const end = rowPointers[v + 1];
      let found = 0;
      for (let k = rowPointers[v]; k < end; k++) {
        closing[found] = k;
        found += codeFromU[neighbours[k]] === 0 ? 0 : 1;
      }
      for (let i = 0; i < found; i++) {
        const w = neighbours[closing[i]];
        fan.w[i] = nodeOfRank[w];
        fan.codes[i] = 4 * codeFromU[w] + codes[closing[i]];
      }
      fan.count = found;
    },
    leave(u) {
      for (let k = rowPointers[u]; k < rowPointers[u + 1]; k++) codeFromU[neighbours[k]] = 0;
    },
  };
}

function commonNeighboursByBits(up: UpwardDyads, fan: TriangleFan): CommonNeighbours {
  const { nodes, nodeOfRank, rowPointers, neighbours, codes } = up;
  const { w: third, codes: fanCodes } = fan;
  const wordsPerRow = Math.ceil(nodes / 32);
  // Both directions of 32 neighbours side by side: bit i of word 2 k is an edge to node 32 k + i, of word 2 k + 1 from it.
  const bits = new Int32Array(2 * nodes * wordsPerRow);
  for (let node = 0; node < nodes; node++) {
    for (let k = rowPointers[node]; k < rowPointers[node + 1]; k++) {
      const word = 2 * (node * wordsPerRow + (neighbours[k] >>> 5));
      const bit = 1 << (neighbours[k] & 31);
      if (codes[k] & DYAD_OUT) bits[word] |= bit;
      if (codes[k] & DYAD_IN) bits[word + 1] |= bit;
    }
  }
  let uRow = 0;
  return {
    enter(u) {
      uRow = 2 * u * wordsPerRow;
    },
    find(v) {
      const vRow = 2 * v * wordsPerRow;
      let found = 0;
      // No upward neighbour of v comes before v.
      for (let word = v >>> 5; word < wordsPerRow; word++) {
        const fromU = bits[uRow + 2 * word];
        const toU = bits[uRow + 2 * word + 1];
        const fromV = bits[vRow + 2 * word];
        const toV = bits[vRow + 2 * word + 1];
        let common = (fromU | toU) & (fromV | toV);
        while (common !== 0) {
          const bit = 31 - Math.clz32(common);
          common ^= 1 << bit;
          third[found] = nodeOfRank[32 * word + bit];
          fanCodes[found++] =
            (((toU >>> bit) & 1) << 3) |
            (((fromU >>> bit) & 1) << 2) |
            (((toV >>> bit) & 1) << 1) |
            ((fromV >>> bit) & 1);
        }
      }
      fan.count = found;
    },
    leave() {},
  };
}
