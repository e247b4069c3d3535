/** Directed graphs from edge lists, and the graphs derived from them: reversed, and with directions ignored. */

import { requireCount } from '../checks.js';
import { AnalysisError, type DirectedGraph } from '../data.js';

/** A graph whose edge `targets[k]` has weight `weights[k]`, in whatever unit the caller's edges have. */
export interface WeightedDirectedGraph extends DirectedGraph {
  readonly weights: Float64Array;
}

/** What `graphFromEdges` made of an edge list, and what it left out. */
export interface GraphFromEdges<G extends DirectedGraph> {
  readonly graph: G;
  /** Edges from a node to itself: none of the measures is defined for them, so they are left out. */
  readonly autapsesDropped: number;
  /** Further edges between a pair that already had one in that direction; their weights are added. */
  readonly repeatsMerged: number;
}

/** Edge k runs from `sources[k]` to `targets[k]`, both in [0, nodes). */
export interface EdgeList {
  readonly nodes: number;
  readonly sources: Uint32Array;
  readonly targets: Uint32Array;
}

/**
 * Builds the graph of an edge list in any order, in time linear in nodes and edges.
 * @param weights one finite weight per edge, or nothing for an unweighted graph
 * @throws AnalysisError when an index is not below `nodes`, lengths differ or a weight is not finite
 */
export function graphFromEdges(edges: EdgeList): GraphFromEdges<DirectedGraph>;
export function graphFromEdges(edges: EdgeList, weights: Float64Array): GraphFromEdges<WeightedDirectedGraph>;
export function graphFromEdges(
  edges: EdgeList,
  weights?: Float64Array,
): GraphFromEdges<DirectedGraph | WeightedDirectedGraph> {
  checkEdges(edges, weights);
  const { nodes, sources, targets } = edges;
  const byTarget = orderByKey(targets, null, nodes);
  const order = orderByKey(sources, byTarget, nodes);

  const rowPointers = new Uint32Array(nodes + 1);
  const merged = new Uint32Array(order.length);
  const mergedWeights = weights ? new Float64Array(order.length) : null;
  let count = 0;
  let autapsesDropped = 0;
  let previousSource = -1;
  let previousTarget = -1;
  for (let k = 0; k < order.length; k++) {
    const edge = order[k];
    const source = sources[edge];
    const target = targets[edge];
    if (source === target) {
      autapsesDropped++;
      continue;
    }
    if (source !== previousSource || target !== previousTarget) {
      merged[count++] = target;
      rowPointers[source + 1]++;
      previousSource = source;
      previousTarget = target;
    }
    if (mergedWeights && weights) mergedWeights[count - 1] += weights[edge];
  }
  for (let node = 0; node < nodes; node++) rowPointers[node + 1] += rowPointers[node];

  const graph = { nodes, rowPointers, targets: merged.slice(0, count) };
  return {
    graph: mergedWeights ? { ...graph, weights: mergedWeights.slice(0, count) } : graph,
    autapsesDropped,
    repeatsMerged: order.length - autapsesDropped - count,
  };
}

/** The graph with every edge reversed: row i holds the sources of the edges into node i. */
export function transpose(graph: DirectedGraph): DirectedGraph {
  const { nodes, rowPointers, targets } = graph;
  const reversedPointers = countKeys(targets, nodes);
  const next = reversedPointers.slice();
  const reversedTargets = new Uint32Array(targets.length);
  for (let source = 0; source < nodes; source++) {
    const end = rowPointers[source + 1];
    for (let k = rowPointers[source]; k < end; k++) reversedTargets[next[targets[k]]++] = source;
  }
  return { nodes, rowPointers: reversedPointers, targets: reversedTargets };
}

/** The source of each edge, in the order of `graph.targets`. */
export function edgeSources(graph: DirectedGraph): Uint32Array {
  const sources = new Uint32Array(graph.targets.length);
  for (let node = 0; node < graph.nodes; node++) {
    sources.fill(node, graph.rowPointers[node], graph.rowPointers[node + 1]);
  }
  return sources;
}

/** @throws AnalysisError when the arrays are not a graph of `DirectedGraph`'s form without autapses. */
export function checkGraph({ nodes, rowPointers, targets }: DirectedGraph): void {
  requireCount('nodes', nodes, 0, 2 ** 32 - 1);
  if (rowPointers.length !== nodes + 1 || rowPointers[0] !== 0 || rowPointers[nodes] !== targets.length) {
    throw new AnalysisError(
      `rowPointers must have ${nodes + 1} entries from 0 to ${targets.length} (the number of targets)`,
    );
  }
  for (let node = 0; node < nodes; node++) {
    const end = rowPointers[node + 1];
    if (end < rowPointers[node]) throw new AnalysisError(`rowPointers must not descend, but do at ${node}`);
    let previous = -1;
    for (let k = rowPointers[node]; k < end; k++) {
      const target = targets[k];
      if (target <= previous || target >= nodes || target === node) {
        throw new AnalysisError(
          `targets of node ${node} must ascend below ${nodes} without repeats and without ${node} itself, got ${target} after ${previous}`,
        );
      }
      previous = target;
    }
  }
}

function checkEdges({ nodes, sources, targets }: EdgeList, weights: Float64Array | undefined): void {
  requireCount('nodes', nodes, 0, 2 ** 32 - 1);
  if (sources.length !== targets.length) {
    throw new AnalysisError(`sources and targets differ in length: ${sources.length} and ${targets.length}`);
  }
  if (weights && weights.length !== sources.length) {
    throw new AnalysisError(`weights must have one entry per edge: ${weights.length} for ${sources.length}`);
  }
  for (let edge = 0; edge < sources.length; edge++) {
    if (sources[edge] >= nodes || targets[edge] >= nodes) {
      throw new AnalysisError(
        `edge ${edge} (${sources[edge]} to ${targets[edge]}) leaves the nodes [0, ${nodes})`,
      );
    }
    if (weights && !Number.isFinite(weights[edge])) {
      throw new AnalysisError(`weights[${edge}] must be finite, got ${weights[edge]}`);
    }
  }
}

/** Stable counting sort: the edges (in `order`, or as they come) by ascending key. */
function orderByKey(keys: Uint32Array, order: Uint32Array | null, keyCount: number): Uint32Array {
  const next = countKeys(keys, keyCount);
  const sorted = new Uint32Array(keys.length);
  for (let k = 0; k < keys.length; k++) {
    const edge = order ? order[k] : k;
    sorted[next[keys[edge]]++] = edge;
  }
  return sorted;
}

/** Entry i counts the keys below i; length keyCount + 1. */
function countKeys(keys: Uint32Array, keyCount: number): Uint32Array {
  const starts = new Uint32Array(keyCount + 1);
  for (let k = 0; k < keys.length; k++) starts[keys[k] + 1]++;
  for (let key = 0; key < keyCount; key++) starts[key + 1] += starts[key];
  return starts;
}
