import type { CircuitActivity } from '../circuit_activity.js';
import { degreeSpread, density, inDegrees, outDegrees } from '../connectivity/degrees.js';
import { dyadsOf, reciprocity } from '../connectivity/dyads.js';
import { type NullScore, type NullScores, nullScores } from '../connectivity/null_scores.js';
import { type PopulationMap, populationMap, singlePopulation } from '../connectivity/populations.js';
import type { TriadsOfComposition } from '../connectivity/triad_census.js';
import { TRIAD_NAMES, type TriadName } from '../connectivity/triad_classes.js';
import { triangleMeasures } from '../connectivity/triangle_measures.js';
import type { DirectedGraph, Estimate, NeuronGroup } from '../data.js';
import type { Notes } from '../notes.js';
import type { ConnectivityResults, PopulationTriads, Spread } from '../results.js';
import { graphShape, UNKNOWN_SHAPE } from './graph_shape.js';

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
  /** The graph beside random ones; null where they were not made. */
  readonly nulls: NullScores | null;
}

/** Random graphs cost several censuses each: larger graphs get them only on request. */
const DEFAULT_NULL_GRAPHS = 20;
const DEFAULT_NULL_MAX_EDGES = 300_000;
const NULL_SEED = 1;
/** Of more populations, whose triples soon outnumber the neurons, triads are counted all together. */
const MAX_CENSUS_POPULATIONS = 8;

/** @param nullGraphs random graphs to compare with; by default 20, or none past 300,000 edges */
export function analyzeConnectivity(
  { graph, groups }: CircuitActivity,
  nullGraphs: number | null,
  notes: Notes,
): ConnectivityAnalysis {
  if (!graph) {
    notes.undefinedAt('connectivity', 'no edges were given');
    return { results: NOTHING_KNOWN, arrays: null };
  }
  const dyads = dyadsOf(graph);
  const populations = populationMap(graph.nodes, groups);
  const nulls = notes.valueOf('connectivity.triadZ', compareWithNulls(graph, populations, nullGraphs));
  const into = inDegrees(graph);
  const out = outDegrees(graph);
  const isSplit = groups.length <= MAX_CENSUS_POPULATIONS;
  const { clustering, triads, triadsByPopulation } = triangleMeasures(
    dyads,
    isSplit ? populations : singlePopulation(graph.nodes),
  );
  const spread = (key: string, degrees: Uint32Array): Spread =>
    notes.valueOf(`connectivity.${key}`, degreeSpread(degrees)) ?? { mean: null, sd: null };
  const zOf = (key: string, score: NullScore | undefined) =>
    score ? notes.valueOf(`connectivity.${key}`, score.z) : null;
  return {
    results: {
      density: notes.valueOf('connectivity.density', density(graph)),
      reciprocity: notes.valueOf('connectivity.reciprocity', reciprocity(dyads)),
      clustering: notes.valueOf('connectivity.clustering', clustering.mean),
      transitivity: notes.valueOf('connectivity.transitivity', clustering.transitivity),
      triads,
      triadZ: nulls && zByTriad(nulls, notes),
      reciprocityZ: zOf('reciprocityZ', nulls?.reciprocity),
      clusteringZ: zOf('clusteringZ', nulls?.clustering),
      inDegree: spread('inDegree', into),
      outDegree: spread('outDegree', out),
      triadsByPopulation: isSplit
        ? splitTriads(triadsByPopulation, nulls, notes)
        : notes.undefinedAt(
            'connectivity.triadsByPopulation',
            `${groups.length} populations; triads are split by up to ${MAX_CENSUS_POPULATIONS}`,
          ),
      ...graphShape(graph, populations, nulls, notes),
    },
    arrays: {
      edges: graph.targets.length,
      inDegrees: into,
      outDegrees: out,
      blockProbabilities: blockProbabilities(graph, groups, populations),
      nulls,
    },
  };
}

const NOTHING_KNOWN: ConnectivityResults = {
  density: null,
  reciprocity: null,
  clustering: null,
  transitivity: null,
  triads: null,
  triadZ: null,
  reciprocityZ: null,
  clusteringZ: null,
  inDegree: { mean: null, sd: null },
  outDegree: { mean: null, sd: null },
  triadsByPopulation: null,
  ...UNKNOWN_SHAPE,
};

function compareWithNulls(
  graph: DirectedGraph,
  populations: PopulationMap,
  nullGraphs: number | null,
): Estimate<NullScores> {
  const edges = graph.targets.length;
  const graphs = nullGraphs ?? (edges <= DEFAULT_NULL_MAX_EDGES ? DEFAULT_NULL_GRAPHS : 0);
  if (graphs === 0) {
    return { value: null, reason: `${edges} edges were not compared with random graphs; ask for some` };
  }
  return nullScores(graph, populations, { graphs, seed: NULL_SEED });
}

function zByTriad({ triads }: NullScores, notes: Notes): Record<TriadName, number | null> {
  return byTriad((name) => notes.valueOf(`connectivity.triadZ.${name}`, triads[name].z));
}

function splitTriads(
  counted: readonly TriadsOfComposition[],
  nulls: NullScores | null,
  notes: Notes,
): PopulationTriads[] {
  notes.undefinedAt(
    'connectivity.triadsByPopulation',
    nulls ? 'z is null where all random graphs have the same count' : 'there are no random graphs',
  );
  return counted.map(({ populations, census }, k) => ({
    populations,
    triads: census,
    triadZ: nulls && byTriad((name) => nulls.triadsByPopulation[k].triads[name].z.value),
  }));
}

function byTriad(of: (name: TriadName) => number | null): Record<TriadName, number | null> {
  return Object.fromEntries(TRIAD_NAMES.map((name) => [name, of(name)])) as Record<TriadName, number | null>;
}

function blockProbabilities(
  graph: DirectedGraph,
  groups: readonly NeuronGroup[],
  { ofNode }: PopulationMap,
): Float64Array {
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
