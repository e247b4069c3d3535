import { requireCount } from '../checks.js';
import { AnalysisError } from '../data.js';

/** One second-order section b0 + b1/z + b2/z^2 over 1 + a1/z + a2/z^2, as [b0, b1, b2, 1, a1, a2] (scipy `sos`). */
export type SecondOrderSection = readonly [number, number, number, number, number, number];

interface ComplexNumber {
  readonly re: number;
  readonly im: number;
}

/**
 * Digital Butterworth band-pass as second-order sections, scipy.signal.butter(order, [low, high], 'bandpass',
 * output='sos'): analog prototype of `order` poles, band-pass and bilinear transform with prewarped edges.
 * Half power (-3 dB) at both edges for one pass of the filter.
 * @throws AnalysisError unless 0 < lowHz < highHz < sampleRateHz/2 and order is 1..20.
 */
export function butterworthBandPass(
  order: number,
  lowHz: number,
  highHz: number,
  sampleRateHz: number,
): SecondOrderSection[] {
  requireCount('order', order, 1, 20);
  if (!(lowHz > 0 && lowHz < highHz && highHz < sampleRateHz / 2)) {
    throw new AnalysisError(
      `band is ${lowHz} to ${highHz} Hz; allowed: 0 < low < high < ${sampleRateHz / 2} Hz, half the sample rate`,
    );
  }
  const low = 4 * Math.tan((Math.PI * lowHz) / sampleRateHz);
  const high = 4 * Math.tan((Math.PI * highHz) / sampleRateHz);
  const poles: ComplexNumber[] = [];
  // The analog denominators at s = 4, the bilinear frequency 2 fs of scipy's fs = 2.
  let gain = (high - low) ** order * 4 ** order;
  for (let m = 0; m < order; m++) {
    const angle = (Math.PI * (2 * m + 1 - order)) / (2 * order);
    const prototype = { re: -Math.cos(angle), im: -Math.sin(angle) };
    for (const analog of bandPassPoles(prototype, low, high)) {
      // 4 - p appears once per pole; conjugates make the product real.
      poles.push(divide({ re: 4 + analog.re, im: analog.im }, { re: 4 - analog.re, im: -analog.im }));
      gain /= Math.hypot(4 - analog.re, analog.im);
    }
  }
  return toSections(poles, order, gain);
}

/** The two analog band-pass poles of a low-pass prototype pole. */
function bandPassPoles(pole: ComplexNumber, low: number, high: number): ComplexNumber[] {
  const half = { re: (pole.re * (high - low)) / 2, im: (pole.im * (high - low)) / 2 };
  const root = squareRoot({ re: half.re ** 2 - half.im ** 2 - low * high, im: 2 * half.re * half.im });
  return [
    { re: half.re + root.re, im: half.im + root.im },
    { re: half.re - root.re, im: half.im - root.im },
  ];
}

/**
 * Pairs poles with the zeros at +1 and -1 (`order` of each) as scipy's zpk2sos does: the poles nearest the unit circle
 * take the nearest zeros and come last; the gain goes to the first section.
 */
function toSections(poles: readonly ComplexNumber[], order: number, gain: number): SecondOrderSection[] {
  const zerosAt = { plus: order, minus: order };
  const takeZero = (nearRe: number): number => {
    const usePlus = zerosAt.minus === 0 || (zerosAt.plus > 0 && nearRe >= 0);
    zerosAt[usePlus ? 'plus' : 'minus']--;
    return usePlus ? 1 : -1;
  };
  const sections: SecondOrderSection[] = [];
  for (const [first, second] of polePairs(poles)) {
    const zero1 = takeZero(first.re);
    const zero2 = takeZero(first.re);
    const product = first.re * second.re - first.im * second.im;
    sections.unshift([1, -(zero1 + zero2), zero1 * zero2, 1, -(first.re + second.re), product]);
  }
  const [b0, b1, b2, ...denominator] = sections[0];
  sections[0] = [b0 * gain, b1 * gain, b2 * gain, ...denominator];
  return sections;
}

/** Conjugate pairs, and real poles two by two, by their distance from the unit circle, nearest first. */
function polePairs(poles: readonly ComplexNumber[]): [ComplexNumber, ComplexNumber][] {
  const isReal = (p: ComplexNumber) => Math.abs(p.im) <= 100 * Number.EPSILON * Math.hypot(p.re, p.im);
  const distance = (p: ComplexNumber) => Math.abs(1 - Math.hypot(p.re, p.im));
  const left = poles
    .filter((p) => p.im > 0 || isReal(p))
    .map((p) => (isReal(p) ? { re: p.re, im: 0 } : p))
    .sort((p, q) => distance(p) - distance(q));
  const pairs: [ComplexNumber, ComplexNumber][] = [];
  while (left.length > 0) {
    const first = left.shift()!;
    const partner = left.findIndex((p) => p.im === 0);
    const second = first.im === 0 ? left.splice(partner, 1)[0] : { re: first.re, im: -first.im };
    pairs.push([first, second]);
  }
  return pairs;
}

function divide(a: ComplexNumber, b: ComplexNumber): ComplexNumber {
  const norm = b.re ** 2 + b.im ** 2;
  return { re: (a.re * b.re + a.im * b.im) / norm, im: (a.im * b.re - a.re * b.im) / norm };
}

function squareRoot(a: ComplexNumber): ComplexNumber {
  const modulus = Math.sqrt(Math.hypot(a.re, a.im));
  const angle = Math.atan2(a.im, a.re) / 2;
  return { re: modulus * Math.cos(angle), im: modulus * Math.sin(angle) };
}
