/** How much more than by chance edges stay within communities, for a given division of the nodes. */

import { AnalysisError, type DirectedGraph, type Estimate } from '../data.js';
import { checkGraph, type WeightedDirectedGraph } from './graph.js';

/**
 * Directed modularity: the sum over communities of m_in / m - k_in k_out / m^2, -1..1 (Leicht and Newman 2008,
 * as networkx.community.modularity). A graph with every edge both ways gets the undirected value.
 * @param communityOfNode community index of each node; length nodes
 * @throws AnalysisError when the lengths differ
 */
export function modularity(graph: DirectedGraph, communityOfNode: Uint32Array): Estimate<number> {
  return modularityOf(graph, communityOfNode, null);
}

/** As `modularity`, with the sum of weights in place of the number of edges. Weights may not be negative. */
export function weightedModularity(
  graph: WeightedDirectedGraph,
  communityOfNode: Uint32Array,
): Estimate<number> {
  for (const weight of graph.weights) {
    if (!(weight >= 0)) throw new AnalysisError(`weights must not be negative, got ${weight}`);
  }
  return modularityOf(graph, communityOfNode, graph.weights);
}

function modularityOf(
  graph: DirectedGraph,
  communityOfNode: Uint32Array,
  weights: Float64Array | null,
): Estimate<number> {
  checkGraph(graph);
  if (communityOfNode.length !== graph.nodes) {
    throw new AnalysisError(
      `communityOfNode must have one entry per node: ${communityOfNode.length} for ${graph.nodes}`,
    );
  }
  const communities = communityOfNode.reduce((most, community) => Math.max(most, community + 1), 0);
  const into = new Float64Array(communities);
  const out = new Float64Array(communities);
  let within = 0;
  let total = 0;
  for (let node = 0; node < graph.nodes; node++) {
    const own = communityOfNode[node];
    for (let k = graph.rowPointers[node]; k < graph.rowPointers[node + 1]; k++) {
      const weight = weights ? weights[k] : 1;
      const other = communityOfNode[graph.targets[k]];
      total += weight;
      out[own] += weight;
      into[other] += weight;
      if (own === other) within += weight;
    }
  }
  if (total === 0) return { value: null, reason: 'A graph without edges has no modularity.' };
  let expected = 0;
  for (let community = 0; community < communities; community++) {
    expected += (into[community] / total) * (out[community] / total);
  }
  return { value: within / total - expected };
}
