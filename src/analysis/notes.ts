import type { Estimate } from './data.js';

/** One part of an estimate, undefined for the same reason. */
export function partOf<T, P>(estimate: Estimate<T>, part: (value: T) => P): Estimate<P> {
  return 'reason' in estimate ? estimate : { value: part(estimate.value) };
}

/** Why values of the results are null, by their path in the document. */
export class Notes {
  readonly #reasons: Record<string, string> = {};

  /** The estimate's value, or null with its reason kept under `path`. */
  valueOf<T>(path: string, estimate: Estimate<T>): T | null {
    if ('reason' in estimate) this.#reasons[path] = estimate.reason;
    return estimate.value;
  }

  /** Null, with `reason` kept under `path`. */
  undefinedAt(path: string, reason: string): null {
    this.#reasons[path] = reason;
    return null;
  }

  get reasons(): Readonly<Record<string, string>> {
    return this.#reasons;
  }
}
