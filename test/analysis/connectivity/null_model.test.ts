import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { clustering } from '../../../src/analysis/connectivity/clustering.js';
import { inDegrees, outDegrees } from '../../../src/analysis/connectivity/degrees.js';
import { dyadsOf } from '../../../src/analysis/connectivity/dyads.js';
import { emptyEdgeSet } from '../../../src/analysis/connectivity/edge_set.js';
import { edgeSources } from '../../../src/analysis/connectivity/graph.js';
import { degreePreservingGraphs } from '../../../src/analysis/connectivity/null_model.js';
import { nullScores } from '../../../src/analysis/connectivity/null_scores.js';
import { type PopulationMap, singlePopulation } from '../../../src/analysis/connectivity/populations.js';
import { rewirable } from '../../../src/analysis/connectivity/reference_graphs.js';
import { TRIAD_NAMES } from '../../../src/analysis/connectivity/triad_classes.js';
import { AnalysisError, type DirectedGraph } from '../../../src/analysis/data.js';
import { bothWays, erdosRenyi, estimated, golden, graphOf, ring } from './cases.js';

const twoPopulations = (nodes: number): PopulationMap => ({
  names: ['E', 'I'],
  ofNode: Uint32Array.from({ length: nodes }, (_, node) => (node < 0.8 * nodes ? 0 : 1)),
});

/** Each node's edges to and from each population. */
function degreesByPopulation(graph: DirectedGraph, { names, ofNode }: PopulationMap): number[] {
  const degrees = new Array(graph.nodes * names.length * 2).fill(0);
  const sources = edgeSources(graph);
  graph.targets.forEach((target, k) => {
    degrees[(sources[k] * names.length + ofNode[target]) * 2]++;
    degrees[(target * names.length + ofNode[sources[k]]) * 2 + 1]++;
  });
  return degrees;
}

describe('degree-preserving graphs', () => {
  const graph = erdosRenyi(100, 0.1, seedrandom.alea('null'));
  const populations = twoPopulations(100);

  it('keep every degree to and from each population', () => {
    const degrees = degreesByPopulation(graph, populations);
    for (const random of degreePreservingGraphs(graph, populations, { graphs: 3, seed: 1 })) {
      expect(degreesByPopulation(random, populations)).toEqual(degrees);
    }
  });

  it('keep no more edges in place than chance puts back', () => {
    const edges = new Set(edgeKeys(graph));
    const keptAfter = (sweeps: number) =>
      spreadOf(
        Array.from({ length: 30 }, (_, seed) => {
          const [random] = degreePreservingGraphs(graph, populations, { graphs: 1, seed, sweeps });
          return edgeKeys(random).filter((key) => edges.has(key)).length / edges.size;
        }),
      );
    const usual = keptAfter(3);
    const longAfter = keptAfter(60);
    const standardError = Math.hypot(usual.sd, longAfter.sd) / Math.sqrt(30);
    expect(Math.abs(usual.mean - longAfter.mean)).toBeLessThan(3.5 * standardError);
    expect(keptAfter(1).mean - longAfter.mean).toBeGreaterThan(10 * standardError);
  });

  it('are the same for the same seed, and not for another', () => {
    const draw = (seed: number) => [...degreePreservingGraphs(graph, populations, { graphs: 2, seed })];
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });

  it('draw every graph equally often', () => {
    // Degrees out (1, 1, 1, 0, 0, 0) and in (0, 0, 0, 1, 1, 1): six graphs, the matchings of three with three.
    const matching = graphOf(6, [
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    const draws = 6000;
    const counts = new Map<string, number>();
    for (const random of degreePreservingGraphs(matching, singlePopulation(6), { graphs: draws, seed: 2 })) {
      const key = random.targets.join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - draws / 6) ** 2 / (draws / 6), 0);
    // 99.9 % quantile for 5 degrees of freedom; draws that follow each other are nearly independent.
    expect(chiSquare).toBeLessThan(20.5);
  });

  it('reject options out of range', () => {
    const draw = (options: object) => () => [
      ...degreePreservingGraphs(graph, populations, { graphs: 1, seed: 1, ...options }),
    ];
    expect(draw({ graphs: 0 })).toThrow(AnalysisError);
    expect(draw({ sweeps: 0 })).toThrow(AnalysisError);
    expect(draw({ sweeps: 1.5 })).toThrow(AnalysisError);
  });
});

describe('null scores', () => {
  it('are standard scores for graphs that are random, and stand out where edges are mutual', () => {
    const random = seedrandom.alea('scores');
    const populations = twoPopulations(60);
    const z = Array.from({ length: 60 }, () => {
      const scores = estimated(nullScores(erdosRenyi(60, 0.1, random), populations, { graphs: 40, seed: 1 }));
      return estimated(scores.reciprocity.z);
    });
    const meanSquare = z.reduce((sum, value) => sum + value ** 2, 0) / z.length;
    // 1 for a standard score; its own standard deviation over 60 graphs is 0.18.
    expect(meanSquare).toBeGreaterThan(0.45);
    expect(meanSquare).toBeLessThan(1.6);

    const mutual = graphOf(60, bothWays(ring(60)));
    const scores = estimated(nullScores(mutual, populations, { graphs: 40, seed: 1 }));
    expect(scores.reciprocity.observed).toBe(1);
    expect(estimated(scores.reciprocity.z)).toBeGreaterThan(10);
    expect(estimated(scores.triads['102'].z)).toBeGreaterThan(10);
  });

  it('add up over populations', () => {
    const graph = erdosRenyi(50, 0.15, seedrandom.alea('sum'));
    const scores = estimated(nullScores(graph, twoPopulations(50), { graphs: 10, seed: 3 }));
    expect(scores.triadsByPopulation.map(({ populations }) => populations.join(''))).toEqual([
      'EEE',
      'EEI',
      'EII',
      'III',
    ]);
    for (const name of TRIAD_NAMES) {
      const parts = scores.triadsByPopulation.map(({ triads }) => triads[name]);
      expect(parts.reduce((sum, { observed }) => sum + observed, 0)).toBe(scores.triads[name].observed);
      expect(parts.reduce((sum, { nullMean }) => sum + nullMean, 0)).toBeCloseTo(
        scores.triads[name].nullMean,
        6,
      );
    }
  });

  it('are undefined without edges and where random graphs do not differ', () => {
    expect(nullScores(graphOf(4, []), singlePopulation(4), { graphs: 5, seed: 1 }).value).toBeNull();
    const single = estimated(nullScores(graphOf(4, [[0, 1]]), singlePopulation(4), { graphs: 5, seed: 1 }));
    expect(single.reciprocity.z.value).toBeNull();
    expect(single.triads['012']).toMatchObject({ observed: 2, nullMean: 2, nullSd: 0 });
  });
});

describe('reference graphs', () => {
  const edges = golden('karate').inputs.edges;
  const club = graphOf(34, bothWays(edges));

  it('keep degrees and stay undirected; lattices cluster more than random graphs', () => {
    const random = seedrandom.alea('reference');
    const randomGraph = rewirable(club);
    randomGraph.randomise({ sweeps: 10, random });
    const lattice = rewirable(club);
    lattice.latticise({ sweeps: 50, random });
    for (const graph of [randomGraph.graph(), lattice.graph()]) {
      expect(outDegrees(graph)).toEqual(outDegrees(club));
      expect(inDegrees(graph)).toEqual(inDegrees(club));
      expect(() => rewirable(graph)).not.toThrow();
      expect(graph).not.toEqual(club);
    }
    const meanOf = (graph: DirectedGraph) => estimated(clustering(dyadsOf(graph)).transitivity);
    expect(meanOf(lattice.graph())).toBeGreaterThan(meanOf(randomGraph.graph()));
  });

  it('need an undirected graph', () => {
    expect(() => rewirable(graphOf(3, ring(3)))).toThrow(AnalysisError);
  });
});

describe('edge sets', () => {
  it('agree with a set of strings, for few nodes and for many', () => {
    for (const nodes of [50, 20_000]) {
      const random = seedrandom.alea(`edges ${nodes}`);
      const edges = emptyEdgeSet(nodes, 500);
      const truth = new Set<string>();
      const node = () => Math.floor(random() * 40) * Math.floor(nodes / 40);
      for (let step = 0; step < 20_000; step++) {
        const [a, b] = [node(), node()];
        const key = `${a} ${b}`;
        expect(edges.has(a, b)).toBe(truth.has(key));
        if (truth.size < 500 && random() < 0.5) {
          edges.add(a, b);
          truth.add(key);
        } else {
          edges.delete(a, b);
          truth.delete(key);
        }
      }
      expect(truth.size).toBeGreaterThan(100);
    }
  });
});

function edgeKeys(graph: DirectedGraph): number[] {
  const sources = edgeSources(graph);
  return Array.from(graph.targets, (target, k) => sources[k] * graph.nodes + target);
}

function spreadOf(values: number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}
