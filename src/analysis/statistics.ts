/** Arithmetic mean. */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Variance with n in the denominator (ddof 0). */
export function variance(values: Float64Array): number {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return sum / values.length;
}

/** Standard deviation with n in the denominator (ddof 0). */
export function standardDeviation(values: Float64Array): number {
  return Math.sqrt(variance(values));
}

/** Median of `values`, which it sorts in place. */
export function medianInPlace(values: Float64Array): number {
  values.sort();
  const half = values.length >> 1;
  return values.length % 2 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}
