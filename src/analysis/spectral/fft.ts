import FFT from 'fft.js';
import { requireCount } from '../checks.js';

/**
 * Discrete Fourier transform of one length, X[k] = sum x[n] exp(-2 pi i k n / N), as numpy.fft defines it.
 * Complex arrays are interleaved (re, im, re, im ...). A plan keeps scratch memory, so it is not reentrant.
 */
export interface FftPlan {
  readonly length: number;
  /** Complex to complex; both arrays have 2 N values and may not be the same array. */
  forward(input: Float64Array, output: Float64Array): void;
  /** Inverse of `forward`, with the factor 1/N. */
  inverse(input: Float64Array, output: Float64Array): void;
  /** N real values to the floor(N/2) + 1 non-negative frequencies, `numpy.fft.rfft`. */
  forwardReal(input: Float64Array, output: Float64Array): void;
}

const CACHED_PLANS = 32;
const plans = new Map<number, FftPlan>();

/** The plan for `length` samples (any length from 1), made once and kept while among the 32 used last. */
export function fftPlan(length: number): FftPlan {
  let plan = plans.get(length);
  if (plan) plans.delete(length);
  else {
    requireCount('FFT length', length, 1, 2 ** 26);
    plan = new AnyLengthFft(length);
    const oldest = plans.keys().next();
    if (plans.size >= CACHED_PLANS && !oldest.done) plans.delete(oldest.value);
  }
  plans.set(length, plan);
  return plan;
}

/** Number of frequencies of a real transform of `length` samples. */
export function binCount(length: number): number {
  return Math.floor(length / 2) + 1;
}

/** Frequencies in Hz of the bins of a real transform, `numpy.fft.rfftfreq`. */
export function binFrequenciesHz(length: number, sampleRateHz: number): Float64Array {
  return Float64Array.from({ length: binCount(length) }, (_, k) => (k * sampleRateHz) / length);
}

/** Smallest power of two that is at least `length`. */
export function nextPowerOfTwo(length: number): number {
  return 2 ** Math.ceil(Math.log2(length));
}

type ComplexTransform = (input: Float64Array, output: Float64Array) => void;

class AnyLengthFft implements FftPlan {
  readonly length: number;
  readonly #transform: ComplexTransform;
  readonly #real: ComplexTransform;
  readonly #conjugate: Float64Array;

  constructor(length: number) {
    this.length = length;
    this.#transform = complexTransform(length);
    this.#conjugate = new Float64Array(2 * length);
    this.#real = length % 2 === 0 ? evenRealTransform(length) : oddRealTransform(length, this.#transform);
  }

  forward(input: Float64Array, output: Float64Array): void {
    this.#transform(input, output);
  }

  inverse(input: Float64Array, output: Float64Array): void {
    const conjugate = this.#conjugate;
    for (let i = 0; i < conjugate.length; i += 2) {
      conjugate[i] = input[i];
      conjugate[i + 1] = -input[i + 1];
    }
    this.#transform(conjugate, output);
    const scale = 1 / this.length;
    for (let i = 0; i < conjugate.length; i += 2) {
      output[i] *= scale;
      output[i + 1] *= -scale;
    }
  }

  forwardReal(input: Float64Array, output: Float64Array): void {
    this.#real(input, output);
  }
}

function complexTransform(length: number): ComplexTransform {
  if (length === 1) return (input, output) => output.set(input.subarray(0, 2));
  if (nextPowerOfTwo(length) === length) {
    const radix4 = new FFT(length);
    return (input, output) => radix4.transform(output, input);
  }
  return bluestein(length);
}

/**
 * Bluestein's chirp transform: a DFT of any length as a convolution of power-of-two length
 * (L. Bluestein, IEEE Trans. Audio Electroacoust. 18, 451, 1970).
 */
function bluestein(length: number): ComplexTransform {
  const padded = nextPowerOfTwo(2 * length - 1);
  const radix4 = new FFT(padded);
  const chirp = new Float64Array(2 * length);
  const kernel = new Float64Array(2 * padded);
  for (let k = 0; k < length; k++) {
    // k^2 modulo 2N before the angle: the phase stays exact for long signals.
    const angle = (Math.PI * ((k * k) % (2 * length))) / length;
    chirp[2 * k] = Math.cos(angle);
    chirp[2 * k + 1] = -Math.sin(angle);
    for (const at of [k, (padded - k) % padded]) {
      kernel[2 * at] = Math.cos(angle);
      kernel[2 * at + 1] = Math.sin(angle);
    }
  }
  const kernelSpectrum = new Float64Array(2 * padded);
  radix4.transform(kernelSpectrum, kernel);
  const work = new Float64Array(2 * padded);
  const spectrum = new Float64Array(2 * padded);

  return (input, output) => {
    work.fill(0, 2 * length);
    multiplyComplex(input, chirp, work, 2 * length);
    radix4.transform(spectrum, work);
    multiplyComplex(spectrum, kernelSpectrum, spectrum, 2 * padded);
    radix4.inverseTransform(work, spectrum);
    multiplyComplex(work, chirp, output, 2 * length);
  };
}

function multiplyComplex(a: Float64Array, b: Float64Array, out: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 2) {
    const re = a[i] * b[i] - a[i + 1] * b[i + 1];
    out[i + 1] = a[i] * b[i + 1] + a[i + 1] * b[i];
    out[i] = re;
  }
}

/** Even and odd samples as one complex signal of half the length, then taken apart by symmetry. */
function evenRealTransform(length: number): ComplexTransform {
  const half = length / 2;
  const transform = complexTransform(half);
  const packed = new Float64Array(length);
  const mixed = new Float64Array(length);
  const twiddle = new Float64Array(length + 2);
  for (let k = 0; k <= half; k++) {
    twiddle[2 * k] = Math.cos((2 * Math.PI * k) / length);
    twiddle[2 * k + 1] = -Math.sin((2 * Math.PI * k) / length);
  }
  return (input, output) => {
    packed.set(input.subarray(0, length));
    transform(packed, mixed);
    for (let k = 0; k <= half; k++) {
      const i = 2 * (k % half);
      const j = 2 * ((half - k) % half);
      const evenRe = 0.5 * (mixed[i] + mixed[j]);
      const evenIm = 0.5 * (mixed[i + 1] - mixed[j + 1]);
      const oddRe = 0.5 * (mixed[i + 1] + mixed[j + 1]);
      const oddIm = -0.5 * (mixed[i] - mixed[j]);
      output[2 * k] = evenRe + twiddle[2 * k] * oddRe - twiddle[2 * k + 1] * oddIm;
      output[2 * k + 1] = evenIm + twiddle[2 * k] * oddIm + twiddle[2 * k + 1] * oddRe;
    }
  };
}

function oddRealTransform(length: number, transform: ComplexTransform): ComplexTransform {
  const complex = new Float64Array(2 * length);
  const full = new Float64Array(2 * length);
  return (input, output) => {
    for (let n = 0; n < length; n++) complex[2 * n] = input[n];
    transform(complex, full);
    output.set(full.subarray(0, 2 * binCount(length)));
  };
}
