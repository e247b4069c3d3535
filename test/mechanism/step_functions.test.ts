import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { evaluateRows } from '../engine/kernels/run_wgsl.js';
import { testDevice } from '../engine/support.js';

let handle: DeviceHandle;
beforeAll(async () => {
  handle = await testDevice();
});
afterAll(() => handle.destroy());

test('linoid_slope is the derivative of x/(exp(x) - 1), on both sides of where the series begins', async () => {
  const linoid = (x: number) => (x === 0 ? 1 : x / Math.expm1(x));
  // (exp(x) - 1 - x exp(x)) / (exp(x) - 1)^2, without its cancellation near 0; the Bernoulli numbers' series there.
  const slope = (x: number) => {
    if (Math.abs(x) < 0.05) return -1 / 2 + x / 6 - x ** 3 / 180 + x ** 5 / 5040;
    return (Math.expm1(x) - x * Math.exp(x)) / Math.expm1(x) ** 2;
  };
  const x = Array.from({ length: 4001 }, (_, i) => Math.fround((i - 2000) / 50)).concat([
    0.999999, 1e-6, 100, -100,
  ]);
  const y = await evaluateRows(
    handle,
    {
      declarations: '#import common/linoid_slope',
      body: 'output[0] = linoid_slope(input[0], input[1]);',
      inputs: 2,
      outputs: 1,
    },
    x.map((value) => [value, Math.fround(linoid(value))]),
  );
  const errors = x.map((value, i) => Math.abs(y[i] - (Number.isFinite(slope(value)) ? slope(value) : 0)));
  // Measured: 9.4e-7 at -17, where 1 - l - x loses digits; the slope is between -1 and 0.
  expect(Math.max(...errors)).toBeLessThan(4e-6);
});

test('last_place is the distance to the next float32', async () => {
  const x = [1, 1.5, -1.5, 2, 0.1, -65, 3e-20, 1e30].map(Math.fround);
  const y = await evaluateRows(
    handle,
    {
      declarations: '#import common/last_place',
      body: 'output[0] = last_place(input[0]);',
      inputs: 1,
      outputs: 1,
    },
    x.map((value) => [value]),
  );
  x.forEach((value, i) => {
    const bits = new Int32Array(Float32Array.of(Math.abs(value)).buffer);
    const next = new Float32Array(Int32Array.of(bits[0] + 1).buffer)[0];
    expect(y[i], String(value)).toBe(next - Math.abs(value));
  });
});
