import { describe, expect, it } from 'vitest';
import { communities, LOUVAIN_MAX_EDGES } from '../../../src/analysis/connectivity/communities.js';
import { modularity, weightedModularity } from '../../../src/analysis/connectivity/modularity.js';
import { AnalysisError } from '../../../src/analysis/data.js';
import { bothWays, complete, estimated, golden, graphOf, ring, weightedGraphOf } from './cases.js';

describe('modularity', () => {
  it('passes the tests of NetworkX', () => {
    const { modularity: expected } = golden('graph.small').expected;
    const barbell = graphOf(
      6,
      bothWays([
        [0, 1],
        [0, 2],
        [1, 2],
        [2, 3],
        [3, 4],
        [3, 5],
        [4, 5],
      ]),
    );
    const of = (...members: number[]) => estimated(modularity(barbell, Uint32Array.from(members)));
    expect(of(0, 0, 0, 1, 1, 1)).toBeCloseTo(expected['barbell(3,0) {0,1,2}|{3,4,5}'], 12);
    expect(of(0, 0, 1, 1, 0, 1)).toBeCloseTo(expected['barbell {0,1,4}|{2,3,5}'], 12);
    const directed = graphOf(4, [
      [1, 0],
      [1, 2],
      [2, 3],
    ]);
    expect(estimated(modularity(directed, Uint32Array.of(0, 0, 1, 1)))).toBeCloseTo(
      expected['directed 2>1,2>3,3>4 {1,2}|{3,4}'],
      12,
    );
  });

  it('matches NetworkX on random digraphs and the karate club, with and without weights', () => {
    const { inputs, expected } = golden('digraph40');
    const graph = graphOf(inputs.nodes, inputs.edges);
    expect(estimated(modularity(graph, Uint32Array.from(inputs.membership)))).toBeCloseTo(
      expected.modularity,
      12,
    );
    const sparse = golden('sparse30');
    expect(
      estimated(
        weightedModularity(
          weightedGraphOf(30, sparse.inputs.edges),
          Uint32Array.from(sparse.inputs.membership),
        ),
      ),
    ).toBeCloseTo(sparse.expected.modularity_weighted, 12);
    const karate = golden('karate');
    const club = weightedGraphOf(34, bothWays(karate.inputs.edges));
    const halves = Uint32Array.from(karate.inputs.club);
    expect(estimated(modularity(club, halves))).toBeCloseTo(karate.expected.Q_club_unweighted, 12);
    expect(estimated(weightedModularity(club, halves))).toBeCloseTo(karate.expected.Q_club_weighted, 12);
  });

  it('is 0 for one community, undefined without edges, and rejects a wrong length', () => {
    expect(estimated(modularity(graphOf(5, ring(5)), new Uint32Array(5)))).toBe(0);
    expect(modularity(graphOf(5, []), new Uint32Array(5)).value).toBeNull();
    expect(() => modularity(graphOf(5, ring(5)), new Uint32Array(4))).toThrow(AnalysisError);
    expect(() => weightedModularity(weightedGraphOf(2, [[0, 1, -1]]), new Uint32Array(2))).toThrow(
      AnalysisError,
    );
  });
});

describe('communities', () => {
  it('finds cliques that are joined in a ring, and reports the modularity of what it found', () => {
    const cliques = 6;
    const edges = Array.from({ length: cliques }, (_, clique) => [
      ...complete(5).map(([a, b]) => [5 * clique + a, 5 * clique + b]),
      [5 * clique, 5 * ((clique + 1) % cliques) + 1],
    ]).flat();
    const graph = graphOf(5 * cliques, edges);
    const found = estimated(communities(graph, 1));
    expect(found.count).toBe(cliques);
    for (let node = 0; node < graph.nodes; node++) {
      expect(found.ofNode[node]).toBe(found.ofNode[5 * Math.floor(node / 5)]);
    }
    expect(found.modularity).toBeCloseTo(estimated(modularity(graph, found.ofNode)), 12);
  });

  it('reaches the karate club modularity known from Louvain, the same for the same seed', () => {
    const graph = graphOf(34, bothWays(golden('karate').inputs.edges));
    const found = estimated(communities(graph, 3));
    // The optimum is 0.4198 (Brandes 2008); Louvain gets to within a few percent of it.
    expect(found.modularity).toBeGreaterThan(0.4);
    expect(found.modularity).toBeLessThan(0.41979);
    expect(communities(graph, 3)).toEqual({ value: found });
  });

  it('says where it is undefined or too dear', () => {
    expect(communities(graphOf(3, []), 1).value).toBeNull();
    const nodes = LOUVAIN_MAX_EDGES + 1;
    const large = {
      nodes,
      rowPointers: Uint32Array.from({ length: nodes + 1 }, (_, i) => i),
      targets: Uint32Array.from({ length: nodes }, (_, i) => (i + 1) % nodes),
    };
    expect(communities(large, 1)).toMatchObject({ value: null, reason: expect.stringContaining('1000001') });
  });
});
