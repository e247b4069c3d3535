/** Exact fractions for the exponents of units: `numerator / denominator`, in lowest terms, denominator above 0. */
export interface Rational {
  readonly numerator: number;
  readonly denominator: number;
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? Math.abs(a) : greatestCommonDivisor(b, a % b);

/** Larger parts than units have; beyond 2^53 fractions would no longer be exact. */
const LARGEST = 1_000_000;

/** Throws RangeError where the fraction in lowest terms has larger parts than units have. */
export function rational(numerator: number, denominator = 1): Rational {
  const divisor = greatestCommonDivisor(numerator, denominator) * Math.sign(denominator);
  const lowest = { numerator: numerator / divisor, denominator: denominator / divisor };
  if (Math.abs(lowest.numerator) > LARGEST || lowest.denominator > LARGEST)
    throw new RangeError('the powers of units are too large');
  return lowest;
}

export const ZERO = rational(0);

export const sum = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
export const product = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.numerator, a.denominator * b.denominator);
export const negated = ({ numerator, denominator }: Rational): Rational => rational(-numerator, denominator);
export const inverse = ({ numerator, denominator }: Rational): Rational => rational(denominator, numerator);
export const isZero = ({ numerator }: Rational): boolean => numerator === 0;
export const asNumber = ({ numerator, denominator }: Rational): number => numerator / denominator;
export const equals = (a: Rational, b: Rational): boolean =>
  a.numerator === b.numerator && a.denominator === b.denominator;

/** The fraction with a denominator of at most 12 that a number is, or null. */
export function asRational(value: number): Rational | null {
  for (let denominator = 1; denominator <= 12; denominator++) {
    const numerator = Math.round(value * denominator);
    if (Math.abs(numerator) <= 1000 && Math.abs(value - numerator / denominator) < 1e-12)
      return rational(numerator, denominator);
  }
  return null;
}
