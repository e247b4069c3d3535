import { expect, it } from 'vitest';
import { throttleEventLoopDuring } from '../../../src/engine/webgpu/node/event_loop_throttling.js';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Turns of the event loop until `work` is done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  work.then(() => {
    isDone = true;
  });
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    turns++;
  }
  return turns;
}

it('an event loop that waits turns every few milliseconds, and freely again afterwards', async () => {
  const free = await turnsDuring(pause(100));
  const waiting = pause(300);
  throttleEventLoopDuring(waiting);
  throttleEventLoopDuring(Promise.reject(new Error('a failure is no concern of it')));
  const slow = await turnsDuring(waiting);
  expect(slow).toBeGreaterThan(10);
  expect(free).toBeGreaterThan(4 * slow);

  // Waits that follow each other within a turn are one: a turn for each would sleep 4 ms a hundred times.
  for (let i = 0; i < 100; i++) {
    throttleEventLoopDuring(Promise.resolve());
    await null;
    await null;
  }
  const still = pause(300);
  throttleEventLoopDuring(still);
  expect(await turnsDuring(still)).toBeGreaterThan(10);
  expect(await turnsDuring(pause(100))).toBeGreaterThan(4 * slow);
});
