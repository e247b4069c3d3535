/** Small-world measures sigma and omega, of the graph with directions ignored, as both are defined. */

import seedrandom from 'seedrandom';
import { AnalysisError, type DirectedGraph, type Estimate } from '../data.js';
import { clustering } from './clustering.js';
import { dyadsOf, undirected } from './dyads.js';
import { pathLengths } from './path-lengths.js';
import { type RewirableGraph, rewirable } from './reference-graphs.js';

export interface SmallWorld {
  /**
   * (C / C_random) / (L / L_random) with C the transitivity and L the average path length; above 1 small-world
   * (Humphries and Gurney 2008, networkx.sigma).
   */
  readonly sigma: Estimate<number>;
  /**
   * L_random / L - C / C_lattice with C the mean clustering: near 0 small-world, towards -1 a lattice, towards 1
   * random (Telesford 2011, networkx.omega).
   */
  readonly omega: Estimate<number>;
}

export interface SmallWorldOptions {
  /** Random and lattice graphs to compare with, at least 1 of each. */
  readonly references: number;
  readonly seed: number | string;
}

const RANDOM_SWAPS_PER_EDGE = 5;
/** Sorting into a lattice takes longer than mixing, as ever fewer swaps shorten the edges. */
const LATTICE_SWAPS_PER_EDGE = 50;
/** How often to go on swapping when a random graph falls apart, in which paths would have no length. */
const CONNECTED_ATTEMPTS = 20;

/**
 * Compares clustering and path length with those of random and lattice graphs of the same degrees. Where NetworkX
 * tests every swap for connectedness, random graphs that fall apart are passed over here; lattices need not hold
 * together, since only their clustering counts, and the largest is taken, as NetworkX takes it.
 * @throws AnalysisError when references is not an integer of at least 1
 */
export function smallWorld(
  graph: DirectedGraph,
  { references, seed }: SmallWorldOptions,
): Estimate<SmallWorld> {
  if (!Number.isInteger(references) || references < 1) {
    throw new AnalysisError(`references must be an integer of at least 1, got ${references}`);
  }
  const both = undirected(graph);
  const length = meanPathLength(both);
  if (length === null) {
    return { value: null, reason: 'With directions ignored, some node cannot be reached from another.' };
  }
  const random = seedrandom.alea(String(seed));
  const own = clustering(dyadsOf(both));
  let clusteringSum = 0;
  let lengthSum = 0;
  let latticeClustering = own.mean.value ?? 0;
  const randomGraph = rewirable(both);
  for (let reference = 0; reference < references; reference++) {
    const drawn = drawConnected(randomGraph, random);
    if (drawn === null) {
      return {
        value: null,
        reason: `${CONNECTED_ATTEMPTS} random graphs with these degrees all fell apart.`,
      };
    }
    clusteringSum += clustering(dyadsOf(drawn.graph)).transitivity.value ?? 0;
    lengthSum += drawn.length;
    const lattice = rewirable(both);
    lattice.latticise({ swapsPerEdge: LATTICE_SWAPS_PER_EDGE, random });
    latticeClustering = Math.max(latticeClustering, clustering(dyadsOf(lattice.graph())).mean.value ?? 0);
  }
  const randomClustering = clusteringSum / references;
  const randomLength = lengthSum / references;
  return {
    value: {
      sigma:
        own.transitivity.value !== null && randomClustering > 0
          ? { value: own.transitivity.value / randomClustering / (length / randomLength) }
          : { value: null, reason: 'The random graphs have no triangles.' },
      omega:
        latticeClustering > 0
          ? { value: randomLength / length - (own.mean.value ?? 0) / latticeClustering }
          : { value: null, reason: 'Neither the graph nor its lattices have triangles.' },
    },
  };
}

function drawConnected(rewired: RewirableGraph, random: () => number) {
  for (let attempt = 0; attempt < CONNECTED_ATTEMPTS; attempt++) {
    rewired.randomise({ swapsPerEdge: RANDOM_SWAPS_PER_EDGE, random });
    const graph = rewired.graph();
    const length = meanPathLength(graph);
    if (length !== null) return { graph, length };
  }
  return null;
}

/** Null where the graph is not connected. */
function meanPathLength(graph: DirectedGraph): number | null {
  return pathLengths(graph).value?.averageLength.value?.mean ?? null;
}
