/** Random and lattice graphs with the degrees of an undirected one, which small-world measures compare with. */

import { AnalysisError, type DirectedGraph } from '../data.js';
import { emptyEdgeSet } from './edge_set.js';
import { checkGraph, graphFromEdges } from './graph.js';

export interface Rewiring {
  /** How often every edge is offered a swap with a random other. */
  readonly sweeps: number;
  readonly random: () => number;
}

/** An undirected graph, each edge both ways, that can be rewired step by step. */
export interface RewirableGraph {
  /** Swaps edges at random: all graphs with these degrees become equally likely (Maslov and Sneppen 2002). */
  randomise(rewiring: Rewiring): void;
  /**
   * Swaps edges only where that shortens, or keeps, the sum of their lengths with the nodes on a ring in the order of
   * their index (Sporns and Zwi 2004; BCT latmio_und).
   */
  latticise(rewiring: Rewiring): void;
  graph(): DirectedGraph;
}

/** @throws AnalysisError when some edge has no reverse */
export function rewirable(graph: DirectedGraph): RewirableGraph {
  checkGraph(graph);
  const { nodes } = graph;
  const { from, to } = edgesOnce(graph);
  const edges = from.length;
  const present = emptyEdgeSet(nodes, 2 * edges);
  for (let edge = 0; edge < edges; edge++) join(from[edge], to[edge]);

  function join(a: number, b: number): void {
    present.add(a, b);
    present.add(b, a);
  }

  function part(a: number, b: number): void {
    present.delete(a, b);
    present.delete(b, a);
  }

  const ringDistance = (a: number, b: number) => Math.min(Math.abs(a - b), nodes - Math.abs(a - b));

  function rewire({ sweeps, random }: Rewiring, towardsLattice: boolean): void {
    for (let offer = 0; offer < sweeps * edges; offer++) {
      const first = offer % edges;
      // Either end of the second edge may come first.
      const end = Math.floor(random() * 2 * edges);
      const second = end >>> 1;
      const turned = (end & 1) === 1;
      const a = from[first];
      const b = to[first];
      const c = turned ? to[second] : from[second];
      const d = turned ? from[second] : to[second];
      if (a === c || a === d || b === c || b === d) continue;
      if (
        towardsLattice &&
        ringDistance(a, d) + ringDistance(c, b) > ringDistance(a, b) + ringDistance(c, d)
      ) {
        continue;
      }
      if (present.has(a, d) || present.has(c, b)) continue;
      part(a, b);
      part(c, d);
      join(a, d);
      join(c, b);
      to[first] = d;
      from[second] = c;
      to[second] = b;
    }
  }

  return {
    randomise: (rewiring) => rewire(rewiring, false),
    latticise: (rewiring) => rewire(rewiring, true),
    graph() {
      const sources = new Uint32Array(2 * edges);
      const targets = new Uint32Array(2 * edges);
      sources.set(from);
      sources.set(to, edges);
      targets.set(to);
      targets.set(from, edges);
      return graphFromEdges({ nodes, sources, targets }).graph;
    },
  };
}

/** Each undirected edge from its lower to its higher node. */
function edgesOnce({ nodes, rowPointers, targets }: DirectedGraph) {
  const from = new Uint32Array(targets.length >>> 1);
  const to = new Uint32Array(targets.length >>> 1);
  // Rows ascend, so the sources below a node meet the targets below it in the same order.
  const next = rowPointers.slice();
  let count = 0;
  for (let node = 0; node < nodes; node++) {
    for (let k = rowPointers[node]; k < rowPointers[node + 1]; k++) {
      const target = targets[k];
      if (targets[next[target]++] !== node) {
        throw new AnalysisError(`the edge ${node} to ${target} has no reverse: the graph must be undirected`);
      }
      if (target > node) {
        from[count] = node;
        to[count++] = target;
      }
    }
  }
  return { from, to };
}
