import { requirePositive, requireSignal } from '../checks.js';
import { AnalysisError, type SampledSignal } from '../data.js';
import { fftPlan, nextPowerOfTwo } from './fft.js';
import type { ComplexParts } from './spectrum.js';

/** Time-frequency transform: one row of samples per frequency. */
export interface WaveletTransform extends ComplexParts {
  readonly frequenciesHz: Float64Array;
  readonly sampleRateHz: number;
  readonly startMs: number;
  readonly samples: number;
  /** Row f is `real.subarray(f * samples, (f + 1) * samples)`, likewise `imag`. */
  readonly real: Float64Array;
  readonly imag: Float64Array;
  /** Per frequency: within this many ms of either end the wavelet reaches past the signal; do not read values there. */
  readonly edgeMs: Float64Array;
}

export interface WaveletOptions {
  /** Roughly the oscillations under the wavelet; its sd is cycles/(6 f) seconds. Default 6, as Elephant `n_cycles`. */
  readonly cycles?: number;
}

/**
 * Morlet wavelet transform, zero beyond the ends, as elephant.signal_processing.wavelet_transform (Le van Quyen et al.,
 * J. Neurosci. Methods 111, 83, 2001), but scaled so that a sine of amplitude A at a wavelet's frequency gives modulus A
 * (Elephant's values are these times cycles/6 sqrt(pi/(2 f)) sample rate / 1 Hz). The phase is that of a cosine.
 * @throws AnalysisError unless frequencies lie above 0 Hz and at most at Nyquist, cycles are positive and samples finite.
 */
export function morletTransform(
  signal: SampledSignal,
  frequenciesHz: Float64Array,
  { cycles = 6 }: WaveletOptions = {},
): WaveletTransform {
  requireSignal('signal', signal);
  requirePositive('cycles', cycles);
  const { sampleRateHz, startMs, values } = signal;
  frequenciesHz.forEach((f, i) => {
    if (!(f > 0 && f <= sampleRateHz / 2)) {
      throw new AnalysisError(
        `frequenciesHz[${i}] is ${f}; allowed: above 0 and at most ${sampleRateHz / 2}`,
      );
    }
  });
  const samples = values.length;
  const sdSeconds = frequenciesHz.map((f) => cycles / (6 * f));
  // Zeros as long as five sd of the slowest wavelet keep the ends apart on the transform's circle.
  const reach = Math.ceil(5 * sampleRateHz * sdSeconds.reduce((a, b) => Math.max(a, b), 0));
  const padded = nextPowerOfTwo(samples + Math.min(reach, samples));
  const plan = fftPlan(padded);
  const input = new Float64Array(2 * padded);
  for (let n = 0; n < samples; n++) input[2 * n] = values[n];
  const spectrum = new Float64Array(2 * padded);
  plan.forward(input, spectrum);

  const real = new Float64Array(frequenciesHz.length * samples);
  const imag = new Float64Array(frequenciesHz.length * samples);
  const weighted = new Float64Array(2 * padded);
  frequenciesHz.forEach((f, row) => {
    weighted.fill(0);
    for (let k = 1; k <= padded / 2; k++) {
      const detuning = (k * sampleRateHz) / padded - f;
      const gain = 2 * Math.exp(-2 * (Math.PI * sdSeconds[row] * detuning) ** 2);
      weighted[2 * k] = gain * spectrum[2 * k];
      weighted[2 * k + 1] = gain * spectrum[2 * k + 1];
    }
    plan.inverse(weighted, input);
    for (let n = 0; n < samples; n++) {
      real[row * samples + n] = input[2 * n];
      imag[row * samples + n] = input[2 * n + 1];
    }
  });
  // e-folding time of the wavelet's power at an edge (Torrence and Compo, Bull. Am. Meteorol. Soc. 79, 61, 1998).
  const edgeMs = sdSeconds.map((sd) => 1000 * Math.SQRT2 * sd);
  return { frequenciesHz, sampleRateHz, startMs, samples, real, imag, edgeMs };
}
