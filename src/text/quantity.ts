import * as z from 'zod';

/** Range of a physical quantity; `above` and `below` exclude the bound itself. */
export interface QuantityRange {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
}

/** The unit of a quantity and its range. */
export interface Limits {
  readonly unit: string;
  readonly range: QuantityRange;
}

/** "at least 0, below 500" — the text that error messages and the JSON Schema show. */
export function describeRange(range: QuantityRange): string {
  const parts: string[] = [];
  if (range.min !== undefined) parts.push(`at least ${range.min}`);
  if (range.above !== undefined) parts.push(`above ${range.above}`);
  if (range.max !== undefined) parts.push(`at most ${range.max}`);
  if (range.below !== undefined) parts.push(`below ${range.below}`);
  return parts.join(', ') || 'any finite number';
}

/** "got -5", or that the value is missing; a number written as text ("5.5s", "20") gets the reason why it is refused. */
function describeGot(input: unknown): string {
  if (input === undefined) return 'the value is missing';
  if (typeof input === 'number') return `got ${input}`;
  const got = `got ${JSON.stringify(input)}`;
  if (typeof input !== 'string' || !/^\s*[-+]?(\d|\.\d)/.test(input)) return got;
  return Number.isNaN(Number(input))
    ? `${got}: the unit belongs in the key, write the number alone`
    : `${got}: write the number without quotes`;
}

/**
 * A finite number with unit and range. The unit is also at the end of the key that holds the quantity, so a circuit
 * file never needs unit strings.
 */
export function quantity(unit: string, description: string, range: QuantityRange = {}) {
  const allowed = `a number${unit === '1' ? '' : ` in ${unit}`}, ${describeRange(range)}`;
  return z
    .number({ error: (issue) => `expected ${allowed}; ${describeGot(issue.input)}` })
    .superRefine((value, context) => {
      const inRange =
        (range.min === undefined || value >= range.min) &&
        (range.max === undefined || value <= range.max) &&
        (range.above === undefined || value > range.above) &&
        (range.below === undefined || value < range.below);
      if (!inRange) context.addIssue({ code: 'custom', message: `expected ${allowed}; got ${value}` });
    })
    .meta({
      description: `${description} [${unit}]`,
      ...(range.min !== undefined && { minimum: range.min }),
      ...(range.max !== undefined && { maximum: range.max }),
      ...(range.above !== undefined && { exclusiveMinimum: range.above }),
      ...(range.below !== undefined && { exclusiveMaximum: range.below }),
    });
}

/** A whole number in a range, such as a count of neurons. */
export function count(description: string, min: number, max: number) {
  const allowed = `a whole number from ${min} to ${max}`;
  return z
    .number({ error: (issue) => `expected ${allowed}; ${describeGot(issue.input)}` })
    .superRefine((value, context) => {
      if (!Number.isInteger(value) || value < min || value > max)
        context.addIssue({ code: 'custom', message: `expected ${allowed}; got ${value}` });
    })
    .meta({ description, type: 'integer', minimum: min, maximum: max });
}
