/** Degrees and what depends only on them: their spread, density, assortativity. */

import type { DirectedGraph, Estimate } from '../data.js';
import { checkGraph, edgeSources } from './graph.js';

/** Edges into each node; length nodes. */
export function inDegrees(graph: DirectedGraph): Uint32Array {
  checkGraph(graph);
  const degrees = new Uint32Array(graph.nodes);
  for (let k = 0; k < graph.targets.length; k++) degrees[graph.targets[k]]++;
  return degrees;
}

/** Edges out of each node; length nodes. */
export function outDegrees(graph: DirectedGraph): Uint32Array {
  checkGraph(graph);
  return Uint32Array.from(
    { length: graph.nodes },
    (_, node) => graph.rowPointers[node + 1] - graph.rowPointers[node],
  );
}

/** Mean and standard deviation over nodes (divisor: the number of nodes, as numpy's default). */
export function degreeSpread(degrees: Uint32Array): Estimate<{ mean: number; sd: number }> {
  if (degrees.length === 0) return { value: null, reason: 'A graph without nodes has no degrees.' };
  let sum = 0;
  for (const degree of degrees) sum += degree;
  const mean = sum / degrees.length;
  let squares = 0;
  for (const degree of degrees) squares += (degree - mean) ** 2;
  return { value: { mean, sd: Math.sqrt(squares / degrees.length) } };
}

/** Edges over ordered pairs of different nodes, 0..1 (networkx.density). */
export function density(graph: DirectedGraph): Estimate<number> {
  checkGraph(graph);
  if (graph.nodes < 2) return { value: null, reason: 'Density needs at least 2 nodes.' };
  return { value: graph.targets.length / (graph.nodes * (graph.nodes - 1)) };
}

/**
 * Pearson correlation over edges of the source's out-degree with the target's in-degree, -1..1
 * (networkx.degree_assortativity_coefficient, x = out, y = in; Newman 2003).
 */
export function degreeAssortativity(graph: DirectedGraph): Estimate<number> {
  const out = outDegrees(graph);
  const into = inDegrees(graph);
  const sources = edgeSources(graph);
  const edges = graph.targets.length;
  if (edges === 0) return { value: null, reason: 'A graph without edges has no assortativity.' };
  let sumX = 0;
  let sumY = 0;
  for (let k = 0; k < edges; k++) {
    sumX += out[sources[k]];
    sumY += into[graph.targets[k]];
  }
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let k = 0; k < edges; k++) {
    const x = out[sources[k]] - sumX / edges;
    const y = into[graph.targets[k]] - sumY / edges;
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  if (xx === 0 || yy === 0) {
    return { value: null, reason: 'Every edge joins equal degrees, so they have no correlation.' };
  }
  return { value: xy / Math.sqrt(xx * yy) };
}
