import { communities } from '../connectivity/communities.js';
import { modularity } from '../connectivity/modularity.js';
import type { NullScores } from '../connectivity/null_scores.js';
import { pathLengths } from '../connectivity/path_lengths.js';
import type { PopulationMap } from '../connectivity/populations.js';
import { directedRichClub, richClubDegree } from '../connectivity/rich_club.js';
import { smallWorld } from '../connectivity/small_world.js';
import type { DirectedGraph, Estimate } from '../data.js';
import { type Notes, partOf } from '../notes.js';
import type { CommunityResults, ConnectivityResults, PathResults, RichClubResults } from '../results.js';

/** Communities and small-world measures take seconds beyond this, the lattice that omega needs does so sooner. */
const MAX_SLOW_EDGES = 300_000;
const MAX_LATTICE_EDGES = 10_000;
const SMALL_WORLD_REFERENCES = 3;
/** Start nodes times edges of the search for paths: a second or two. */
const PATH_BUDGET = 2e8;
const SEED = 1;

/** How a graph is organised as a whole. */
export type GraphShape = Pick<ConnectivityResults, 'richClub' | 'communities' | 'smallWorld' | 'paths'>;

export const UNKNOWN_SHAPE: GraphShape = {
  richClub: { degree: null, neurons: null, density: null, normalized: null, z: null },
  communities: { count: null, modularity: null, populationModularity: null },
  smallWorld: { sigma: null, omega: null },
  paths: {
    startNeurons: null,
    meanLength: null,
    reachable: null,
    globalEfficiency: null,
    globalEfficiencyError: null,
  },
};

export function graphShape(
  graph: DirectedGraph,
  populations: PopulationMap,
  nulls: NullScores | null,
  notes: Notes,
): GraphShape {
  return {
    richClub: richClubOf(graph, nulls, notes),
    communities: communitiesOf(graph, populations, notes),
    smallWorld: smallWorldOf(graph, notes),
    paths: pathsOf(graph, notes),
  };
}

function richClubOf(graph: DirectedGraph, nulls: NullScores | null, notes: Notes): RichClubResults {
  const path = 'connectivity.richClub';
  const degree = richClubDegree(graph);
  if (degree === null) {
    notes.undefinedAt(path, 'no tenth of the neurons has more edges than the rest');
    return UNKNOWN_SHAPE.richClub;
  }
  const club = directedRichClub(graph);
  const score = nulls?.richClub;
  if (!score) notes.undefinedAt(path, 'there are no random graphs to compare with');
  return {
    degree,
    neurons: membersAbove(graph, degree),
    density: club[degree],
    normalized: score ? score.observed / score.nullMean : null,
    z: score ? notes.valueOf(`${path}.z`, score.z) : null,
  };
}

function membersAbove({ nodes, rowPointers, targets }: DirectedGraph, degree: number): number {
  const degrees = new Uint32Array(nodes);
  for (const target of targets) degrees[target]++;
  let members = 0;
  for (let node = 0; node < nodes; node++)
    if (degrees[node] + rowPointers[node + 1] - rowPointers[node] > degree) members++;
  return members;
}

function communitiesOf(graph: DirectedGraph, { ofNode }: PopulationMap, notes: Notes): CommunityResults {
  const path = 'connectivity.communities';
  const found = tooDear(graph, MAX_SLOW_EDGES, 'communities are computed') ?? communities(graph, SEED);
  return {
    count: notes.valueOf(
      `${path}.count`,
      partOf(found, ({ count }) => count),
    ),
    modularity: notes.valueOf(
      `${path}.modularity`,
      partOf(found, (value) => value.modularity),
    ),
    populationModularity: notes.valueOf(`${path}.populationModularity`, modularity(graph, ofNode)),
  };
}

function smallWorldOf(graph: DirectedGraph, notes: Notes): ConnectivityResults['smallWorld'] {
  const path = 'connectivity.smallWorld';
  const tooMany = tooDear(graph, MAX_SLOW_EDGES, 'small-world measures are computed');
  const noLattice = tooDear(graph, MAX_LATTICE_EDGES, 'omega, which needs a lattice, is computed');
  const measures = notes.valueOf(
    path,
    tooMany ??
      smallWorld(graph, { references: SMALL_WORLD_REFERENCES, seed: SEED, withLattice: noLattice === null }),
  );
  if (!measures) return UNKNOWN_SHAPE.smallWorld;
  return {
    sigma: notes.valueOf(`${path}.sigma`, measures.sigma),
    omega: notes.valueOf(`${path}.omega`, noLattice ?? measures.omega),
  };
}

function pathsOf(graph: DirectedGraph, notes: Notes): PathResults {
  const path = 'connectivity.paths';
  const startNodes = Math.max(2, Math.floor(PATH_BUDGET / Math.max(1, graph.targets.length)));
  const found = notes.valueOf(path, pathLengths(graph, { startNodes, seed: SEED }));
  if (!found) return UNKNOWN_SHAPE.paths;
  return {
    startNeurons: found.startNodes,
    meanLength: notes.valueOf(`${path}.meanLength`, found.averageLengthWhereReachable),
    reachable: found.reachable,
    globalEfficiency: found.globalEfficiency.mean,
    globalEfficiencyError: found.globalEfficiency.standardError,
  };
}

/** Why the measure is not taken, where the graph is too large for it. */
function tooDear(
  { targets }: DirectedGraph,
  maxEdges: number,
  measure: string,
): Extract<Estimate<never>, { value: null }> | null {
  return targets.length <= maxEdges
    ? null
    : { value: null, reason: `${measure} up to ${maxEdges} edges; the graph has ${targets.length}` };
}
