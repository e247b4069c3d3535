import type { TimeWindow } from '../data.js';
import { edgeCorrected, intervalAfter, profileMean } from './edge_corrected_train.js';

/**
 * ISI distance (Kreuz et al. 2007): mean over time of |x - y| / max(x, y), with x and y the two trains' current
 * intervals; 0 (equal intervals) .. 1. Parity with pyspike.isi_distance.
 *
 * @param a, b spike times in ms, ascending, within the window; may be empty
 */
export function isiDistance(a: Float64Array, b: Float64Array, window: TimeWindow): number {
  const first = edgeCorrected(a, window);
  const second = edgeCorrected(b, window);
  return profileMean(first, second, (i, j) => {
    const x = intervalAfter(first, i);
    const y = intervalAfter(second, j);
    return Math.abs(x - y) / Math.max(x, y);
  });
}
