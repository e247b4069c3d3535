/**
 * Triad census by population composition. Only closed triads are enumerated; the open ones follow from degrees:
 * the pairs of neighbours of each node, less those that a closed triad contains. O(n + triangles' search), the
 * idea of Batagelj and Mrvar (2001) carried on to wedges; counts equal networkx.triadic_census.
 */

import { DYAD_MUTUAL, type Dyads } from './dyads.js';
import { type PopulationMap, singlePopulation } from './populations.js';
import {
  closedTriadName,
  closedTriadWedges,
  TRIAD_NAMES,
  type TriadCensus,
  WEDGE_NAMES,
  wedgeIndex,
} from './triad_classes.js';
import { forEachTriangle, type TriangleFan, type TriangleVisitor } from './triangles.js';

/** The triads whose three nodes come from these populations, in whatever order. */
export interface TriadsOfComposition {
  /** Population names, in the order of the populations. */
  readonly populations: readonly [string, string, string];
  readonly census: TriadCensus;
}

/** Triads of the whole graph by class. */
export function triadCensus(dyads: Dyads): TriadCensus {
  return triadCensusByPopulation(dyads, singlePopulation(dyads.nodes))[0].census;
}

/** One census for each multiset of three populations; they add up to that of the whole graph. */
export function triadCensusByPopulation(dyads: Dyads, populations: PopulationMap): TriadsOfComposition[] {
  const counter = closedTriadCounter(dyads, populations);
  forEachTriangle(dyads, counter.visit);
  return counter.finish();
}

/** The sum of censuses, as of all compositions. */
export function addCensuses(censuses: readonly TriadCensus[]): TriadCensus {
  const sum = emptyCensus();
  for (const census of censuses) for (const name of TRIAD_NAMES) sum[name] += census[name];
  return sum;
}

/** Counts the closed triads it is shown, for callers that share one pass over triangles between measures. */
export function closedTriadCounter(
  dyads: Dyads,
  populations: PopulationMap,
): { visit: TriangleVisitor; finish: () => TriadsOfComposition[] } {
  const { ofNode } = populations;
  const compositions = compositionsOf(populations.names.length);
  const { index } = compositions;
  const kinds = populations.names.length;
  // By composition, then by the codes of the three dyads.
  const closed = new Float64Array(compositions.list.length * 64);

  function visit(u: number, v: number, code: number, fan: TriangleFan): void {
    const { count, w, codes } = fan;
    const pair = (ofNode[u] * kinds + ofNode[v]) * kinds;
    for (let i = 0; i < count; i++) closed[64 * index[pair + ofNode[w[i]]] + 16 * code + codes[i]]++;
  }

  function finish(): TriadsOfComposition[] {
    const open = countOpenPatterns(dyads, populations, compositions);
    return compositions.list.map((members, composition) => ({
      populations: [
        populations.names[members[0]],
        populations.names[members[1]],
        populations.names[members[2]],
      ],
      census: censusFromCounts(
        closed.subarray(64 * composition, 64 * (composition + 1)),
        open.wedges.subarray(WEDGE_NAMES.length * composition, WEDGE_NAMES.length * (composition + 1)),
        open.singles[composition],
        open.mutuals[composition],
        triadsOf(members, open.sizes),
      ),
    }));
  }

  return { visit, finish };
}

interface Compositions {
  /** Ascending triples of population indices. */
  readonly list: readonly (readonly [number, number, number])[];
  /** Position in `list` by (a * populations + b) * populations + c, in any order of a, b, c. */
  readonly index: Uint32Array;
}

function compositionsOf(kinds: number): Compositions {
  const list: [number, number, number][] = [];
  const index = new Uint32Array(kinds ** 3);
  for (let a = 0; a < kinds; a++) {
    for (let b = a; b < kinds; b++) {
      for (let c = b; c < kinds; c++) {
        for (const [x, y, z] of [
          [a, b, c],
          [a, c, b],
          [b, a, c],
          [b, c, a],
          [c, a, b],
          [c, b, a],
        ]) {
          index[(x * kinds + y) * kinds + z] = list.length;
        }
        list.push([a, b, c]);
      }
    }
  }
  return { list, index };
}

/** Wedges, and dyads with any third node, by composition, whatever else joins the three nodes. */
function countOpenPatterns(dyads: Dyads, { names, ofNode }: PopulationMap, { list, index }: Compositions) {
  const { rowPointers, neighbours: others, codes } = dyads;
  const kinds = names.length;
  const sizes = new Float64Array(kinds);
  const wedges = new Float64Array(list.length * WEDGE_NAMES.length);
  const singles = new Float64Array(list.length);
  const mutuals = new Float64Array(list.length);
  const singlesOfPair = new Float64Array(kinds * kinds);
  const mutualsOfPair = new Float64Array(kinds * kinds);
  // The current node's neighbours by population and by code - 1.
  const neighbours = new Float64Array(kinds * 3);

  for (let node = 0; node < dyads.nodes; node++) {
    const own = ofNode[node];
    sizes[own]++;
    neighbours.fill(0);
    const end = rowPointers[node + 1];
    for (let k = rowPointers[node]; k < end; k++) {
      const kind = ofNode[others[k]];
      neighbours[3 * kind + codes[k] - 1]++;
      if (others[k] > node) {
        if (codes[k] === DYAD_MUTUAL) mutualsOfPair[own * kinds + kind]++;
        else singlesOfPair[own * kinds + kind]++;
      }
    }
    for (let i = 0; i < neighbours.length; i++) {
      if (neighbours[i] === 0) continue;
      for (let j = i; j < neighbours.length; j++) {
        const pairs = i === j ? (neighbours[i] * (neighbours[i] - 1)) / 2 : neighbours[i] * neighbours[j];
        const composition = index[(own * kinds + Math.floor(i / 3)) * kinds + Math.floor(j / 3)];
        wedges[composition * WEDGE_NAMES.length + wedgeIndex((i % 3) + 1, (j % 3) + 1)] += pairs;
      }
    }
  }
  for (let a = 0; a < kinds; a++) {
    for (let b = 0; b < kinds; b++) {
      for (let c = 0; c < kinds; c++) {
        const thirds = sizes[c] - (c === a ? 1 : 0) - (c === b ? 1 : 0);
        const composition = index[(a * kinds + b) * kinds + c];
        singles[composition] += singlesOfPair[a * kinds + b] * thirds;
        mutuals[composition] += mutualsOfPair[a * kinds + b] * thirds;
      }
    }
  }
  return { sizes, wedges, singles, mutuals };
}

/** Ways to draw three different nodes of the given populations. */
function triadsOf([a, b, c]: readonly [number, number, number], sizes: Float64Array): number {
  if (a === c) return binomial3(sizes[a]);
  if (a === b) return ((sizes[a] * (sizes[a] - 1)) / 2) * sizes[c];
  if (b === c) return ((sizes[b] * (sizes[b] - 1)) / 2) * sizes[a];
  return sizes[a] * sizes[b] * sizes[c];
}

/** n (n - 1) (n - 2) / 6, dividing before the product passes 2^53. */
function binomial3(n: number): number {
  const pairs = (n * (n - 1)) / 2;
  return pairs % 3 === 0 ? (pairs / 3) * (n - 2) : pairs * ((n - 2) / 3);
}

function censusFromCounts(
  closed: Float64Array,
  wedges: Float64Array,
  singleDyads: number,
  mutualDyads: number,
  triads: number,
): TriadCensus {
  const census = emptyCensus();
  WEDGE_NAMES.forEach((name, index) => {
    census[name] = wedges[index];
  });
  closed.forEach((count, codes) => {
    if (count === 0) return;
    const triad = [codes >> 4, (codes >> 2) & 3, codes & 3] as const;
    census[closedTriadName(...triad)] += count;
    for (const wedge of closedTriadWedges(...triad)) census[WEDGE_NAMES[wedge]] -= count;
  });
  // The first two digits of a name are its mutual and asymmetric dyads.
  census['102'] = mutualDyads;
  census['012'] = singleDyads;
  for (const name of TRIAD_NAMES.slice(3)) {
    census['102'] -= Number(name[0]) * census[name];
    census['012'] -= Number(name[1]) * census[name];
  }
  census['003'] = triads;
  for (const name of TRIAD_NAMES.slice(1)) census['003'] -= census[name];
  return census;
}

function emptyCensus(): TriadCensus {
  return Object.fromEntries(TRIAD_NAMES.map((name) => [name, 0])) as TriadCensus;
}
