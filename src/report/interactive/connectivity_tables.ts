import { TRIAD_NAMES } from '../../analysis/connectivity/triad_classes.js';
import type { ConnectivityResults } from '../../analysis/results.js';
import type { PanelContext } from '../panel.js';
import { table } from './tables.js';

/** The numbers of the graph. */

const SHOWN_SPLIT_TRIADS = 12;

export function connectivityTables({ analysis, styles }: PanelContext): string {
  const { results, arrays } = analysis.connectivity;
  if (!arrays) return '';
  const names = styles.map(({ name }) => name);
  const probabilities = names.map((source, s) => [
    source,
    ...names.map((_, t) => {
      const value = arrays.blockProbabilities[s * names.length + t];
      return Number.isFinite(value) ? value : null;
    }),
  ]);
  return (
    table('Connection probability, rows sources', ['', ...names], probabilities) +
    table(
      'Graph',
      ['density', 'reciprocity', 'z', 'clustering', 'z', 'transitivity'],
      [
        [
          results.density,
          results.reciprocity,
          results.reciprocityZ,
          results.clustering,
          results.clusteringZ,
          results.transitivity,
        ],
      ],
    ) +
    table(
      'Triads',
      ['', 'class', 'count', 'random mean', 'random sd', 'z'],
      TRIAD_NAMES.map((name, k) => {
        const score = arrays.nulls?.triads[name];
        return [
          k + 1,
          name,
          results.triads?.[name] ?? null,
          score?.nullMean ?? null,
          score?.nullSd ?? null,
          score?.z.value ?? null,
        ];
      }),
    ) +
    splitTriadTable(results) +
    shapeTables(results)
  );
}

/** The classes that stand out most, of all triples of populations. */
function splitTriadTable({ triadsByPopulation }: ConnectivityResults): string {
  const scored = (triadsByPopulation ?? []).flatMap(({ populations, triads, triadZ }) =>
    TRIAD_NAMES.flatMap((name) => {
      const z = triadZ?.[name] ?? null;
      return z === null ? [] : [{ of: populations.join(', '), name, count: triads[name], z }];
    }),
  );
  if (scored.length === 0) return '';
  const shown = scored.sort((a, b) => Math.abs(b.z) - Math.abs(a.z)).slice(0, SHOWN_SPLIT_TRIADS);
  return table(
    `Triads by population, the ${shown.length} of ${scored.length} with the largest |z|`,
    ['neurons of', 'class', 'count', 'z'],
    shown.map(({ of, name, count, z }) => [of, name, count, z]),
  );
}

function shapeTables({ richClub, communities, smallWorld, paths }: ConnectivityResults): string {
  return (
    table(
      'Rich club',
      ['degree above', 'neurons', 'density among them', 'over random graphs', 'z'],
      [[richClub.degree, richClub.neurons, richClub.density, richClub.normalized, richClub.z]],
    ) +
    table(
      'Communities, small world, paths',
      [
        'communities',
        'modularity',
        'modularity of the populations',
        'sigma',
        'omega',
        'path length',
        'efficiency',
        '± (sampling)',
      ],
      [
        [
          communities.count,
          communities.modularity,
          communities.populationModularity,
          smallWorld.sigma,
          smallWorld.omega,
          paths.meanLength,
          paths.globalEfficiency,
          paths.globalEfficiencyError,
        ],
      ],
    )
  );
}
