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
  const counter = directedTriangleCounter(dyads, edgesOfDyads(dyads));
  forEachTriangle(dyads, counter.visit);
  return counter.finish();
}

/**
 * Directed clustering with the geometric mean of the three weights, over the largest weight, for each triangle
 * (Onnela 2005, as networkx.clustering with `weight`).
 * @throws AnalysisError when a weight is not positive
 */
export function weightedClustering(graph: WeightedDirectedGraph): Clustering {
  const dyads = dyadsOf(graph);
  const counter = directedTriangleCounter(dyads, cubeRootWeightsOfDyads(graph, dyads));
  forEachTriangle(dyads, counter.visit);
  return counter.finish();
}

/** Counts the triangles it is shown, for callers that share one pass over triangles between measures. */
export function triangleClustering(dyads: Dyads): { visit: TriangleVisitor; finish: () => Clustering } {
  return directedTriangleCounter(dyads, edgesOfDyads(dyads));
}

/** `strengths[k]` is what dyad k contributes as a factor to its triangles: 1 for each edge when unweighted. */
function directedTriangleCounter(dyads: Dyads, strengths: Float64Array | Uint8Array) {
  const { nodes, rowPointers, codes } = dyads;
  const triangles = new Float64Array(nodes);

  function visit(u: number, v: number, uv: number, { count, w, uw, vw }: TriangleFan): void {
    // Each triangle is walked from a node in both senses, hence twice the product.
    const twiceUv = 2 * strengths[uv];
    let fanSum = 0;
    for (let i = 0; i < count; i++) {
      const directed = twiceUv * strengths[uw[i]] * strengths[vw[i]];
      triangles[w[i]] += directed;
      fanSum += directed;
    }
    triangles[u] += fanSum;
    triangles[v] += fanSum;
  }

  function finish(): Clustering {
    const coefficients = new Float64Array(nodes);
    let sum = 0;
    let allTriangles = 0;
    let allPossible = 0;
    for (let node = 0; node < nodes; node++) {
      let degree = 0;
      let mutual = 0;
      for (let k = rowPointers[node]; k < rowPointers[node + 1]; k++) {
        degree++;
        if (codes[k] === DYAD_MUTUAL) mutual++;
      }
      degree += mutual;
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

  return { visit, finish };
}

function edgesOfDyads({ codes }: Dyads): Uint8Array {
  const edges = new Uint8Array(codes.length);
  for (let k = 0; k < codes.length; k++) edges[k] = codes[k] === DYAD_MUTUAL ? 2 : 1;
  return edges;
}

function cubeRootWeightsOfDyads(graph: WeightedDirectedGraph, dyads: Dyads): Float64Array {
  let largest = 0;
  for (const weight of graph.weights) {
    if (!(weight > 0)) throw new AnalysisError(`weights must be positive, got ${weight}`);
    largest = Math.max(largest, weight);
  }
  const strengths = new Float64Array(dyads.codes.length);
  // Rows of a symmetric structure in ascending order: the mirror of a dyad is the next unread one of its neighbour.
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
