import { graphFromEdges, type WeightedDirectedGraph } from '../../../src/analysis/connectivity/graph.js';
import type { DirectedGraph, Estimate } from '../../../src/analysis/data.js';
import goldens from '../goldens/connectivity.json' with { type: 'json' };

type Edge = readonly number[];

/** The case of that id; its shape differs from case to case. */
// biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes
export function golden(id: string): any {
  const found = goldens.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no golden ${id}`);
  return found;
}

export function graphOf(nodes: number, edges: readonly Edge[]): DirectedGraph {
  return graphFromEdges({
    nodes,
    sources: Uint32Array.from(edges, (edge) => edge[0]),
    targets: Uint32Array.from(edges, (edge) => edge[1]),
  }).graph;
}

export function weightedGraphOf(nodes: number, edges: readonly Edge[]): WeightedDirectedGraph {
  return graphFromEdges(
    {
      nodes,
      sources: Uint32Array.from(edges, (edge) => edge[0]),
      targets: Uint32Array.from(edges, (edge) => edge[1]),
    },
    Float64Array.from(edges, (edge) => edge[2]),
  ).graph;
}

/** Each edge and its reverse. */
export function bothWays(edges: readonly Edge[]): Edge[] {
  return edges.flatMap(([a, b, ...rest]) => [
    [a, b, ...rest],
    [b, a, ...rest],
  ]);
}

export function complete(nodes: number, without: readonly Edge[] = []): Edge[] {
  const edges: Edge[] = [];
  for (let a = 0; a < nodes; a++) {
    for (let b = 0; b < nodes; b++) {
      if (a !== b && !without.some(([x, y]) => x === a && y === b)) edges.push([a, b]);
    }
  }
  return edges;
}

export function ring(nodes: number): Edge[] {
  return Array.from({ length: nodes }, (_, node) => [node, (node + 1) % nodes]);
}

/** Directed Erdős-Rényi graph: each ordered pair with probability p, drawn by `random`. */
export function erdosRenyi(nodes: number, p: number, random: () => number): DirectedGraph {
  return graphOf(
    nodes,
    complete(nodes).filter(() => random() < p),
  );
}

/** The value of an estimate that must exist. */
export function estimated<T>(estimate: Estimate<T>): T {
  if (estimate.value === null)
    throw new Error(`expected a value: ${(estimate as { reason: string }).reason}`);
  return estimate.value;
}
