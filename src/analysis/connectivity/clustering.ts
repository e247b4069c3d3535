/** Clustering and transitivity of directed graphs; a graph with every edge both ways gets the undirected values. */

import { AnalysisError, type Estimate } from '../data.js';
import { DYAD_MUTUAL, DYAD_OUT, type Dyads, dyadsOf } from './dyads.js';
import type { WeightedDirectedGraph } from './graph.js';
import { forEachTriangle, type TriangleFan, type TriangleVisitor } from './triangles.js';

export interface Clustering {
  /** Per node, 0..1; 0 for a node without two neighbours, as NetworkX has it. */
  readonly coefficients: Float64Array;
  /** Mean of `coefficients` over all nodes. */
  readonly mean: Estimate<number>;
  /** Directed triangles of all nodes over those that their degrees allow, 0..1 (BCT transitivity_bd). */
  readonly transitivity: Estimate<number>;
}

/**
 * Directed clustering T / (2 (k (k - 1) - 2 k_mutual)), where T counts a node's directed triangles and k is
 * its in-degree plus out-degree (Fagiolo 2007, as networkx.clustering), and transitivity over all nodes.
 */
export function clustering(dyads: Dyads): Clustering {
  const counter = triangleClustering(dyads);
  forEachTriangle(dyads, counter.visit);
  return counter.finish();
}

/** Counts the triangles that it is given, for callers that share one pass over triangles between measures. */
export function triangleClustering(dyads: Dyads): { visit: TriangleVisitor; finish: () => Clustering } {
  const triangles = new Float64Array(dyads.nodes);
  const edges = (code: number) => (code === DYAD_MUTUAL ? 2 : 1);
  const edgePairs = Uint8Array.from({ length: 16 }, (_, codes) => edges(codes >> 2) * edges(codes & 3));

  function visit(u: number, v: number, code: number, { count, w, codes }: TriangleFan): void {
    // Each triangle is walked from a node in both senses, hence twice the product.
    const twiceEdges = 2 * edges(code);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const directed = twiceEdges * edgePairs[codes[i]];
      triangles[w[i]] += directed;
      sum += directed;
    }
    triangles[u] += sum;
    triangles[v] += sum;
  }

  return { visit, finish: () => clusteringFromTriangles(dyads, triangles) };
}

/**
 * Directed clustering with the geometric mean of the three weights, over the largest weight, for each triangle
 * (Onnela 2005, as networkx.clustering with `weight`).
 * @throws AnalysisError when a weight is not positive
 */
export function weightedClustering(graph: WeightedDirectedGraph): Clustering {
  const dyads = dyadsOf(graph);
  const { nodes, rowPointers, neighbours } = dyads;
  const strengths = cubeRootWeightsOfDyads(graph, dyads);
  const triangles = new Float64Array(nodes);
  const strengthFromU = new Float64Array(nodes);
  for (let u = 0; u < nodes; u++) {
    for (let k = rowPointers[u]; k < rowPointers[u + 1]; k++) strengthFromU[neighbours[k]] = strengths[k];
    for (let k = rowPointers[u]; k < rowPointers[u + 1]; k++) {
      const v = neighbours[k];
      for (let j = rowPointers[v]; j < rowPointers[v + 1]; j++) {
        triangles[u] += strengths[k] * strengths[j] * strengthFromU[neighbours[j]];
      }
    }
    for (let k = rowPointers[u]; k < rowPointers[u + 1]; k++) strengthFromU[neighbours[k]] = 0;
  }
  return clusteringFromTriangles(dyads, triangles);
}

/** `triangles[i]` sums node i's directed triangles, walked in both senses. */
function clusteringFromTriangles(dyads: Dyads, triangles: Float64Array): Clustering {
  const { nodes, rowPointers, codes } = dyads;
  const coefficients = new Float64Array(nodes);
  let sum = 0;
  let allTriangles = 0;
  let allPossible = 0;
  for (let node = 0; node < nodes; node++) {
    let mutual = 0;
    for (let k = rowPointers[node]; k < rowPointers[node + 1]; k++) {
      if (codes[k] === DYAD_MUTUAL) mutual++;
    }
    const degree = rowPointers[node + 1] - rowPointers[node] + mutual;
    const possible = 2 * (degree * (degree - 1) - 2 * mutual);
    if (possible > 0) coefficients[node] = triangles[node] / possible;
    sum += coefficients[node];
    allTriangles += triangles[node];
    allPossible += possible;
  }
  return {
    coefficients,
    mean:
      nodes > 0
        ? { value: sum / nodes }
        : { value: null, reason: 'A graph without nodes has no clustering.' },
    transitivity:
      allPossible > 0
        ? { value: allTriangles / allPossible }
        : { value: null, reason: 'No node has two neighbours, so no triangle is possible.' },
  };
}

/** For each dyad, the cube roots of its edges' weights over the largest weight, added. */
function cubeRootWeightsOfDyads(graph: WeightedDirectedGraph, dyads: Dyads): Float64Array {
  let largest = 0;
  for (const weight of graph.weights) {
    if (!(weight > 0)) throw new AnalysisError(`weights must be positive, got ${weight}`);
    largest = Math.max(largest, weight);
  }
  const strengths = new Float64Array(dyads.codes.length);
  // Rows ascend on both sides, so the mirror of a dyad is the next unread one in its neighbour's row.
  const next = dyads.rowPointers.slice();
  let edge = 0;
  for (let node = 0; node < dyads.nodes; node++) {
    for (let k = dyads.rowPointers[node]; k < dyads.rowPointers[node + 1]; k++) {
      const mirror = next[dyads.neighbours[k]]++;
      if (dyads.codes[k] & DYAD_OUT) {
        const strength = Math.cbrt(graph.weights[edge++] / largest);
        strengths[k] += strength;
        strengths[mirror] += strength;
      }
    }
  }
  return strengths;
}
