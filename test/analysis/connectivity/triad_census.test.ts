import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { dyadsOf } from '../../../src/analysis/connectivity/dyads.js';
import { populationMap } from '../../../src/analysis/connectivity/populations.js';
import {
  addCensuses,
  triadCensus,
  triadCensusByPopulation,
} from '../../../src/analysis/connectivity/triad_census.js';
import {
  BCT_MOTIF_IDS,
  TRIAD_NAMES,
  type TriadName,
} from '../../../src/analysis/connectivity/triad_classes.js';
import { AnalysisError, type NeuronGroup } from '../../../src/analysis/data.js';
import { complete, erdosRenyi, golden, graphOf, ring } from './cases.js';

/** One graph of each connected class, A = 0, B = 1, C = 2 as in the NetworkX docs. */
const REPRESENTATIVES: Partial<Record<TriadName, number[][]>> = {
  '012': [[0, 1]],
  '102': [
    [0, 1],
    [1, 0],
  ],
  '021D': [
    [1, 0],
    [1, 2],
  ],
  '021U': [
    [0, 1],
    [2, 1],
  ],
  '021C': [
    [0, 1],
    [1, 2],
  ],
  '111D': [
    [0, 1],
    [1, 0],
    [2, 1],
  ],
  '111U': [
    [0, 1],
    [1, 0],
    [1, 2],
  ],
  '030T': [
    [0, 1],
    [2, 1],
    [0, 2],
  ],
  '030C': [
    [1, 0],
    [2, 1],
    [0, 2],
  ],
  '201': [
    [0, 1],
    [1, 0],
    [1, 2],
    [2, 1],
  ],
  '120D': [
    [1, 0],
    [1, 2],
    [0, 2],
    [2, 0],
  ],
  '120U': [
    [0, 1],
    [2, 1],
    [0, 2],
    [2, 0],
  ],
  '120C': [
    [0, 1],
    [1, 2],
    [0, 2],
    [2, 0],
  ],
  '210': [
    [0, 1],
    [1, 2],
    [2, 1],
    [0, 2],
    [2, 0],
  ],
  '300': complete(3).map((edge) => [...edge]),
};

function groups(letters: string): NeuronGroup[] {
  return ['E', 'I', 'S'].map((name) => ({
    name,
    neurons: Uint32Array.from([...letters].flatMap((letter, node) => (letter === name ? [node] : []))),
    sign: null,
  }));
}

describe('triad census', () => {
  it('passes the test of NetworkX', () => {
    const { inputs, expected } = golden('triads.nx');
    const edges = inputs.edges.map((edge: string) => [Number(edge[0]), Number(edge[1])]);
    const census = triadCensus(dyadsOf(graphOf(7, edges)));
    expect(census).toEqual(expected.census);
  });

  it('names each class as NetworkX does, whatever the order of its nodes', () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    for (const [name, edges] of Object.entries(REPRESENTATIVES)) {
      for (const order of orders) {
        const census = triadCensus(
          dyadsOf(
            graphOf(
              3,
              edges.map(([a, b]) => [order[a], order[b]]),
            ),
          ),
        );
        expect(census[name as TriadName], name).toBe(1);
        expect(total(census), name).toBe(1);
      }
    }
  });

  it('matches NetworkX on random graphs', () => {
    for (const id of ['digraph40', 'sparse30']) {
      const { inputs, expected } = golden(id);
      expect(triadCensus(dyadsOf(graphOf(inputs.nodes, inputs.edges)))).toEqual(expected.census);
    }
  });

  it('matches a count of triples by population, and these add up', () => {
    const { inputs, expected } = golden('digraph40');
    const dyads = dyadsOf(graphOf(inputs.nodes, inputs.edges));
    const byPopulation = triadCensusByPopulation(dyads, populationMap(40, groups(inputs.population)));
    expect(byPopulation.length).toBe(10);
    for (const { populations, census } of byPopulation) {
      for (const name of TRIAD_NAMES) {
        const counted = expected.census_by_population[populations.join('')][name] ?? 0;
        expect(census[name], `${populations} ${name}`).toBe(counted);
      }
    }
    expect(addCensuses(byPopulation.map(({ census }) => census))).toEqual(triadCensus(dyads));
  });

  it('is the same by rows of bits in dense graphs and by lists in sparse ones', () => {
    const { inputs, expected } = golden('digraph40');
    const census = triadCensus(dyadsOf(graphOf(3040, inputs.edges)));
    for (const name of TRIAD_NAMES.slice(3)) expect(census[name], name).toBe(expected.census[name]);
    expect(total(census)).toBe((3040 * 3039 * 3038) / 6);
  });

  it('knows complete graphs, rings and graphs of few nodes', () => {
    expect(triadCensus(dyadsOf(graphOf(9, complete(9))))['300']).toBe(84);
    const census = triadCensus(dyadsOf(graphOf(8, ring(8))));
    expect([census['021C'], census['012'], census['003']]).toEqual([8, 32, 16]);
    expect(total(triadCensus(dyadsOf(graphOf(2, [[0, 1]]))))).toBe(0);
    expect(total(triadCensus(dyadsOf(graphOf(0, []))))).toBe(0);
  });

  it('has the expected counts in Erdős-Rényi graphs', () => {
    const nodes = 120;
    const p = 0.15;
    const random = seedrandom.alea('triads');
    const censuses = Array.from({ length: 60 }, () => triadCensus(dyadsOf(erdosRenyi(nodes, p, random))));
    const triples = (nodes * (nodes - 1) * (nodes - 2)) / 6;
    // Ways to lay each class on three labelled nodes (Wasserman and Faust 1994).
    const ways = [1, 6, 3, 3, 3, 6, 6, 6, 6, 2, 3, 3, 3, 6, 6, 1];
    TRIAD_NAMES.forEach((name, index) => {
      const [mutual, asymmetric, none] = [...name].map(Number);
      const edges = 2 * mutual + asymmetric;
      const expected = triples * ways[index] * p ** edges * (1 - p) ** (asymmetric + 2 * none);
      const counts = censuses.map((census) => census[name]);
      const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
      const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
      expect(Math.abs(mean - expected), name).toBeLessThan(3.5 * Math.sqrt(variance / counts.length));
    });
  });

  it('numbers the connected classes as the Brain Connectivity Toolbox does', () => {
    expect(BCT_MOTIF_IDS).toEqual(golden('bct.motif_ids').expected.map);
  });
});

describe('population map', () => {
  it('needs every node in exactly one group', () => {
    expect([...populationMap(3, groups('IES')).ofNode]).toEqual([1, 0, 2]);
    expect(() => populationMap(4, groups('EIS'))).toThrow(AnalysisError);
    expect(() => populationMap(2, groups('EIS'))).toThrow(/outside/);
    expect(() => populationMap(3, [...groups('EIS'), ...groups('E')])).toThrow(/in group E and/);
  });
});

function total(census: Record<TriadName, number>): number {
  return TRIAD_NAMES.reduce((sum, name) => sum + census[name], 0);
}
