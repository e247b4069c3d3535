import { requireSignal } from '../checks.js';
import { AnalysisError, type SampledSignal } from '../data.js';
import { butterworthBandPass, type SecondOrderSection } from './butterworth.js';

/** Order of the Butterworth prototype; two passes double the filter's slope and square its gain. */
const DEFAULT_ORDER = 4;

/**
 * Butterworth band-pass applied forward and backward, so that no phase is shifted:
 * scipy.signal.sosfiltfilt(butter(order, [lowHz, highHz], 'bandpass', fs, output='sos'), x), odd padding included.
 * At the band's edges the amplitude is halved (-6 dB: -3 dB a pass).
 * @throws AnalysisError on a bad band or order, samples that are not finite, or a signal not longer than the padding of
 * 3 (2 order + 1) samples.
 */
export function bandPass(
  signal: SampledSignal,
  lowHz: number,
  highHz: number,
  order: number = DEFAULT_ORDER,
): SampledSignal {
  requireSignal('signal', signal);
  const sections = butterworthBandPass(order, lowHz, highHz, signal.sampleRateHz);
  const padding = paddingSamples(sections);
  const samples = signal.values.length;
  if (samples <= padding) {
    throw new AnalysisError(
      `signal has ${samples} samples; allowed: more than the filter's padding of ${padding}`,
    );
  }
  const padded = oddExtension(signal.values, padding);
  for (let pass = 0; pass < 2; pass++) {
    filterInPlace(padded, sections);
    padded.reverse();
  }
  return { ...signal, values: padded.slice(padding, padding + samples) };
}

/** scipy's default: three times the taps of the cascade, less those that are zero in numerator and denominator. */
function paddingSamples(sections: readonly SecondOrderSection[]): number {
  const zeroNumerators = sections.filter((s) => s[2] === 0).length;
  const zeroDenominators = sections.filter((s) => s[5] === 0).length;
  return 3 * (2 * sections.length + 1 - Math.min(zeroNumerators, zeroDenominators));
}

/** The signal with its ends turned about their end points. */
function oddExtension(values: Float64Array, padding: number): Float64Array {
  const samples = values.length;
  const padded = new Float64Array(samples + 2 * padding);
  padded.set(values, padding);
  for (let i = 1; i <= padding; i++) {
    padded[padding - i] = 2 * values[0] - values[i];
    padded[padding + samples - 1 + i] = 2 * values[samples - 1] - values[samples - 1 - i];
  }
  return padded;
}

/** Runs the cascade (transposed direct form II) from the steady state of a step of the first value's height. */
function filterInPlace(values: Float64Array, sections: readonly SecondOrderSection[]): void {
  let level = values[0];
  for (const [b0, b1, b2, , a1, a2] of sections) {
    const output = (level * (b0 + b1 + b2)) / (1 + a1 + a2);
    let state2 = b2 * level - a2 * output;
    let state1 = b1 * level - a1 * output + state2;
    for (let n = 0; n < values.length; n++) {
      const x = values[n];
      const y = b0 * x + state1;
      state1 = b1 * x - a1 * y + state2;
      state2 = b2 * x - a2 * y;
      values[n] = y;
    }
    level = output;
  }
}
