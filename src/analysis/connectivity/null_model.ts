/** Random graphs with the degrees of a given one: the null model that connectivity is measured against. */

import seedrandom from 'seedrandom';
import { requireCount } from '../checks.js';
import type { DirectedGraph } from '../data.js';
import { type EdgeSet, emptyEdgeSet } from './edge_set.js';
import { checkGraph, edgeSources, graphFromEdges } from './graph.js';
import type { PopulationMap } from './populations.js';

export interface NullModelOptions {
  /** Number of random graphs, at least 1. */
  readonly graphs: number;
  readonly seed: number | string;
  /**
   * How often, before each graph, every edge is offered a swap with a random other. Where 70 % of swaps succeed,
   * 1.5 % of the edges have stayed in place after 3 sweeps, e^(-2 * 3 * 0.7).
   */
  readonly sweeps?: number;
}

const SWEEPS = 3;

/**
 * Yields random graphs in which every neuron keeps its number of edges to and from each population. Edges a-b and c-d
 * of one block (population to population) become a-d and c-b; a swap that would make an autapse or a repeat leaves
 * the graph as it is, so that all graphs are equally likely (Maslov and Sneppen 2002; Milo 2003, cond-mat/0312028).
 * Each graph continues from the previous one. Swaps alone do not reverse an isolated three-node cycle (Rao 1996),
 * which matters in graphs of a few nodes only.
 * @throws AnalysisError when an option is out of range
 */
export function* degreePreservingGraphs(
  graph: DirectedGraph,
  populations: PopulationMap,
  options: NullModelOptions,
): Generator<DirectedGraph> {
  const { graphs, seed, sweeps = SWEEPS } = options;
  requireCount('graphs', graphs, 1);
  requireCount('sweeps', sweeps, 1);
  checkGraph(graph);
  const random = seedrandom.alea(String(seed));
  const { starts, sources, targets } = edgesByBlock(graph, populations);
  const present = emptyEdgeSet(graph.nodes, targets.length);
  for (let edge = 0; edge < targets.length; edge++) present.add(sources[edge], targets[edge]);

  for (let count = 0; count < graphs; count++) {
    for (let sweep = 0; sweep < sweeps; sweep++) {
      for (let block = 0; block + 1 < starts.length; block++) {
        offerSwaps(sources, targets, starts[block], starts[block + 1], present, random);
      }
    }
    yield graphFromEdges({ nodes: graph.nodes, sources, targets }).graph;
  }
}

/** Offers each edge in [start, end) a swap of targets with a random one of them. */
function offerSwaps(
  sources: Uint32Array,
  targets: Uint32Array,
  start: number,
  end: number,
  present: EdgeSet,
  random: () => number,
): void {
  for (let first = start; first < end; first++) {
    const second = start + Math.floor(random() * (end - start));
    const a = sources[first];
    const b = targets[first];
    const c = sources[second];
    const d = targets[second];
    if (a === d || c === b || present.has(a, d) || present.has(c, b)) continue;
    present.delete(a, b);
    present.delete(c, d);
    present.add(a, d);
    present.add(c, b);
    targets[first] = d;
    targets[second] = b;
  }
}

/** The edges, sorted by population of source and target; block i is [starts[i], starts[i + 1]). */
function edgesByBlock(graph: DirectedGraph, { names, ofNode }: PopulationMap) {
  const kinds = names.length;
  const unsorted = edgeSources(graph);
  const starts = new Uint32Array(kinds * kinds + 1);
  const blockOf = (edge: number) => ofNode[unsorted[edge]] * kinds + ofNode[graph.targets[edge]];
  for (let edge = 0; edge < unsorted.length; edge++) starts[blockOf(edge) + 1]++;
  for (let block = 0; block < kinds * kinds; block++) starts[block + 1] += starts[block];
  const next = starts.slice();
  const sources = new Uint32Array(unsorted.length);
  const targets = new Uint32Array(unsorted.length);
  for (let edge = 0; edge < unsorted.length; edge++) {
    const slot = next[blockOf(edge)]++;
    sources[slot] = unsorted[edge];
    targets[slot] = graph.targets[edge];
  }
  return { starts, sources, targets };
}
