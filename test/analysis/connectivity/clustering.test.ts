import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { clustering, weightedClustering } from '../../../src/analysis/connectivity/clustering.js';
import { dyadsOf, reciprocity, undirected } from '../../../src/analysis/connectivity/dyads.js';
import { AnalysisError } from '../../../src/analysis/data.js';
import {
  bothWays,
  complete,
  erdosRenyi,
  estimated,
  golden,
  graphOf,
  ring,
  weightedGraphOf,
} from './cases.js';

function expectAll(actual: Float64Array, expected: number[], tolerance: number) {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, node) => {
    expect(Math.abs(actual[node] - value), `node ${node}`).toBeLessThan(tolerance);
  });
}

describe('reciprocity', () => {
  it('is mutual edges over edges', () => {
    const { expected } = golden('graph.small');
    const dyads = dyadsOf(
      graphOf(4, [
        [1, 2],
        [2, 3],
        [3, 2],
      ]),
    );
    expect(estimated(reciprocity(dyads))).toBeCloseTo(expected.reciprocity['1>2,2>3,3>2 node 2'], 12);
    expect(estimated(reciprocity(dyadsOf(graphOf(5, complete(5)))))).toBe(1);
    expect(estimated(reciprocity(dyadsOf(graphOf(5, ring(5)))))).toBe(0);
    expect(reciprocity(dyadsOf(graphOf(5, []))).value).toBeNull();
  });
});

describe('directed clustering', () => {
  const { expected, tol } = golden('graph.small');

  it('passes the tests of NetworkX', () => {
    const cases = expected.directed_clustering;
    const minusOne = clustering(dyadsOf(graphOf(5, complete(5, [[1, 2]]))));
    expectAll(minusOne.coefficients, cases['K5 minus 1>2'], tol.abs);
    const minusBoth = clustering(
      dyadsOf(
        graphOf(
          5,
          complete(5, [
            [1, 2],
            [2, 1],
          ]),
        ),
      ),
    );
    expectAll(minusBoth.coefficients, cases['K5 minus 1<->2'], tol.abs);
    const cycle = clustering(
      dyadsOf(
        graphOf(5, [
          [0, 1],
          [1, 2],
          [2, 0],
          [0, 4],
        ]),
      ),
    );
    expect(cycle.coefficients[0]).toBeCloseTo(cases['3-cycle + 0>4, node 0'], 12);
  });

  it('matches NetworkX node by node', () => {
    const { inputs, expected, tol } = golden('digraph40');
    const graph = graphOf(inputs.nodes, inputs.edges);
    const dyads = dyadsOf(graph);
    const result = clustering(dyads);
    expectAll(result.coefficients, expected.clustering, tol.abs);
    expect(estimated(result.mean)).toBeCloseTo(expected.clustering_mean, 12);
    expect(estimated(result.transitivity)).toBeCloseTo(expected.transitivity_bct, 12);
    expect(estimated(reciprocity(dyads))).toBeCloseTo(expected.reciprocity, 12);
    const both = clustering(dyadsOf(undirected(graph)));
    expect(estimated(both.mean)).toBeCloseTo(expected.clustering_undirected, 12);
    expect(estimated(both.transitivity)).toBeCloseTo(expected.transitivity_undirected, 12);
  });

  it('is the same by rows of bits in dense graphs and by lists in sparse ones', () => {
    const { inputs } = golden('digraph40');
    const dense = clustering(dyadsOf(graphOf(inputs.nodes, inputs.edges)));
    // 3000 nodes without edges leave every triangle, but make the graph sparse.
    const sparse = clustering(dyadsOf(graphOf(3040, inputs.edges)));
    expect(sparse.coefficients.slice(0, 40)).toEqual(dense.coefficients);
    expect(sparse.transitivity).toEqual(dense.transitivity);
  });

  it('gives the karate club its undirected values', () => {
    const { inputs, expected, tol } = golden('karate');
    const result = clustering(dyadsOf(graphOf(34, bothWays(inputs.edges))));
    expect(Math.abs(estimated(result.mean) - expected.C)).toBeLessThan(tol.abs);
    expect(Math.abs(estimated(result.transitivity) - expected.T)).toBeLessThan(tol.abs);
    const weighted = weightedClustering(weightedGraphOf(34, bothWays(inputs.edges)));
    expect(Math.abs(estimated(weighted.mean) - expected.Cw_onnela)).toBeLessThan(tol.abs);
  });

  it('matches NetworkX with weights and direction', () => {
    const { inputs, expected, tol } = golden('sparse30');
    const result = weightedClustering(weightedGraphOf(inputs.nodes, inputs.edges));
    expectAll(result.coefficients, expected.clustering_weighted, tol.abs);
  });

  it('is 1 in a complete graph and undefined where nothing can close', () => {
    const full = clustering(dyadsOf(graphOf(6, complete(6))));
    expect(estimated(full.mean)).toBe(1);
    expect(estimated(full.transitivity)).toBe(1);
    expect(estimated(clustering(dyadsOf(graphOf(6, ring(6)))).mean)).toBe(0);
    expect(clustering(dyadsOf(graphOf(6, [[0, 1]]))).transitivity.value).toBeNull();
    expect(clustering(dyadsOf(graphOf(0, []))).mean.value).toBeNull();
  });

  it('rejects weights that are not positive', () => {
    expect(() => weightedClustering(weightedGraphOf(3, [[0, 1, -1]]))).toThrow(AnalysisError);
  });

  it('is p in Erdős-Rényi graphs, as is reciprocity', () => {
    const p = 0.1;
    const random = seedrandom.alea('erdos-renyi');
    const graphs = Array.from({ length: 40 }, () => dyadsOf(erdosRenyi(150, p, random)));
    expectMeanWithinStandardErrors(
      graphs.map((dyads) => estimated(reciprocity(dyads))),
      p,
    );
    expectMeanWithinStandardErrors(
      graphs.map((dyads) => estimated(clustering(dyads).mean)),
      p,
    );
    expectMeanWithinStandardErrors(
      graphs.map((dyads) => estimated(clustering(dyads).transitivity)),
      p,
    );
  });
});

/**
 * The mean of 40 graphs lies within 3 of its own standard errors. The largest of these is that of reciprocity: some
 * 112 mutual pairs in each graph make it 1 / sqrt(40 * 112) of the truth.
 */
function expectMeanWithinStandardErrors(values: number[], truth: number) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const standardError = Math.sqrt(variance / values.length);
  expect(standardError).toBeLessThan(0.02 * truth);
  expect(Math.abs(mean - truth)).toBeLessThan(3 * standardError);
}
