import type { Estimate } from '../data.js';
import { fitLeastSquares } from './least_squares.js';

/** log10 P(f) = offset - log10(knee + f^exponent); the knee is 0 in `fixed` mode. */
export interface AperiodicParameters {
  readonly offset: number;
  readonly knee: number;
  readonly exponent: number;
}

/** `fixed`: a power law; `knee`: one that flattens below knee^(1/exponent) Hz. */
export type AperiodicMode = 'fixed' | 'knee';

/** log10 of the aperiodic power at frequencies above 0 Hz. */
export function aperiodicLogPower(
  frequenciesHz: Float64Array,
  { offset, knee, exponent }: AperiodicParameters,
): Float64Array {
  return frequenciesHz.map((f) => offset - Math.log10(knee + f ** exponent));
}

/** Least-squares fit of the aperiodic component to log10 power, from a start; null where it does not converge. */
export function fitAperiodic(
  frequenciesHz: Float64Array,
  logPower: Float64Array,
  mode: AperiodicMode,
  start: AperiodicParameters,
): Estimate<AperiodicParameters> {
  const hasKnee = mode === 'knee';
  const n = hasKnee ? 3 : 2;
  if (logPower.length < n) {
    return {
      value: null,
      reason: `${logPower.length} frequency bins are too few for ${n} aperiodic parameters`,
    };
  }
  const named = (p: Float64Array): AperiodicParameters => ({
    offset: p[0],
    knee: hasKnee ? p[1] : 0,
    exponent: p[n - 1],
  });
  const fit = fitLeastSquares({
    target: logPower,
    model: (parameters, values) => values.set(aperiodicLogPower(frequenciesHz, named(parameters))),
    jacobian: (parameters, derivatives) => {
      const { knee, exponent } = named(parameters);
      frequenciesHz.forEach((f, i) => {
        const power = f ** exponent;
        derivatives[i * n] = 1;
        if (hasKnee) derivatives[i * n + 1] = -1 / (Math.LN10 * (knee + power));
        derivatives[i * n + n - 1] = (-power * Math.log10(f)) / (knee + power);
      });
    },
    start: hasKnee
      ? Float64Array.of(start.offset, start.knee, start.exponent)
      : Float64Array.of(start.offset, start.exponent),
    lower: new Float64Array(n).fill(Number.NEGATIVE_INFINITY),
    upper: new Float64Array(n).fill(Number.POSITIVE_INFINITY),
  });
  if (fit.value === null) return { value: null, reason: `aperiodic component: ${fit.reason}` };
  return { value: named(fit.value) };
}
