/** Limit beyond which a membrane potential has blown up, mV. */
const LARGEST_POTENTIAL_mV = 1000;

/** What blew up: a state by its key, or V. */
export type BlownUp = { readonly state: string | null };

/**
 * What a step blew up of one neuron, whose V is at `index` and whose states are there in `states`, in the order of their keys:
 * the first state that is not finite, since a step computes it before what reads it; else V (state null) where that is not
 * finite or beyond 1000 mV. Null for nothing.
 */
export function blownUp(
  keys: readonly string[],
  { V_mV, states }: { readonly V_mV: Float64Array; readonly states: readonly Float64Array[] },
  index: number,
): BlownUp | null {
  for (let k = 0; k < keys.length; k++) if (!Number.isFinite(states[k][index])) return { state: keys[k] };
  return Math.abs(V_mV[index]) <= LARGEST_POTENTIAL_mV ? null : { state: null };
}
