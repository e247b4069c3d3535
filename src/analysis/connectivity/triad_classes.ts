/**
 * The 16 classes of three nodes in a directed graph, by Mutual, Asymmetric and Null dyads (Holland and Leinhardt
 * 1970); letters: Down, Up, Cyclic, Transitive. Names and meaning as in NetworkX and igraph.
 */

import { DYAD_IN, DYAD_MUTUAL, DYAD_OUT } from './dyads.js';

export const TRIAD_NAMES = [
  '003',
  '012',
  '102',
  '021D',
  '021U',
  '021C',
  '111D',
  '111U',
  '030T',
  '030C',
  '201',
  '120D',
  '120U',
  '120C',
  '210',
  '300',
] as const;

export type TriadName = (typeof TRIAD_NAMES)[number];

/** Triads by class. Exact up to 2^53, which all triads of 300,000 nodes stay below. */
export type TriadCensus = Record<TriadName, number>;

/** Motif numbers of the Brain Connectivity Toolbox (motif34lib, Sporns and Kötter 2004) for the 13 connected triads. */
export const BCT_MOTIF_IDS = {
  '021U': 1,
  '021C': 2,
  '021D': 3,
  '111D': 4,
  '030T': 5,
  '111U': 6,
  '030C': 7,
  '120D': 8,
  '201': 9,
  '120C': 10,
  '120U': 11,
  '210': 12,
  '300': 13,
} as const satisfies Partial<Record<TriadName, number>>;

/** Two dyads that share a node, by the sum of their codes' bits as seen from it: see `wedgeIndex`. */
export const WEDGE_NAMES = ['021D', '021C', '111U', '021U', '111D', '201'] as const satisfies TriadName[];

const WEDGE_INDEX_BY_CODES = wedgeIndexTable();

/** Index in `WEDGE_NAMES` of a node's dyads with two neighbours, each code seen from the node. */
export function wedgeIndex(code: number, otherCode: number): number {
  return WEDGE_INDEX_BY_CODES[4 * code + otherCode];
}

function wedgeIndexTable(): Int8Array {
  const table = new Int8Array(16).fill(-1);
  const pairs: [number, number][] = [
    [DYAD_OUT, DYAD_OUT],
    [DYAD_OUT, DYAD_IN],
    [DYAD_OUT, DYAD_MUTUAL],
    [DYAD_IN, DYAD_IN],
    [DYAD_IN, DYAD_MUTUAL],
    [DYAD_MUTUAL, DYAD_MUTUAL],
  ];
  pairs.forEach(([code, otherCode], index) => {
    table[4 * code + otherCode] = index;
    table[4 * otherCode + code] = index;
  });
  return table;
}

/** The same dyad seen from its other node. */
export function reverseCode(code: number): number {
  return code === DYAD_MUTUAL ? DYAD_MUTUAL : DYAD_OUT + DYAD_IN - code;
}

/** Class of three nodes u, v, w that are joined pairwise; uv is the dyad's code seen from u, and so on. */
export function closedTriadName(uv: number, uw: number, vw: number): TriadName {
  const codes = [uv, uw, vw];
  const mutual = codes.filter((code) => code === DYAD_MUTUAL).length;
  if (mutual === 3) return '300';
  if (mutual === 2) return '210';
  const wedges = closedTriadWedges(uv, uw, vw).map((index) => WEDGE_NAMES[index]);
  if (mutual === 0) return wedges.includes('021D') ? '030T' : '030C';
  // The node outside the mutual dyad has the only wedge of two single edges.
  if (wedges.includes('021D')) return '120D';
  return wedges.includes('021U') ? '120U' : '120C';
}

/** Indices in `WEDGE_NAMES` of the wedges at u, v and w of a closed triad. */
export function closedTriadWedges(uv: number, uw: number, vw: number): [number, number, number] {
  return [wedgeIndex(uv, uw), wedgeIndex(reverseCode(uv), vw), wedgeIndex(reverseCode(uw), reverseCode(vw))];
}
