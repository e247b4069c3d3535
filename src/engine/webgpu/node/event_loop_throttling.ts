/**
 * Waiting for a device without occupying a core. Dawn in Node polls for results in every turn of the event loop and
 * produces garbage each time, but a software adapter needs that core. While something is awaited, every turn sleeps a
 * little: a quarter of the time waited so far, four milliseconds at most. Node only: a browser's main thread must not
 * sleep, and need not, since browsers do not poll.
 */
const LONGEST_SLEEP_MS = 4;
const SHARE_OF_WAIT = 1 / 4;

/** It is never notified. */
const neverNotified = new Int32Array(new SharedArrayBuffer(4));
let awaited = 0;
let waitingSinceMs = 0;
let isTurning = false;

/** Slows the event loop until `work` is settled. */
export function throttleEventLoopDuring(work: Promise<unknown>): void {
  waitingSinceMs = performance.now();
  awaited++;
  if (!isTurning) setImmediate(turn);
  isTurning = true;
  const settled = () => {
    awaited--;
    waitingSinceMs = performance.now();
  };
  work.then(settled, settled);
}

function turn(): void {
  isTurning = awaited > 0;
  if (!isTurning) return;
  const sleepMs = Math.min(LONGEST_SLEEP_MS, SHARE_OF_WAIT * (performance.now() - waitingSinceMs));
  Atomics.wait(neverNotified, 0, 0, sleepMs);
  setImmediate(turn);
}
