import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { undirected } from '../../../src/analysis/connectivity/dyads.js';
import { pathLengths } from '../../../src/analysis/connectivity/path_lengths.js';
import {
  directedRichClub,
  richClubDegree,
  undirectedRichClub,
} from '../../../src/analysis/connectivity/rich_club.js';
import { SMALL_WORLD_MAX_EDGES, smallWorld } from '../../../src/analysis/connectivity/small_world.js';
import { AnalysisError, type DirectedGraph } from '../../../src/analysis/data.js';
import { bothWays, complete, erdosRenyi, estimated, golden, graphOf, ring } from './cases.js';

const karate = golden('karate');
const club = graphOf(34, bothWays(karate.inputs.edges));

function lengthAndEfficiency(graph: DirectedGraph): [number, number] {
  const paths = estimated(pathLengths(graph));
  return [estimated(paths.averageLength).mean, paths.globalEfficiency.mean];
}

describe('path lengths', () => {
  it('matches NetworkX, with and without direction', () => {
    const { inputs, expected } = golden('digraph40');
    const graph = graphOf(inputs.nodes, inputs.edges);
    const [length, efficiency] = lengthAndEfficiency(graph);
    expect(length).toBeCloseTo(expected.average_path_length, 12);
    expect(efficiency).toBeCloseTo(expected.efficiency_directed, 12);
    const [bothLength, bothEfficiency] = lengthAndEfficiency(undirected(graph));
    expect(bothLength).toBeCloseTo(expected.average_path_length_undirected, 12);
    expect(bothEfficiency).toBeCloseTo(expected.efficiency_undirected, 12);
    const [clubLength, clubEfficiency] = lengthAndEfficiency(club);
    expect(clubLength).toBeCloseTo(karate.expected.L, 12);
    expect(clubEfficiency).toBeCloseTo(karate.expected.Eglob, 12);
  });

  it('knows rings and complete graphs', () => {
    expect(lengthAndEfficiency(graphOf(9, complete(9)))).toEqual([1, 1]);
    // NetworkX's own test: the ring of 4 has efficiency 5/6.
    expect(lengthAndEfficiency(graphOf(4, bothWays(ring(4))))[1]).toBeCloseTo(5 / 6, 15);
    expect(lengthAndEfficiency(graphOf(10, ring(10)))[0]).toBeCloseTo(5, 12);
  });

  it('has no average length where a node cannot be reached, but says how many pairs can', () => {
    const { inputs, expected } = golden('sparse30');
    const paths = estimated(pathLengths(graphOf(inputs.nodes, inputs.edges)));
    const { efficiency, reachable, sum } = expected.paths;
    expect(paths.averageLength.value).toBeNull();
    expect(paths.reachable).toBeCloseTo(reachable / (30 * 29), 12);
    expect(estimated(paths.averageLengthWhereReachable)).toBeCloseTo(sum / reachable, 12);
    expect(paths.globalEfficiency.mean).toBeCloseTo(efficiency, 12);
    expect(pathLengths(graphOf(1, [])).value).toBeNull();
    expect(estimated(pathLengths(graphOf(2, []))).averageLengthWhereReachable.value).toBeNull();
  });

  it('estimates from a sample with a standard error that holds', () => {
    const graph = erdosRenyi(200, 0.02, seedrandom.alea('paths'));
    const exact = estimated(pathLengths(graph)).globalEfficiency;
    expect(exact.standardError).toBe(0);
    let squaredDeviations = 0;
    let squaredErrors = 0;
    for (let seed = 0; seed < 200; seed++) {
      const sampled = estimated(pathLengths(graph, { startNodes: 40, seed })).globalEfficiency;
      squaredDeviations += (sampled.mean - exact.mean) ** 2;
      squaredErrors += sampled.standardError ** 2;
    }
    // The squared standard error is unbiased; 200 squared deviations of a normal mean have a relative sd of 0.1.
    expect(Math.abs(squaredDeviations / squaredErrors - 1)).toBeLessThan(0.3);
    expect(() => pathLengths(graph, { startNodes: 1, seed: 1 })).toThrow(AnalysisError);
  });
});

describe('rich club', () => {
  it('passes the tests of NetworkX', () => {
    const expected = golden('graph.small').expected.rich_club['01,02,12,13,14,45'];
    const graph = graphOf(
      6,
      bothWays([
        [0, 1],
        [0, 2],
        [1, 2],
        [1, 3],
        [1, 4],
        [4, 5],
      ]),
    );
    expectClub(undirectedRichClub(graph), expected);
    expectClub(undirectedRichClub(club), karate.expected.rich_club);
  });

  it('matches NetworkX without direction and the Brain Connectivity Toolbox with it', () => {
    const { inputs, expected } = golden('digraph40');
    const graph = graphOf(inputs.nodes, inputs.edges);
    expectClub(undirectedRichClub(graph), expected.rich_club_undirected);
    expectClub(directedRichClub(graph), expected.rich_club_directed, 1);
  });

  it('is empty where no two nodes are left', () => {
    expect(undirectedRichClub(graphOf(0, [])).length).toBe(0);
    expect([...directedRichClub(graphOf(3, complete(3)))]).toEqual([1, 1, 1, 1]);
  });
});

describe('small world', () => {
  it('agrees with NetworkX, whose seeds scatter as ours', () => {
    const { inputs, expected } = golden('smallworld60');
    const graph = graphOf(60, bothWays(inputs.edges));
    const ours = [1, 2, 3].map((seed) => estimated(smallWorld(graph, { references: 5, seed })));
    expectSameMean(
      ours.map(({ sigma }) => estimated(sigma)),
      expected.sigma,
    );
  });

  it('tells lattices from random graphs by omega', () => {
    const nodes = 200;
    const lattice = graphOf(
      nodes,
      bothWays([1, 2, 3].flatMap((step) => ring(nodes).map(([a]) => [a, (a + step) % nodes]))),
    );
    // C / C_lattice is 1, L some 200 / (2 * 6) = 17 and L_random some ln 200 / ln 6 = 3: about -0.8.
    const ofLattice = estimated(estimated(smallWorld(lattice, { references: 3, seed: 1 })).omega);
    expect(ofLattice).toBeLessThan(-0.7);
    // C is 0.08 with directions ignored, that of its lattices near 0.7, and L is L_random: about 0.9.
    const random = erdosRenyi(nodes, 0.04, seedrandom.alea('omega'));
    expect(estimated(estimated(smallWorld(random, { references: 3, seed: 1 })).omega)).toBeGreaterThan(0.7);
  });

  it('is undefined where the graph falls apart, has no triangles or is too large', () => {
    expect(
      smallWorld(
        graphOf(4, [
          [0, 1],
          [2, 3],
        ]),
        { references: 2, seed: 1 },
      ).value,
    ).toBeNull();
    const nodes = SMALL_WORLD_MAX_EDGES + 1;
    expect(smallWorld(graphOf(nodes, ring(nodes)), { references: 1, seed: 1 })).toMatchObject({
      value: null,
      reason: expect.stringContaining(String(nodes)),
    });
    const tree = smallWorld(
      graphOf(4, [
        [0, 1],
        [1, 2],
        [1, 3],
      ]),
      { references: 2, seed: 1 },
    );
    expect(estimated(tree).sigma.value).toBeNull();
    expect(estimated(tree).omega.value).toBeNull();
    expect(() => smallWorld(club, { references: 0, seed: 1 })).toThrow(AnalysisError);
  });
});

function expectClub(actual: Float64Array, expected: Record<string, number>, first = 0) {
  expect(actual.length).toBe(Object.keys(expected).length + first);
  for (const [k, value] of Object.entries(expected)) expect(actual[Number(k)], k).toBeCloseTo(value, 12);
}

/** Two small samples have the same mean, to 4 standard errors of the difference. */
function expectSameMean(ours: number[], theirs: number[]) {
  const [a, b] = [ours, theirs].map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    return { mean, squaredError: variance / values.length };
  });
  expect(Math.abs(a.mean - b.mean)).toBeLessThan(4 * Math.sqrt(a.squaredError + b.squaredError));
}

describe('the rich club of the tenth with the most edges', () => {
  it('is found above the degree that the others do not exceed', () => {
    // 20 nodes in a ring, of which 0 and 10 are also joined both ways to each other: degrees 2, and 4 for the two.
    const edges = Array.from({ length: 20 }, (_, k) => [k, (k + 1) % 20]);
    const graph = graphOf(20, [...edges, [0, 10], [10, 0]]);
    expect(richClubDegree(graph)).toBe(2);
    expect(directedRichClub(graph)[2]).toBe(1);
  });

  it('holds a tenth of the nodes at most, not the two after them', () => {
    // As before, and 5 and 15 joined to each other one way: degrees 4, 4, 3 and 3 among 20.
    const edges = Array.from({ length: 20 }, (_, k) => [k, (k + 1) % 20]);
    expect(richClubDegree(graphOf(20, [...edges, [0, 10], [10, 0], [5, 15]]))).toBe(3);
  });

  it('is not there where all have the same, or too few nodes', () => {
    expect(
      richClubDegree(
        graphOf(
          20,
          Array.from({ length: 20 }, (_, k) => [k, (k + 1) % 20]),
        ),
      ),
    ).toBeNull();
    expect(richClubDegree(graphOf(3, [[0, 1]]))).toBeNull();
  });
});
