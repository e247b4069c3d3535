import { describe, expect, it } from 'vitest';
import {
  degreeAssortativity,
  degreeSpread,
  density,
  inDegrees,
  outDegrees,
} from '../../../src/analysis/connectivity/degrees.js';
import { checkGraph, graphFromEdges, transpose } from '../../../src/analysis/connectivity/graph.js';
import { AnalysisError } from '../../../src/analysis/data.js';
import { bothWays, complete, estimated, golden, graphOf, ring } from './cases.js';

const edges = {
  nodes: 4,
  sources: Uint32Array.of(3, 0, 0, 2, 0, 0, 1),
  targets: Uint32Array.of(0, 2, 1, 2, 2, 2, 3),
};

describe('graph from edges', () => {
  it('sorts rows, merges repeats and drops autapses, and says how many', () => {
    const { graph, autapsesDropped, repeatsMerged } = graphFromEdges(edges);
    expect([...graph.rowPointers]).toEqual([0, 2, 3, 3, 4]);
    expect([...graph.targets]).toEqual([1, 2, 3, 0]);
    expect(autapsesDropped).toBe(1);
    expect(repeatsMerged).toBe(2);
  });

  it('adds the weights of repeats', () => {
    const { graph } = graphFromEdges(edges, Float64Array.of(1, 2, 4, 8, 16, 32, 64));
    expect([...graph.weights]).toEqual([4, 50, 64, 1]);
  });

  it('reverses edges; twice is the same graph', () => {
    const { graph } = graphFromEdges(edges);
    const reversed = transpose(graph);
    expect([...reversed.rowPointers]).toEqual([0, 1, 2, 3, 4]);
    expect([...reversed.targets]).toEqual([3, 0, 0, 1]);
    expect(transpose(reversed)).toEqual(graph);
  });

  it('takes graphs without nodes or edges', () => {
    expect(graphOf(0, []).rowPointers.length).toBe(1);
    expect(density(graphOf(1, [])).value).toBeNull();
    expect(estimated(density(graphOf(2, [])))).toBe(0);
    expect(degreeSpread(inDegrees(graphOf(0, []))).value).toBeNull();
    expect(degreeAssortativity(graphOf(3, [])).value).toBeNull();
  });

  it('rejects edges that are none', () => {
    expect(() => graphOf(2, [[0, 2]])).toThrow(AnalysisError);
    expect(() => graphOf(2.5, [])).toThrow(AnalysisError);
    expect(() => graphFromEdges({ ...edges, targets: Uint32Array.of(1) })).toThrow(/differ in length/);
    expect(() => graphFromEdges(edges, new Float64Array(2))).toThrow(/one entry per edge/);
    expect(() => graphFromEdges(edges, new Float64Array(7).fill(Number.NaN))).toThrow(/finite/);
  });

  it('rejects a malformed compressed graph', () => {
    const graph = (rowPointers: number[], targets: number[]) => ({
      nodes: 2,
      rowPointers: Uint32Array.from(rowPointers),
      targets: Uint32Array.from(targets),
    });
    expect(() => checkGraph(graph([0, 1, 2], [1, 0]))).not.toThrow();
    for (const bad of [
      graph([0, 1], [1]),
      graph([0, 2, 1], [1]),
      graph([0, 1, 2], [1, 1]),
      graph([0, 2, 2], [1, 1]),
      graph([0, 1, 1], [2]),
    ]) {
      expect(() => checkGraph(bad)).toThrow(AnalysisError);
    }
  });
});

describe('degrees', () => {
  it('counts both directions', () => {
    const { graph } = graphFromEdges(edges);
    expect([...outDegrees(graph)]).toEqual([2, 1, 0, 1]);
    expect([...inDegrees(graph)]).toEqual([1, 1, 1, 1]);
    expect(estimated(degreeSpread(outDegrees(graph)))).toEqual({ mean: 1, sd: Math.sqrt(0.5) });
    expect(estimated(degreeSpread(inDegrees(graph)))).toEqual({ mean: 1, sd: 0 });
  });

  it('has density 1 for a complete graph and 1 / (n - 1) for a ring', () => {
    expect(estimated(density(graphOf(7, complete(7))))).toBe(1);
    expect(estimated(density(graphOf(7, ring(7))))).toBeCloseTo(1 / 6, 15);
    expect(degreeAssortativity(graphOf(7, ring(7))).value).toBeNull();
  });

  it('matches NetworkX', () => {
    const { inputs, expected, tol } = golden('digraph40');
    const graph = graphOf(inputs.nodes, inputs.edges);
    expect(Math.abs(estimated(density(graph)) - expected.density)).toBeLessThan(tol.abs);
    expect(Math.abs(estimated(degreeAssortativity(graph)) - expected.assortativity)).toBeLessThan(tol.abs);
    const karate = golden('karate');
    const club = graphOf(34, bothWays(karate.inputs.edges));
    expect(Math.abs(estimated(degreeAssortativity(club)) - karate.expected.assort)).toBeLessThan(
      karate.tol.abs,
    );
  });
});
