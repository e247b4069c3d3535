import { afterEach, expect, test, vi } from 'vitest';
import { Tape } from '../../src/language/tape.js';
import { OPERATIONS, type Register, TapeBuilder } from '../../src/language/tape_builder.js';

afterEach(() => vi.unstubAllGlobals());

/** Every operation on every pair of interesting numbers, one pair in each lane. */
const NUMBERS = [0, -0, 1, -1, 0.3, -2.7, 40, -40, 1e-9, -1e-9, 1e300, Number.NaN, Infinity, -Infinity];
const pairs = NUMBERS.flatMap((a) => NUMBERS.map((b) => [a, b] as const));

function everyOperation(): { builder: TapeBuilder; results: Register[] } {
  const builder = new TapeBuilder();
  const [a, b] = [builder.input('a'), builder.input('b')];
  const results = OPERATIONS.map((operation) => builder.operation(operation, a, b, a));
  const sum = results.reduce((left, right) => builder.operation('add', left, right));
  for (const value of [Number.NaN, Infinity, -Infinity, -0, 0.1])
    results.push(builder.operation('divide', sum, builder.constant(value)));
  return { builder, results };
}

function valuesOf(tape: Tape, results: readonly Register[]): Float64Array[] {
  tape.input('a')!.set(pairs.map(([a]) => a));
  tape.input('b')!.set(pairs.map(([, b]) => b));
  tape.run();
  return results.map((register) => tape.values(register).slice());
}

test('a compiled program gives the numbers of the interpreted one, to the bit', () => {
  const { builder, results } = everyOperation();
  const compiled = valuesOf(new Tape(builder, pairs.length, results), results);
  const interpreted = valuesOf(new Tape(builder, pairs.length), results);
  results.forEach((_, k) => {
    expect(compiled[k].map((x, i) => (Object.is(x, interpreted[k][i]) ? 0 : 1)).includes(1)).toBe(false);
  });
});

test('where a page forbids making functions, it is interpreted', () => {
  const { builder, results } = everyOperation();
  const expected = valuesOf(new Tape(builder, pairs.length, results), results);
  vi.stubGlobal('Function', () => {
    throw new EvalError('unsafe-eval is not allowed');
  });
  expect(valuesOf(new Tape(builder, pairs.length, results), results)).toEqual(expected);
});

test('only what is wanted is computed', () => {
  const { builder, results } = everyOperation();
  const [first, second] = results;
  const tape = new Tape(builder, 1, [first]);
  tape.input('a')!.fill(2);
  tape.input('b')!.fill(3);
  tape.run();
  expect([...tape.values(first), ...tape.values(second)]).toEqual([5, 0]);
});
