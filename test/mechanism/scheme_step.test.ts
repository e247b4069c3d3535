import { expect, test } from 'vitest';
import { type Arithmetic, schemeStep } from '../../src/mechanism/scheme_step.js';

const numbers: Arithmetic<number> = {
  constant: (value) => value,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
};

/** C1 <-> C2 <-> O of a channel with two equal gates: the open share is the square of a gate's. */
const chain = (a: number, b: number) => [
  [null, 2 * a, null],
  [b, null, a],
  [null, 2 * b, null],
];
const gate = (a: number, b: number, ms: number): number => (a / (a + b)) * (1 - Math.exp(-(a + b) * ms));

function openAfter(a: number, b: number, ms: number, steps: number): number[] {
  let states = [1, 0, 0];
  for (let step = 0; step < steps; step++) states = schemeStep(numbers, chain(a, b), states, ms / steps);
  return states;
}

test('a scheme converges at second order to its closed form', () => {
  const [a, b, ms] = [0.8, 0.3, 2];
  const error = (steps: number) => Math.abs(openAfter(a, b, ms, steps)[2] - gate(a, b, ms) ** 2);
  // Measured: 4.0 each time.
  for (const steps of [20, 40, 80]) expect(error(steps) / error(2 * steps)).toBeGreaterThan(3.7);
  expect(error(160)).toBeLessThan(1e-5);
});

test('a scheme keeps its sum, and far larger steps than its rates leave it at its steady state', () => {
  const states = openAfter(900, 100, 50, 50);
  expect(states.reduce((x, y) => x + y)).toBeCloseTo(1, 15);
  const share = 0.9;
  [(1 - share) ** 2, 2 * share * (1 - share), share ** 2].forEach((expected, i) => {
    expect(states[i]).toBeCloseTo(expected, 9);
  });
});
