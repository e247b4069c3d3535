import type { CircuitPath } from '../text/circuit_error.js';
import type { CircuitProblem } from '../text/circuit_problems.js';
import type { Distribution } from './distribution.js';

/** A list of given values has one value for each neuron or pair. */
export function checkListed(
  path: CircuitPath,
  distribution: Distribution,
  size: number,
  what: string,
): CircuitProblem[] {
  if (!Array.isArray(distribution) || distribution.length === size) return [];
  return [{ path, message: `expected ${size} values, one for every ${what}; got ${distribution.length}` }];
}
