/** What is taken out of a segment before its transform, as `scipy.signal.detrend`; `none` leaves it as it is. */
export type Detrend = 'constant' | 'linear' | 'none';

/**
 * Removes the mean (`constant`) or the least-squares line (`linear`) in place.
 * A constant segment becomes exactly 0, where subtracting a rounded mean would leave noise of 1e-17.
 */
export function detrendInPlace(values: Float64Array, detrend: Detrend): void {
  if (detrend === 'none') return;
  const n = values.length;
  let sum = 0;
  let isFlat = true;
  for (let i = 0; i < n; i++) {
    sum += values[i];
    isFlat &&= values[i] === values[0];
  }
  if (isFlat) {
    values.fill(0);
    return;
  }
  const mean = sum / n;
  const centre = (n - 1) / 2;
  let slope = 0;
  if (detrend === 'linear') {
    let covariance = 0;
    for (let i = 0; i < n; i++) covariance += (i - centre) * values[i];
    slope = covariance / ((n * (n * n - 1)) / 12);
  }
  for (let i = 0; i < n; i++) values[i] -= mean + slope * (i - centre);
}
