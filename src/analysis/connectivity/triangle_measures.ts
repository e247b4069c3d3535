/** Clustering and triads of a graph from one pass over its triangles, which is what they cost. */

import { type Clustering, triangleClustering } from './clustering.js';
import type { Dyads } from './dyads.js';
import type { PopulationMap } from './populations.js';
import { addCensuses, closedTriadCounter, type TriadsOfComposition } from './triad_census.js';
import type { TriadCensus } from './triad_classes.js';
import { forEachTriangle } from './triangles.js';

export interface TriangleMeasures {
  readonly clustering: Clustering;
  readonly triads: TriadCensus;
  readonly triadsByPopulation: readonly TriadsOfComposition[];
}

export function triangleMeasures(dyads: Dyads, populations: PopulationMap): TriangleMeasures {
  const clusteringCounter = triangleClustering(dyads);
  const triadCounter = closedTriadCounter(dyads, populations);
  forEachTriangle(dyads, (u, v, code, fan) => {
    clusteringCounter.visit(u, v, code, fan);
    triadCounter.visit(u, v, code, fan);
  });
  const triadsByPopulation = triadCounter.finish();
  return {
    clustering: clusteringCounter.finish(),
    triads: addCensuses(triadsByPopulation.map(({ census }) => census)),
    triadsByPopulation,
  };
}
