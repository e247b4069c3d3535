import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import { pcg3d } from '../../../src/network/counter_random.js';
import { moments } from '../contract/records.js';
import { testDevice } from '../support.js';
import { evaluateRows } from './run_wgsl.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

/** Numbers as float32 has them, so that both sides compute with the same. */
const rounded = (values: readonly number[]) => [...new Set(values.map(Math.fround))];
const range = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));

/** x/(e^x - 1) and (1 - e^-x)/x, each continued by 1 at 0. */
const linoid = (x: number) => (x === 0 ? 1 : x / Math.expm1(x));
const relaxation = (x: number) => (x === 0 ? 1 : -Math.expm1(-x) / x);

describe('relaxation', () => {
  it('is (1 - exp(-x))/x to a few roundings up to 2, nearly so up to 8, and never leaves (0, 1]', async () => {
    const x = rounded([
      0,
      ...range(-38, -3, 36).map((exponent) => 10 ** exponent),
      ...range(0.001, 8, 2000),
      ...range(8, 100, 200),
    ]);
    const y = await evaluateRows(
      device,
      {
        declarations: '#import common/relaxation',
        body: 'output[0] = relaxation(input[0]);',
        inputs: 1,
        outputs: 1,
      },
      x.map((value) => [value]),
    );
    const errors = x.map((value, i) => Math.abs(y[i] / relaxation(value) - 1));
    const largestUpTo = (limit: number) => Math.max(...errors.filter((_, i) => x[i] <= limit));
    // Four times what lavapipe and SwiftShader have: 1.3e-7 and 2.1e-6.
    expect(largestUpTo(2)).toBeLessThan(5e-7);
    expect(largestUpTo(8)).toBeLessThan(8e-6);
    expect(y[0]).toBe(1);
    for (const value of y) expect(value > 0 && value <= 1 + 2 ** -23).toBe(true);
  });
});

describe('linoid', () => {
  it('is x/(exp(x) - 1) over its whole range, on both sides of where the series begins', async () => {
    const small = range(-12, -0.8, 200).map((exponent) => 10 ** exponent);
    const x = rounded([
      0,
      ...small,
      ...small.map((value) => -value),
      ...range(-0.21, 0.21, 1001),
      ...range(-40, 40, 2001),
      0.19999999,
      0.2,
      0.20000002,
      -0.2,
    ]);
    const y = await evaluateRows(
      device,
      {
        declarations: '#import common/linoid',
        body: 'output[0] = linoid(input[0], input[1]);',
        inputs: 2,
        outputs: 1,
      },
      x.map((value) => [value, Math.fround(Math.exp(value))]),
    );
    const errors = x.map((value, i) => Math.abs(y[i] / linoid(value) - 1));
    // exp(x) rounded to float32 is off by up to 2^-24 of it, a relative 3.6e-7 of exp(x) - 1 at 0.2 (3e-6 at 0.02), and two
    // more roundings follow; measured: 2.3e-7 with lavapipe and SwiftShader.
    expect(Math.max(...errors)).toBeLessThan(5e-7);
  });
});

describe('random numbers', () => {
  const counters = Array.from({ length: 4096 }, (_, k) =>
    [k, Math.imul(k, 0x9e3779b1), 0xffffffff - k * k].map((word) => word >>> 0),
  );

  it('are the words of the TypeScript counterpart', async () => {
    const words = await evaluateRows(
      device,
      {
        declarations: '#import common/random',
        body: 'let words = pcg3d(vec3u(input[0], input[1], input[2])); output[0] = words.x; output[1] = words.y; output[2] = words.z;',
        inputs: 3,
        outputs: 3,
        scalar: 'u32',
      },
      counters,
    );
    const expected = new Uint32Array(3);
    counters.forEach(([x, y, z], k) => {
      pcg3d(x, y, z, expected);
      expect([...words.subarray(3 * k, 3 * k + 3)]).toEqual([...expected]);
    });
  });

  it('uniform ones are above 0 and at most 1, in the middle of their interval of 2^-24', async () => {
    const words = [0, 1, 255, 256, 511, 0x7fffffff, 0x80000000, 0xfffffeff, 0xffffff00, 0xffffffff];
    const bits = await evaluateRows(
      device,
      {
        declarations: '#import common/random',
        body: 'output[0] = bitcast<u32>(uniform_of(input[0]));',
        inputs: 1,
        outputs: 1,
        scalar: 'u32',
      },
      words.map((word) => [word]),
    );
    const uniform = new Float32Array(bits.buffer);
    words.forEach((word, i) => {
      expect(uniform[i]).toBeGreaterThan(0);
      expect(uniform[i]).toBe(Math.fround(Math.fround(Math.floor(word / 256) + 0.5) * 2 ** -24));
    });
  });

  it('normal ones are those of Box and Muller, with the moments of a normal distribution', async () => {
    const count = 2 ** 17;
    const rows = Array.from({ length: count }, (_, k) => {
      const words = new Uint32Array(3);
      pcg3d(k, 17, 4711, words);
      return [words[0], words[1]];
    });
    const bits = await evaluateRows(
      device,
      {
        declarations: '#import common/random',
        body: 'output[0] = bitcast<u32>(normal_of(vec2u(input[0], input[1])));',
        inputs: 2,
        outputs: 1,
        scalar: 'u32',
      },
      rows,
    );
    const normal = [...new Float32Array(bits.buffer)];
    const uniform = (word: number) => Math.fround(Math.floor(word / 256) + 0.5) / 2 ** 24;
    // WGSL lets cos be off by 2^-11, times up to 5.8; measured: 4e-6 with lavapipe, 8e-4 with SwiftShader.
    rows.forEach(([a, b], k) => {
      const expected = Math.sqrt(-2 * Math.log(uniform(a))) * Math.cos(2 * Math.PI * uniform(b));
      if (!(Math.abs(normal[k] - expected) < 3e-3)) expect(normal[k], `row ${k}`).toBeCloseTo(expected, 3);
    });
    const { mean, variance, kurtosis } = moments(normal);
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(kurtosis - 3)).toBeLessThan(4 * Math.sqrt(24 / count));
    // P(|z| > 3) = 0.0027.
    const tail = normal.filter((z) => Math.abs(z) > 3).length / count;
    expect(Math.abs(tail - 0.0026998)).toBeLessThan(4 * Math.sqrt(0.0027 / count));
  });
});
