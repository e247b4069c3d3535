/** Shortest paths: mean length and global efficiency, from all nodes or from a random sample of them. */

import seedrandom from 'seedrandom';
import { requireCount } from '../checks.js';
import type { DirectedGraph, Estimate } from '../data.js';
import { checkGraph } from './graph.js';

/** A mean over start nodes; the standard error is 0 where all nodes were start nodes. */
export interface SampledMean {
  readonly mean: number;
  readonly standardError: number;
}

export interface PathLengths {
  /** Nodes from which paths were sought. */
  readonly startNodes: number;
  /**
   * Mean number of edges on the shortest paths between ordered pairs (networkx.average_shortest_path_length);
   * undefined where some node cannot be reached.
   */
  readonly averageLength: Estimate<SampledMean>;
  /** The same over the pairs that have a path. */
  readonly averageLengthWhereReachable: Estimate<number>;
  /** Ordered pairs that have a path, 0..1. */
  readonly reachable: number;
  /**
   * Mean over ordered pairs of 1 / length, 0 where there is no path (Latora and Marchiori 2001; undirected:
   * networkx.global_efficiency; directed: BCT efficiency_bin).
   */
  readonly globalEfficiency: SampledMean;
}

export interface PathSample {
  /** Number of start nodes, at least 2; all nodes when there are no more. */
  readonly startNodes: number;
  readonly seed: number | string;
}

/**
 * Shortest paths by breadth-first search along the edges, O(start nodes * edges) at worst. For paths whatever the
 * direction, pass `undirected(graph)`.
 * @param sample start nodes drawn without replacement; nothing for all nodes. Standard errors are then those of a
 * mean over a sample of a finite population (Cochran 1977).
 */
export function pathLengths(graph: DirectedGraph, sample?: PathSample): Estimate<PathLengths> {
  checkGraph(graph);
  if (sample) requireCount('startNodes', sample.startNodes, 2);
  const { nodes } = graph;
  if (nodes < 2) return { value: null, reason: 'Paths need at least 2 nodes.' };
  const starts = startNodes(nodes, sample);
  const lengths = new Float64Array(starts.length);
  const efficiencies = new Float64Array(starts.length);
  const search = breadthFirstSearch(graph);
  let reached = 0;
  let lengthSum = 0;
  starts.forEach((start, i) => {
    const paths = search(start);
    reached += paths.reached;
    lengthSum += paths.lengthSum;
    lengths[i] = paths.lengthSum / (nodes - 1);
    efficiencies[i] = paths.inverseSum / (nodes - 1);
  });
  const pairs = starts.length * (nodes - 1);
  return {
    value: {
      startNodes: starts.length,
      averageLength:
        reached === pairs
          ? { value: sampledMean(lengths, nodes) }
          : { value: null, reason: `${pairs - reached} of ${pairs} pairs of nodes have no path.` },
      averageLengthWhereReachable:
        reached > 0
          ? { value: lengthSum / reached }
          : { value: null, reason: 'No pair of nodes has a path.' },
      reachable: reached / pairs,
      globalEfficiency: sampledMean(efficiencies, nodes),
    },
  };
}

function breadthFirstSearch({ nodes, rowPointers, targets }: DirectedGraph) {
  const queue = new Uint32Array(nodes);
  // The last start node that reached each node, so that nothing needs clearing in between.
  const reachedFrom = new Int32Array(nodes).fill(-1);

  return (start: number) => {
    let queued = 1;
    let levelStart = 0;
    let length = 0;
    let lengthSum = 0;
    let inverseSum = 0;
    queue[0] = start;
    reachedFrom[start] = start;
    while (levelStart < queued && queued < nodes) {
      const levelEnd = queued;
      length++;
      // Once every node is reached, the edges that are left lead nowhere new.
      for (let i = levelStart; i < levelEnd && queued < nodes; i++) {
        const end = rowPointers[queue[i] + 1];
        for (let k = rowPointers[queue[i]]; k < end; k++) {
          const target = targets[k];
          if (reachedFrom[target] !== start) {
            reachedFrom[target] = start;
            queue[queued++] = target;
          }
        }
      }
      lengthSum += length * (queued - levelEnd);
      inverseSum += (queued - levelEnd) / length;
      levelStart = levelEnd;
    }
    return { reached: queued - 1, lengthSum, inverseSum };
  };
}

/** All nodes, or the first of a Fisher-Yates shuffle. */
function startNodes(nodes: number, sample: PathSample | undefined): Uint32Array {
  const all = Uint32Array.from({ length: nodes }, (_, node) => node);
  if (!sample || sample.startNodes >= nodes) return all;
  const random = seedrandom.alea(String(sample.seed));
  for (let i = 0; i < sample.startNodes; i++) {
    const j = i + Math.floor(random() * (nodes - i));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all.slice(0, sample.startNodes);
}

function sampledMean(values: Float64Array, populationSize: number): SampledMean {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, standardError: Math.sqrt((variance / n) * (1 - n / populationSize)) };
}
