/** Wall time that one call of the engine should take, ms: short, so that pictures come between. */
const CALL_ms = 20;
const LONGEST_CALL_SIMULATED_ms = 20;

/**
 * How many steps to simulate next, and when: keeps a wanted speed relative to real time where the adapter can, and
 * measures the speed that is reached.
 */
export class Pace {
  /** Simulated over wall time that is wanted; Infinity: as fast as it goes. */
  speed: number;
  /** Reached lately. */
  realTimeFactor = 0;
  private affordableMs = 1;
  private aheadMs = 0;
  private lastCallAt: number | null = null;

  constructor(speed: number) {
    this.speed = speed;
  }

  /** Steps of the next call. */
  nextSteps(dtMs: number): number {
    const perFrameMs = this.speed * CALL_ms;
    const simulatedMs = Math.min(this.affordableMs, perFrameMs, LONGEST_CALL_SIMULATED_ms);
    return Math.max(1, Math.round(simulatedMs / dtMs));
  }

  /**
   * Takes account of a call that simulated `simulatedMs` in `busyMs` of wall time, ended at `now`; gives the wall time
   * to wait before the next, ms.
   */
  afterCall(simulatedMs: number, busyMs: number, now: number): number {
    const wanted = simulatedMs * Math.min(4, CALL_ms / Math.max(busyMs, 0.1));
    this.affordableMs = 0.7 * this.affordableMs + 0.3 * Math.max(wanted, 0.025);
    const sincePreviousMs = this.lastCallAt === null ? busyMs : now - this.lastCallAt;
    this.lastCallAt = now;
    const weight = Math.min(1, sincePreviousMs / 500);
    const factor = simulatedMs / Math.max(sincePreviousMs, 0.01);
    this.realTimeFactor += weight * (factor - this.realTimeFactor);
    if (!Number.isFinite(this.speed)) return 0;
    this.aheadMs = Math.max(this.aheadMs + simulatedMs / this.speed - sincePreviousMs, -100);
    return Math.max(0, this.aheadMs);
  }

  /** After a pause the wall time that went by does not count. */
  restart(): void {
    this.lastCallAt = null;
    this.aheadMs = 0;
  }
}
