import { AnalysisError, type SampledSignal } from '../data.js';

/** Throws unless `value` is a finite number in (low, high]; `high` may be infinite. */
export function requireInRange(name: string, value: number, low: number, high: number): void {
  if (!(value > low && value <= high) || !Number.isFinite(value)) {
    throw new AnalysisError(`${name} is ${value}; allowed: finite, above ${low} and at most ${high}`);
  }
}

/** Throws unless `value` is an integer in [low, high]. */
export function requireInteger(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new AnalysisError(`${name} is ${value}; allowed: an integer from ${low} to ${high}`);
  }
}

/** Throws on a sample rate that is not positive, on no samples, and on the first sample that is not finite. */
export function requireSignal(name: string, signal: SampledSignal): void {
  requireInRange(`${name}.sampleRateHz`, signal.sampleRateHz, 0, Number.POSITIVE_INFINITY);
  if (signal.values.length === 0) throw new AnalysisError(`${name} has 0 samples; allowed: at least 1`);
  requireFinite(name, signal.values);
}

/** Throws on the first value that is NaN or infinite. */
export function requireFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new AnalysisError(`${name}[${i}] is ${values[i]}; allowed: finite samples`);
    }
  }
}

/** Throws unless two signals have the same rate, start and length, sample for sample. */
export function requireAligned(x: SampledSignal, y: SampledSignal): void {
  if (x.sampleRateHz !== y.sampleRateHz || x.startMs !== y.startMs || x.values.length !== y.values.length) {
    const describe = (s: SampledSignal) =>
      `${s.values.length} samples at ${s.sampleRateHz} Hz from ${s.startMs} ms`;
    throw new AnalysisError(`x has ${describe(x)}, y has ${describe(y)}; allowed: the same sample times`);
  }
}

/** Why nothing can be said of a signal whose values are all the same; null where they are not. */
export function constantReason(name: string, values: Float64Array): string | null {
  return values.every((value) => value === values[0])
    ? `${name} is constant: nothing in it oscillates`
    : null;
}
