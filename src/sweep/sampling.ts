import seedrandom from 'seedrandom';
import { shuffle } from 'simple-statistics';
import type { DrawnRange, Sampling, Scalar, SteppedRange } from './sweep_schema.js';

/** One value for each parameter, in their order. */
export type Choice = readonly Scalar[];

/**
 * The points of a sampling, as values (or factors) of its parameters. The same sampling gives the same points on every
 * machine. Throws RangeError where the values of a list do not pair up.
 *
 * The Latin hypercube is that of McKay, Beckman & Conover 1979 (Technometrics 21:239): each parameter's range is cut into
 * as many equal parts as there are points, and each part holds one point, at a uniform place in it.
 */
export function choicesOf(sampling: Sampling): Choice[] {
  const parameters = Object.entries(sampling.parameters);
  switch (sampling.kind) {
    case 'grid':
      return parameters
        .map(([, { values, factors }]) => steps((values ?? factors)!))
        .reduce<Scalar[][]>(
          (points, column) => points.flatMap((point) => column.map((value) => [...point, value])),
          [[]],
        );
    case 'list': {
      const columns = parameters.map(([, { values, factors }]) => steps((values ?? factors)!));
      columns.forEach((column, i) => {
        if (column.length === columns[0].length) return;
        const [first, other] = [parameters[0][0], parameters[i][0]];
        throw new RangeError(
          `a list needs the same number of values for every parameter: ${first} has ${columns[0].length}, ${other} ${column.length}`,
        );
      });
      return (columns[0] ?? [[]]).map((_, point) => columns.map((column) => column[point]));
    }
    case 'random':
    case 'latin-hypercube': {
      const random = seedrandom.alea(`${sampling.seed}/${sampling.kind}`);
      const columns = parameters.map(([, { values, factors }]) => {
        const shares = Array.from({ length: sampling.points }, () => random());
        const strata = shares.map((_, k) => k);
        const order = sampling.kind === 'random' ? null : shuffle(strata, random);
        return shares.map((share, k) =>
          drawnValue((values ?? factors)!, order ? (order[k] + share) / sampling.points : share),
        );
      });
      return Array.from({ length: sampling.points }, (_, point) => columns.map((column) => column[point]));
    }
    default:
      return sampling satisfies never;
  }
}

/** Number of points that {@link choicesOf} gives, without making them. */
export function choiceCount(sampling: Sampling): number {
  if (sampling.kind === 'random' || sampling.kind === 'latin-hypercube') return sampling.points;
  const counts = Object.values(sampling.parameters).map(({ values, factors }) => {
    const given = (values ?? factors)!;
    return Array.isArray(given) ? given.length : given.count;
  });
  return sampling.kind === 'list' ? (counts[0] ?? 1) : counts.reduce((product, n) => product * n, 1);
}

function steps(given: readonly Scalar[] | SteppedRange): readonly Scalar[] {
  if (!('count' in given)) return given;
  return Array.from({ length: given.count }, (_, k) => atShare(given, k / (given.count - 1)));
}

function drawnValue(given: readonly Scalar[] | DrawnRange, share: number): Scalar {
  if (!('from' in given)) return given[Math.floor(share * given.length)];
  const value = atShare(given, share);
  return given.integer ? Math.round(value) : value;
}

/** The value at `share` (0..1) of the way; both ends exactly, and 12 digits between, so that 0.1 steps read as such. */
function atShare({ from, to, scale }: Pick<SteppedRange, 'from' | 'to' | 'scale'>, share: number): number {
  if (share === 0) return from;
  if (share === 1) return to;
  const value = scale === 'log' ? from * (to / from) ** share : from + (to - from) * share;
  return Number(value.toPrecision(12));
}
