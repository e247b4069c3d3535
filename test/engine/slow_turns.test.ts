import { expect, it } from 'vitest';
import { slowTurnsDuring } from '../../src/engine/webgpu/slow_turns.js';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Turns of the event loop in `ms`. */
async function turnsIn(ms: number): Promise<number> {
  let turns = 0;
  const endMs = performance.now() + ms;
  while (performance.now() < endMs) {
    await new Promise((resolve) => setImmediate(resolve));
    turns++;
  }
  return turns;
}

it('an event loop that waits turns every few milliseconds, and freely again afterwards', async () => {
  const free = await turnsIn(50);
  const waiting = pause(400);
  slowTurnsDuring(waiting);
  slowTurnsDuring(Promise.reject(new Error('a failure is no concern of it')));
  await pause(50);
  const slow = await turnsIn(200);
  expect(slow).toBeGreaterThan(20);
  expect(slow).toBeLessThan(free / 4);
  await waiting;
  // Waits that follow each other within a turn are one.
  for (let i = 0; i < 100; i++) {
    slowTurnsDuring(Promise.resolve());
    await null;
    await null;
  }
  const still = pause(100);
  slowTurnsDuring(still);
  await pause(20);
  expect(await turnsIn(50)).toBeGreaterThan(6);
  await still;
  await pause(5);
  expect(await turnsIn(50)).toBeGreaterThan(free / 4);
});
