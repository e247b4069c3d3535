import * as z from 'zod';
import { type QuantityRange, quantity } from '../text/quantity.js';

/**
 * Fixed value, random distribution or given values of a quantity that differs between neurons or synapses, in the
 * unit of its key. A list has one value per neuron, or one per pair of a listed connector.
 */
export type Distribution =
  | number
  | { distribution: 'uniform'; low: number; high: number }
  | { distribution: 'normal'; mean: number; sd: number; low?: number | undefined; high?: number | undefined }
  | { distribution: 'lognormal'; mean: number; sigma: number }
  | number[];

/**
 * Schema of a {@link Distribution} whose values are all in `range`.
 *
 * - uniform: flat on [low, high);
 * - normal: mean and sd; drawn again until it lies in [low, high] (a truncated normal), where these are given;
 * - lognormal: arithmetic mean, and sigma of the logarithm: x = mean exp(sigma z - sigma^2 / 2).
 */
export function distribution(unit: string, description: string, range: QuantityRange) {
  const value = quantity(unit, description, range);
  const lowest =
    range.min !== undefined
      ? `at least ${range.min}`
      : range.above !== undefined
        ? `above ${range.above}`
        : undefined;
  const sd = quantity(unit, 'standard deviation', { min: 0 });
  const distribution = z.discriminatedUnion('distribution', [
    z
      .strictObject({ distribution: z.literal('uniform'), low: value, high: value })
      .refine((d) => d.low <= d.high, { message: 'low is above high' }),
    z
      .strictObject({
        distribution: z.literal('normal'),
        mean: value,
        sd,
        low: value.optional(),
        high: value.optional(),
      })
      .refine((d) => (d.low ?? -Infinity) <= d.mean && d.mean <= (d.high ?? Infinity), {
        message: 'the mean must be between low and high',
      })
      .refine((d) => lowest === undefined || d.low !== undefined, {
        message: `a normal ${description} needs "low" (${lowest}), where the distribution is cut off`,
      }),
    z.strictObject({
      distribution: z.literal('lognormal'),
      mean: quantity(unit, 'arithmetic mean', { above: 0 }),
      sigma: quantity('1', 'standard deviation of the logarithm', { min: 0, max: 4 }),
    }),
  ]);
  return z.union([value, distribution, z.array(value)]).meta({ description });
}

/** The largest value that the distribution can give; Infinity for unbounded distributions. */
export function largestValue(distribution: Distribution): number {
  if (typeof distribution === 'number') return distribution;
  if (Array.isArray(distribution)) return distribution.reduce((a, b) => Math.max(a, b), -Infinity);
  if (distribution.distribution === 'uniform') return distribution.high;
  if (distribution.distribution === 'normal')
    return distribution.sd === 0 ? distribution.mean : (distribution.high ?? Infinity);
  return distribution.sigma === 0 ? distribution.mean : Infinity;
}
