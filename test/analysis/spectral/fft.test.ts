import { describe, expect, test } from 'vitest';
import { binCount, fftPlan } from '../../../src/analysis/spectral/fft.js';
import { expectClose, normalNoise } from './signals.js';

/** The transform by its definition, interleaved. */
function slowTransform(input: Float64Array): Float64Array {
  const n = input.length / 2;
  const output = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    for (let m = 0; m < n; m++) {
      const angle = (-2 * Math.PI * ((k * m) % n)) / n;
      output[2 * k] += input[2 * m] * Math.cos(angle) - input[2 * m + 1] * Math.sin(angle);
      output[2 * k + 1] += input[2 * m] * Math.sin(angle) + input[2 * m + 1] * Math.cos(angle);
    }
  }
  return output;
}

describe.each([1, 2, 3, 4, 5, 6, 8, 9, 16, 22, 97, 250, 500, 1000])('length %i', (n) => {
  const complex = normalNoise(2 * n, n);
  const scale = Math.sqrt(n);

  test('agrees with the definition', () => {
    const output = new Float64Array(2 * n);
    fftPlan(n).forward(complex, output);
    expectClose(output, slowTransform(complex), { abs: 1e-12 * scale });
  });

  test('comes back', () => {
    const there = new Float64Array(2 * n);
    const back = new Float64Array(2 * n);
    fftPlan(n).forward(complex, there);
    fftPlan(n).inverse(there, back);
    expectClose(back, complex, { abs: 1e-13 * scale });
  });

  test('the real transform is the first half of the complex one', () => {
    const real = complex.subarray(0, n);
    const padded = new Float64Array(2 * n);
    real.forEach((v, i) => {
      padded[2 * i] = v;
    });
    const half = new Float64Array(2 * binCount(n));
    fftPlan(n).forwardReal(real, half);
    expectClose(half, slowTransform(padded).subarray(0, half.length), { abs: 1e-12 * scale });
  });
});

test('a length that is no positive integer is refused', () => {
  expect(() => fftPlan(0)).toThrow(/FFT length is 0/);
  expect(() => fftPlan(2.5)).toThrow(/FFT length is 2.5/);
});
