import type { Circuit, Projection } from '../model/circuit.js';
import type { Distribution } from '../model/distribution.js';
import { connect, type ProjectionRows } from './connector.js';
import { RowStream, STREAM, streamKey } from './counter_random.js';
import { DistinctWeights } from './distinct_weights.js';
import { sampler } from './draw.js';
import type { PopulationRange, SynapseTable } from './network.js';
import { mostSpikesInAStep } from './source_events.js';
import {
  MAX_DELAY_STEPS,
  MAX_WEIGHT_QUANTA,
  packTarget,
  packWeight,
  targetOf,
  weightQuantaOf,
} from './synapse_word.js';

/** Largest sum that an i32 of the input ring holds. */
export const MAX_RING_SUM = 2 ** 31 - 1;

/** One projection ready to be drawn, row by row. */
interface ProjectionSource {
  readonly projection: Projection;
  readonly receptor: number;
  readonly rows: ProjectionRows;
  readonly weights: RowValues;
  readonly delays: RowValues;
}

/** The weights or delays of a projection, row by row. */
interface RowValues {
  /** Goes to the first synapse of `source` (network-wide number). */
  seek(source: number): void;
  next(): number;
}

/**
 * Draws all synapses into one table. Two passes over the same counter-based streams: the first counts rows and sums
 * each neuron's possible input in a step, which sets the quantum of the fixed-point weights; the second writes the
 * words and sums again what they hold. So there is never a second copy of the synapses. Throws RangeError if a
 * connector is impossible, a delay is too long, or the input of a step does not fit the ring.
 */
export function buildSynapses(
  circuit: Circuit,
  populations: readonly PopulationRange[],
  spikeSources: readonly PopulationRange[],
  receptors: readonly string[],
  positions_um: Float32Array,
): SynapseTable {
  const { seed, dt_ms } = circuit.simulation;
  const senders = [...populations, ...spikeSources];
  const rangeOf = new Map(senders.map((range) => [range.name, range]));
  const neurons = populations.reduce((sum, { count }) => sum + count, 0);
  const sources = circuit.projections.map((projection, index): ProjectionSource => {
    const from = rangeOf.get(projection.from)!;
    const to = rangeOf.get(projection.to)!;
    let rows: ProjectionRows;
    try {
      rows = connect(projection.connector, from, to, positions_um, streamKey(seed, STREAM.targets + index));
    } catch (error) {
      throw new RangeError(`projection ${projection.from} -> ${projection.to}: ${(error as Error).message}`);
    }
    return {
      projection,
      receptor: receptors.indexOf(projection.receptor),
      rows,
      weights: rowValues(projection.weight_nS, streamKey(seed, STREAM.weights + index), rows, from),
      delays: rowValues(projection.delay_ms, streamKey(seed, STREAM.delays + index), rows, from),
    };
  });

  const outgoing = new Map(
    senders.map(({ name }) => {
      const own = sources.filter((s) => s.projection.from === name);
      own.sort((a, b) => rangeOf.get(a.projection.to)!.first - rangeOf.get(b.projection.to)!.first);
      return [name, own] as const;
    }),
  );
  const longestRow = Math.max(
    0,
    ...senders.map(({ name }) => outgoing.get(name)!.reduce((sum, s) => sum + s.rows.longestRow, 0)),
  );
  const scratch = new Uint32Array(longestRow);
  // A neuron sends once in a step at most; a spike source may send more often.
  const sentInAStep = new Map(
    spikeSources.map(({ name }) => [
      name,
      circuit.spikeSources[name].trains_ms.map((train) => Math.max(1, mostSpikesInAStep(train, dt_ms))),
    ]),
  );

  const rowPointers = new Float64Array(senders.reduce((sum, { count }) => sum + count, 0) + 1);
  const inputSum = receptors.map(() => new Float64Array(neurons));
  const weightsSeen = receptors.map(() => new DistinctWeights());
  let minDelaySteps = Number.POSITIVE_INFINITY;
  let maxDelaySteps = 0;
  for (const { name, first, count } of senders) {
    for (let source = first; source < first + count; source++) {
      let length = 0;
      const times = sentInAStep.get(name)?.[source - first] ?? 1;
      for (const item of outgoing.get(name)!) {
        const n = item.rows.targetsOf(source, scratch);
        seekRow(item, source);
        const sums = inputSum[item.receptor];
        const seen = weightsSeen[item.receptor];
        for (let k = 0; k < n; k++) {
          const weight = item.weights.next();
          sums[scratch[k]] += times * weight;
          seen.add(weight);
          const delay = Math.round(item.delays.next() / dt_ms);
          if (delay < minDelaySteps) minDelaySteps = delay;
          if (delay > maxDelaySteps) maxDelaySteps = delay;
        }
        length += n;
      }
      rowPointers[source + 1] = rowPointers[source] + length;
    }
  }
  if (maxDelaySteps > MAX_DELAY_STEPS)
    throw new RangeError(
      `a delay of ${maxDelaySteps * dt_ms} ms is ${maxDelaySteps} steps of ${dt_ms} ms; at most ${MAX_DELAY_STEPS} steps fit`,
    );
  const quantum_nS = Float64Array.from(receptors, (_, r) =>
    weightQuantum(weightsSeen[r], largestOf(inputSum[r])),
  );
  for (const sums of inputSum) sums.fill(0);
  /** Synapses of each receptor whose weight is less than half a quantum. */
  const lost = new Uint32Array(receptors.length);

  const count = rowPointers[rowPointers.length - 1];
  const words = new Uint32Array(2 * count);
  for (const { name, first, count: size } of senders) {
    const own = outgoing.get(name)!;
    const mayInterleave = new Set(own.map((s) => s.projection.to)).size < own.length;
    for (let source = first; source < first + size; source++) {
      const times = sentInAStep.get(name)?.[source - first] ?? 1;
      let k = rowPointers[source];
      for (const item of own) {
        const n = item.rows.targetsOf(source, scratch);
        seekRow(item, source);
        const sums = inputSum[item.receptor];
        const quantum = quantum_nS[item.receptor];
        for (let i = 0; i < n; i++, k++) {
          const weight = item.weights.next();
          const word = packWeight(weight / quantum, Math.round(item.delays.next() / dt_ms));
          const quanta = weightQuantaOf(word);
          if (quanta === 0 && weight > 0) lost[item.receptor]++;
          sums[scratch[i]] += times * quanta;
          words[2 * k] = packTarget(scratch[i], item.receptor);
          words[2 * k + 1] = word;
        }
      }
      if (mayInterleave) sortRow(words, rowPointers[source], k);
    }
  }
  receptors.forEach((name, r) => {
    requireKept(name, lost[r], quantum_nS[r], weightsSeen[r]);
  });
  return {
    count,
    rowPointers,
    words,
    quantum_nS,
    largestInput: Math.max(0, ...inputSum.map(largestOf)),
    minDelaySteps: count > 0 ? minDelaySteps : 0,
    maxDelaySteps,
  };
}

const largestOf = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), 0);

function seekRow({ weights, delays }: ProjectionSource, source: number): void {
  weights.seek(source);
  delays.seek(source);
}

/** Values drawn from the row's own stream, or given one for each pair. */
function rowValues(
  distribution: Distribution,
  key: number,
  { pairs }: ProjectionRows,
  { first }: PopulationRange,
): RowValues {
  if (Array.isArray(distribution)) {
    if (!pairs) throw new RangeError('only a listed connector takes listed values');
    let at = 0;
    return {
      seek: (source) => {
        at = pairs.starts[source - first];
      },
      next: () => distribution[pairs.order[at++]],
    };
  }
  const stream = new RowStream(key);
  const values = sampler(distribution, stream);
  return {
    seek: (source) => {
      stream.seek(source);
      values.restart();
    },
    next: values.draw,
  };
}

/** Throws RangeError where light weights would be lost beside what else arrives. */
function requireKept(receptor: string, lost: number, quantum_nS: number, { largest }: DistinctWeights): void {
  if (lost === 0) return;
  const shown = (value: number) => Number(value.toPrecision(3));
  throw new RangeError(
    `weights below ${shown(quantum_nS / 2)} nS of the receptor ${receptor} are lost (synapses: ${lost}) beside weights of up to ${shown(largest)} nS and all that can arrive in one step; give the heavy ones a receptor of their own, or cut the distribution of the weights`,
  );
}

/** Rounding adds a little to each input: this headroom covers it. */
const ROUNDING_HEADROOM = 1.001;
/** Quanta of the heaviest weight where no light weight needs more, and of the lightest one where it does. */
const QUANTA_OF_HEAVIEST = 2 ** 18;
const QUANTA_OF_LIGHTEST = 64;
/** Part of the ring that the synapses of a neuron may fill at once; the rest is for input under way when weights change. */
const LARGEST_PART_OF_RING = 0.5;

/**
 * Conductance of one quantum, nS. Where the weights are multiples of one conductance, that one, so that they are exact and
 * sums of them small. Else as small as the heaviest weight allows, or smaller where light weights would lose their digits, and
 * large enough that all inputs of any neuron arriving at once fit the ring. 1 where the receptor has no weight.
 */
export function weightQuantum(weights: DistinctWeights, largestInputSum: number): number {
  if (weights.largest === 0) return 1;
  const fitting = Math.max(
    weights.largest / MAX_WEIGHT_QUANTA,
    (ROUNDING_HEADROOM * largestInputSum) / (LARGEST_PART_OF_RING * MAX_RING_SUM),
  );
  const fine = Math.min(weights.largest / QUANTA_OF_HEAVIEST, weights.lightest / QUANTA_OF_LIGHTEST);
  const quantum = Math.max(fitting, fine);
  return weights.commonDivisor(Math.max(fitting, weights.largest / QUANTA_OF_HEAVIEST)) ?? quantum;
}

/** Sorts the synapses start..end of a row by target (projections onto the same population interleave). */
function sortRow(words: Uint32Array, start: number, end: number): void {
  const row = Array.from({ length: end - start }, (_, i) => [
    words[2 * (start + i)],
    words[2 * (start + i) + 1],
  ]);
  row.sort((a, b) => targetOf(a[0]) - targetOf(b[0]) || a[0] - b[0]);
  row.forEach(([word0, word1], i) => {
    words[2 * (start + i)] = word0;
    words[2 * (start + i) + 1] = word1;
  });
}
