import type { Connector } from '../model/circuit.js';
import { RowStream } from './counter_random.js';
import type { PopulationRange } from './network.js';
import { somaDistance_um } from './positions.js';

/** The targets of one projection, source by source; may be called again with the same result. */
export interface ProjectionRows {
  /**
   * Writes the targets of the projection's `source` (network-wide number) to `row` and returns how many; they ascend.
   * `row` has room for the largest possible row.
   */
  targetsOf(source: number, row: Uint32Array): number;
  readonly longestRow: number;
  /** Where the connector made pairs: which of them each synapse is, source by source, and where each source's start. */
  readonly pairs?: { readonly order: Uint32Array; readonly starts: Uint32Array };
}

/** Most synapses of a fixed-total connector without multapses: its pairs are remembered one by one while drawing. */
const MAX_DISTINCT_TOTAL = 16_000_000;

/** Draws the rows of a projection from `source` to `target`. Throws RangeError if the connector is impossible. */
export function connect(
  connector: Connector,
  source: PopulationRange,
  target: PopulationRange,
  positions_um: Float32Array,
  key: number,
): ProjectionRows {
  switch (connector.kind) {
    case 'fixed-probability':
      return fixedProbability(connector.probability, connector.autapses, source, target, key);
    case 'distance-dependent':
      return distanceDependent(connector, target, positions_um, key);
    case 'fixed-in-degree':
      return fixedInDegree(connector, source, target, key);
    case 'fixed-total':
      return fixedTotal(connector, source, target, key);
    case 'list': {
      const sources = Uint32Array.from(connector.pairs, ([s]) => s);
      const targets = Uint32Array.from(connector.pairs, ([, t]) => t);
      return rowsOfPairs(sources, targets, source, target);
    }
    default:
      return connector satisfies never;
  }
}

/** Each pair independently; the gaps between targets are geometric, so a row costs its own length. */
function fixedProbability(
  probability: number,
  autapses: boolean,
  source: PopulationRange,
  target: PopulationRange,
  key: number,
): ProjectionRows {
  const random = new RowStream(key);
  const skipsSelf = !autapses && source.first === target.first;
  const candidates = skipsSelf ? target.count - 1 : target.count;
  const logOfMiss = Math.log1p(-probability);
  return {
    longestRow: target.count,
    targetsOf(from, row) {
      if (probability === 0) return 0;
      random.seek(from);
      const self = skipsSelf ? from - target.first : Number.POSITIVE_INFINITY;
      let length = 0;
      for (let k = -1; ; ) {
        k += 1 + (probability === 1 ? 0 : Math.floor(Math.log(random.next()) / logOfMiss));
        if (k >= candidates) return length;
        row[length++] = target.first + (k >= self ? k + 1 : k);
      }
    },
  };
}

/** Each pair independently with probability p exp(-d/scale) or p exp(-d^2 / (2 scale^2)). */
function distanceDependent(
  connector: Extract<Connector, { kind: 'distance-dependent' }>,
  target: PopulationRange,
  positions_um: Float32Array,
  key: number,
): ProjectionRows {
  const random = new RowStream(key);
  const { probability, profile, scale_um, autapses } = connector;
  return {
    longestRow: target.count,
    targetsOf(from, row) {
      random.seek(from);
      let length = 0;
      for (let to = target.first; to < target.first + target.count; to++) {
        const distance = somaDistance_um(positions_um, from, to) / scale_um;
        const chance =
          probability * Math.exp(profile === 'gaussian' ? (-distance * distance) / 2 : -distance);
        if (random.next() < chance && (autapses || from !== to)) row[length++] = to;
      }
      return length;
    },
  };
}

/** Every target gets `inDegree` sources, uniformly, with or without replacement. */
function fixedInDegree(
  connector: Extract<Connector, { kind: 'fixed-in-degree' }>,
  source: PopulationRange,
  target: PopulationRange,
  key: number,
): ProjectionRows {
  const { inDegree, autapses, multapses } = connector;
  const excludesSelf = !autapses && source.first === target.first;
  const available = source.count - (excludesSelf ? 1 : 0);
  if (inDegree > 0 && available === 0) throw new RangeError('no source to draw from');
  if (!multapses && inDegree > available)
    throw new RangeError(`inDegree ${inDegree} exceeds the ${available} possible sources`);
  const sources = new Uint32Array(inDegree * target.count);
  const targets = new Uint32Array(inDegree * target.count);
  const random = new RowStream(key);
  // If most are chosen, it is cheaper to draw those that are omitted.
  const drawsComplement = !multapses && inDegree > available / 2;
  const drawn = new Uint32Array(source.count);
  let k = 0;
  for (let to = 0; to < target.count; to++) {
    random.seek(target.first + to);
    const mark = to + 1;
    if (excludesSelf) drawn[to] = mark;
    for (let draws = drawsComplement ? available - inDegree : inDegree; draws > 0; ) {
      const from = random.below(source.count);
      if (multapses ? excludesSelf && from === to : drawn[from] === mark) continue;
      draws--;
      if (!multapses) drawn[from] = mark;
      if (!drawsComplement) {
        sources[k] = from;
        targets[k++] = to;
      }
    }
    if (drawsComplement)
      for (let from = 0; from < source.count; from++)
        if (drawn[from] !== mark) {
          sources[k] = from;
          targets[k++] = to;
        }
  }
  return rowsOfPairs(sources, targets, source, target);
}

/** `synapses` pairs, uniformly, with or without replacement. */
function fixedTotal(
  connector: Extract<Connector, { kind: 'fixed-total' }>,
  source: PopulationRange,
  target: PopulationRange,
  key: number,
): ProjectionRows {
  const { synapses, autapses, multapses } = connector;
  const excludesSelf = !autapses && source.first === target.first;
  const pairs = source.count * target.count - (excludesSelf ? source.count : 0);
  if (!multapses && synapses > pairs)
    throw new RangeError(`${synapses} synapses exceed the ${pairs} possible pairs; allow multapses`);
  if (!multapses && synapses > MAX_DISTINCT_TOTAL)
    throw new RangeError(
      `${synapses} synapses without multapses exceed ${MAX_DISTINCT_TOTAL}; allow multapses`,
    );
  const sources = new Uint32Array(synapses);
  const targets = new Uint32Array(synapses);
  const random = new RowStream(key);
  random.seek(0);
  const seen = new Set<number>();
  for (let k = 0; k < synapses; ) {
    const from = random.below(source.count);
    const to = random.below(target.count);
    if (excludesSelf && from === to) continue;
    if (!multapses) {
      const pair = from * target.count + to;
      if (seen.has(pair)) continue;
      seen.add(pair);
    }
    sources[k] = from;
    targets[k++] = to;
  }
  return rowsOfPairs(sources, targets, source, target);
}

/** Rows from pairs of numbers within the populations: two stable counting sorts, by target and then by source. */
function rowsOfPairs(
  sources: Uint32Array,
  targets: Uint32Array,
  source: PopulationRange,
  target: PopulationRange,
): ProjectionRows {
  const byTarget = countingSort(targets, target.count, (k) => k).order;
  const { order, starts } = countingSort(sources, source.count, (k) => byTarget[k]);
  let longestRow = 0;
  for (let i = 0; i < source.count; i++) longestRow = Math.max(longestRow, starts[i + 1] - starts[i]);
  return {
    longestRow,
    pairs: { order, starts },
    targetsOf(from, row) {
      const start = starts[from - source.first];
      const length = starts[from - source.first + 1] - start;
      for (let k = 0; k < length; k++) row[k] = target.first + targets[order[start + k]];
      return length;
    },
  };
}

/** Stable order of `keys` (visited as keys[visit(0)], keys[visit(1)], ...), and where each key starts. */
function countingSort(
  keys: Uint32Array,
  keyCount: number,
  visit: (k: number) => number,
): { order: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(keyCount + 1);
  for (const key of keys) starts[key + 1]++;
  for (let key = 0; key < keyCount; key++) starts[key + 1] += starts[key];
  const next = starts.slice();
  const order = new Uint32Array(keys.length);
  for (let k = 0; k < keys.length; k++) {
    const item = visit(k);
    order[next[keys[item]]++] = item;
  }
  return { order, starts };
}
