import type { CircuitActivity } from '../circuit_activity.js';
import { clustering } from '../connectivity/clustering.js';
import { degreeSpread, density, inDegrees, outDegrees } from '../connectivity/degrees.js';
import { dyadsOf, reciprocity } from '../connectivity/dyads.js';
import { populationMap } from '../connectivity/populations.js';
import { triadCensus } from '../connectivity/triad-census.js';
import type { DirectedGraph, NeuronGroup } from '../data.js';
import type { Notes } from '../notes.js';
import type { ConnectivityResults, Spread } from '../results.js';

/** The directed graph of a circuit, weights ignored: the numbers of results.json and the arrays behind them. */
export interface ConnectivityAnalysis {
  readonly results: ConnectivityResults;
  /** Null where the edges are not known. */
  readonly arrays: ConnectivityArrays | null;
}

export interface ConnectivityArrays {
  readonly edges: number;
  readonly inDegrees: Uint32Array;
  readonly outDegrees: Uint32Array;
  /** Edges over possible edges from group s to group t at [s * groups + t]; NaN where none is possible. */
  readonly blockProbabilities: Float64Array;
}

export function analyzeConnectivity({ graph, groups }: CircuitActivity, notes: Notes): ConnectivityAnalysis {
  if (!graph) {
    notes.undefinedAt('connectivity', 'no edges were given');
    const unknown = { mean: null, sd: null };
    const results = {
      density: null,
      reciprocity: null,
      clustering: null,
      transitivity: null,
      triads: null,
      inDegree: unknown,
      outDegree: unknown,
    };
    return { results, arrays: null };
  }
  const dyads = dyadsOf(graph);
  const into = inDegrees(graph);
  const out = outDegrees(graph);
  const triangles = clustering(dyads);
  const spread = (key: string, degrees: Uint32Array): Spread =>
    notes.valueOf(`connectivity.${key}`, degreeSpread(degrees)) ?? { mean: null, sd: null };
  return {
    results: {
      density: notes.valueOf('connectivity.density', density(graph)),
      reciprocity: notes.valueOf('connectivity.reciprocity', reciprocity(dyads)),
      clustering: notes.valueOf('connectivity.clustering', triangles.mean),
      transitivity: notes.valueOf('connectivity.transitivity', triangles.transitivity),
      triads: triadCensus(dyads),
      inDegree: spread('inDegree', into),
      outDegree: spread('outDegree', out),
    },
    arrays: {
      edges: graph.targets.length,
      inDegrees: into,
      outDegrees: out,
      blockProbabilities: blockProbabilities(graph, groups),
    },
  };
}

function blockProbabilities(graph: DirectedGraph, groups: readonly NeuronGroup[]): Float64Array {
  const { ofNode } = populationMap(graph.nodes, groups);
  const kinds = groups.length;
  const edges = new Float64Array(kinds * kinds);
  for (let source = 0; source < graph.nodes; source++) {
    for (let k = graph.rowPointers[source]; k < graph.rowPointers[source + 1]; k++) {
      edges[ofNode[source] * kinds + ofNode[graph.targets[k]]]++;
    }
  }
  return edges.map((count, block) => {
    const sources = groups[Math.floor(block / kinds)].neurons.length;
    const targets = groups[block % kinds].neurons.length;
    const isWithin = Math.floor(block / kinds) === block % kinds;
    // No neuron connects to itself in a DirectedGraph without autapses.
    return count / (sources * (isWithin ? targets - 1 : targets));
  });
}
