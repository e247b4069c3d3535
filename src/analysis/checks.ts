/**
 * Requirements of every estimator on its input; each check throws AnalysisError with name, value and allowed range.
 */

import { AnalysisError, type SampledSignal, type TimeWindow } from './data.js';

/** Finite and above 0. */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new AnalysisError(`${name} is ${value}; it must be a finite number above 0`);
  }
}

/** Finite and at least 0. */
export function requireNonNegative(name: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new AnalysisError(`${name} is ${value}; it must be a finite number of at least 0`);
  }
}

/** A probability that is neither 0 nor 1. */
export function requireProbability(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new AnalysisError(`${name} is ${value}; it must be between 0 and 1`);
}

/** A whole number from `smallest` to `largest`. */
export function requireCount(
  name: string,
  value: number,
  smallest: number,
  largest = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isInteger(value) && value >= smallest && value <= largest) return;
  const range =
    largest === Number.MAX_SAFE_INTEGER ? `of at least ${smallest}` : `from ${smallest} to ${largest}`;
  throw new AnalysisError(`${name} is ${value}; it must be a whole number ${range}`);
}

/** Finite ends, start before stop. */
export function requireWindow({ startMs, stopMs }: TimeWindow): void {
  if (!(Number.isFinite(startMs) && Number.isFinite(stopMs) && startMs < stopMs)) {
    throw new AnalysisError(
      `window is [${startMs}, ${stopMs}) ms; it must have finite ends and start < stop`,
    );
  }
}

/** Every time finite and later than the one before. */
export function requireAscending(name: string, timesMs: Float64Array): void {
  let previous = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < timesMs.length; k++) {
    const time = timesMs[k];
    if (!(time > previous && time < Number.POSITIVE_INFINITY)) {
      throw new AnalysisError(
        `${name}[${k}] is ${time} ms after ${previous} ms; times must be finite and strictly ascending`,
      );
    }
    previous = time;
  }
}

/** A positive sample rate and at least one sample, all of them finite. */
export function requireSignal(name: string, signal: SampledSignal): void {
  requirePositive(`${name}.sampleRateHz`, signal.sampleRateHz);
  if (signal.values.length === 0) throw new AnalysisError(`${name} has 0 samples; it needs at least 1`);
  requireFinite(name, signal.values);
}

/** No value NaN or infinite. */
export function requireFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new AnalysisError(`${name}[${i}] is ${values[i]}; samples must be finite`);
    }
  }
}

/** The same rate, start and length, sample for sample. */
export function requireAligned(x: SampledSignal, y: SampledSignal): void {
  if (x.sampleRateHz !== y.sampleRateHz || x.startMs !== y.startMs || x.values.length !== y.values.length) {
    const describe = (s: SampledSignal) =>
      `${s.values.length} samples at ${s.sampleRateHz} Hz from ${s.startMs} ms`;
    throw new AnalysisError(
      `x has ${describe(x)}, y has ${describe(y)}; they must have the same sample times`,
    );
  }
}

/** Why nothing can be computed for a constant signal; null if it is not constant. */
export function constantReason(name: string, values: Float64Array): string | null {
  return values.every((value) => value === values[0])
    ? `${name} is constant: nothing in it oscillates`
    : null;
}
