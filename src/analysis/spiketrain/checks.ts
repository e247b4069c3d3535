import { AnalysisError, type TimeWindow } from '../data.js';

/** Throws AnalysisError unless `value` is finite and above 0. */
export function requirePositive(parameter: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new AnalysisError(`${parameter} is ${value}; it must be a finite number above 0`);
  }
}

/** Throws AnalysisError unless `value` is finite and at least 0. */
export function requireNonNegative(parameter: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new AnalysisError(`${parameter} is ${value}; it must be a finite number of at least 0`);
  }
}

/** Throws AnalysisError unless `value` is a whole number of at least `smallest`. */
export function requireCount(parameter: string, value: number, smallest: number): void {
  if (!(Number.isSafeInteger(value) && value >= smallest)) {
    throw new AnalysisError(`${parameter} is ${value}; it must be a whole number of at least ${smallest}`);
  }
}

/** Throws AnalysisError unless the window has finite ends and start < stop. */
export function requireWindow({ startMs, stopMs }: TimeWindow): void {
  if (!(Number.isFinite(startMs) && Number.isFinite(stopMs) && startMs < stopMs)) {
    throw new AnalysisError(
      `window is [${startMs}, ${stopMs}) ms; it must have finite ends and start < stop`,
    );
  }
}

/** Throws AnalysisError unless every time is finite and later than the one before. */
export function requireAscending(parameter: string, timesMs: Float64Array): void {
  let previous = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < timesMs.length; k++) {
    const time = timesMs[k];
    if (!(time > previous && time < Number.POSITIVE_INFINITY)) {
      throw new AnalysisError(
        `${parameter}[${k}] is ${time} ms after ${previous} ms; times must be finite and strictly ascending`,
      );
    }
    previous = time;
  }
}
