/** Small-world measures sigma and omega, of the graph with directions ignored, as both are defined. */

import seedrandom from 'seedrandom';
import { requireCount } from '../checks.js';
import type { DirectedGraph, Estimate } from '../data.js';
import { clustering } from './clustering.js';
import { dyadsOf, undirected } from './dyads.js';
import { pathLengths } from './path_lengths.js';
import { type RewirableGraph, rewirable } from './reference_graphs.js';

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
  /** Random graphs to compare with, at least 1. */
  readonly references: number;
  readonly seed: number | string;
  /** Whether to make the lattice that omega needs, which takes most of the time; default true. */
  readonly withLattice?: boolean;
}

const RANDOM_SWEEPS = 3;
/** A lattice is done when this many further sweeps raise its clustering by less than 2 %. */
const LATTICE_SWEEPS = 50;
/** How often to continue swapping if a random graph is disconnected, since paths would have no length in it. */
const CONNECTED_ATTEMPTS = 20;

/** Beyond this the lattice and the paths between all nodes take minutes. */
export const SMALL_WORLD_MAX_EDGES = 500_000;

/**
 * Compares clustering and path length with those of random graphs and of a lattice of the same degrees. Where NetworkX
 * tests every swap for connectedness, random graphs that fall apart are passed over here. The lattice need not hold
 * together, since only its clustering counts; it is sorted until its clustering settles, where NetworkX stops after
 * a number of swaps and so finds an omega nearer to -1 in sparse graphs.
 * @throws AnalysisError when references is not an integer of at least 1
 */
export function smallWorld(
  graph: DirectedGraph,
  { references, seed, withLattice = true }: SmallWorldOptions,
): Estimate<SmallWorld> {
  requireCount('references', references, 1);
  const edges = graph.targets.length;
  if (edges > SMALL_WORLD_MAX_EDGES) {
    return {
      value: null,
      reason: `Small-world measures are computed for up to ${SMALL_WORLD_MAX_EDGES} edges; the graph has ${edges}.`,
    };
  }
  const both = undirected(graph);
  const length = meanPathLength(both);
  if (length === null) {
    return { value: null, reason: 'With directions ignored, some node cannot be reached from another.' };
  }
  const random = seedrandom.alea(String(seed));
  const { transitivity } = clustering(dyadsOf(both));
  let clusteringSum = 0;
  let lengthSum = 0;
  const randomGraph = rewirable(both);
  for (let reference = 0; reference < references; reference++) {
    const drawn = drawConnected(randomGraph, random);
    if (drawn === null) {
      return {
        value: null,
        reason: `${CONNECTED_ATTEMPTS} random graphs with these degrees were all disconnected.`,
      };
    }
    clusteringSum += clustering(dyadsOf(drawn.graph)).transitivity.value ?? 0;
    lengthSum += drawn.length;
  }
  const randomClustering = clusteringSum / references;
  const randomLength = lengthSum / references;
  return {
    value: {
      sigma:
        transitivity.value !== null && randomClustering > 0
          ? { value: transitivity.value / randomClustering / (length / randomLength) }
          : { value: null, reason: 'The random graphs have no triangles.' },
      omega: withLattice
        ? omegaOf(randomLength / length, meanClustering(both), clusteringOfLattice(both, random))
        : { value: null, reason: 'No lattice was made.' },
    },
  };
}

function omegaOf(lengthRatio: number, own: number, latticeClustering: number): Estimate<number> {
  const highest = Math.max(own, latticeClustering);
  return highest > 0
    ? { value: lengthRatio - own / highest }
    : { value: null, reason: 'Neither the graph nor its lattice has triangles.' };
}

function drawConnected(rewired: RewirableGraph, random: () => number) {
  for (let attempt = 0; attempt < CONNECTED_ATTEMPTS; attempt++) {
    rewired.randomise({ sweeps: RANDOM_SWEEPS, random });
    const graph = rewired.graph();
    const length = meanPathLength(graph);
    if (length !== null) return { graph, length };
  }
  return null;
}

function clusteringOfLattice(graph: DirectedGraph, random: () => number): number {
  const lattice = rewirable(graph);
  let before = 0;
  for (;;) {
    lattice.latticise({ sweeps: LATTICE_SWEEPS, random });
    const now = meanClustering(lattice.graph());
    if (now <= 1.02 * before) return now;
    before = now;
  }
}

function meanClustering(graph: DirectedGraph): number {
  return clustering(dyadsOf(graph)).mean.value ?? 0;
}

/** Null where the graph is not connected. */
function meanPathLength(graph: DirectedGraph): number | null {
  return pathLengths(graph).value?.averageLength.value?.mean ?? null;
}
