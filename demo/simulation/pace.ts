/** Simulated time of one call of the engine, ms: at first, at least and at most. */
const CALL_ms = { first: 1, least: 0.5, most: 40 };
/** Every so many calls one is measured. */
const MEASURE_EVERY = 6;
/** Debt of simulated time that is carried on, ms of wall time: more would be made up for in a rush. */
const LONGEST_DEBT_ms = 100;
/** Stretch over which the reached speed is measured, ms. */
const MEASURED_ms = 1000;

/**
 * How many steps to simulate next, and when. Calls are as long as the pictures allow: simulation and picture share the
 * GPU, so a call that is too long holds one up. The wanted speed is kept by waiting.
 */
export class Pace {
  /** Simulated over wall time that is wanted; Infinity: as fast as it goes. */
  speed: number;
  /** Reached lately. */
  realTimeFactor = 0;
  private callMs = CALL_ms.first;
  private calls = 0;
  private debtMs = 0;
  private lastEnd: number | null = null;

  /** @param targetMs wall time that a call may keep the GPU busy, and so hold up a picture */
  constructor(
    speed: number,
    private readonly targetMs: number,
  ) {
    this.speed = speed;
  }

  /** Whether the next call should start on an idle GPU, so that its time can be taken: see {@link noteMeasured}. */
  get wantsMeasurement(): boolean {
    return this.calls % MEASURE_EVERY === 0;
  }

  /** Takes account of a call that started on an idle GPU: its time is its own, not that of pictures before it. */
  noteMeasured(simulatedMs: number, busyMs: number): void {
    const factor = Math.min(2, Math.max(0.5, this.targetMs / Math.max(busyMs, 0.1)));
    const affordableMs = factor * Math.max(simulatedMs, 0.5 * this.callMs);
    this.callMs = Math.min(CALL_ms.most, Math.max(CALL_ms.least, affordableMs));
  }

  /** Steps of the next call. */
  nextSteps(dtMs: number): number {
    const owedMs = Number.isFinite(this.speed) ? Math.max(this.debtMs, 16) * this.speed : this.callMs;
    return Math.max(1, Math.round(Math.min(owedMs, this.callMs) / dtMs));
  }

  /** Takes account of a call that simulated `simulatedMs` and ended at `now`; gives the time to wait before the next, ms. */
  afterCall(simulatedMs: number, busyMs: number, now: number): number {
    const betweenMs = Math.max(this.lastEnd === null ? busyMs : now - this.lastEnd, 0.01);
    this.lastEnd = now;
    this.calls++;
    const weight = 1 - Math.exp(-betweenMs / MEASURED_ms);
    this.realTimeFactor += weight * (simulatedMs / betweenMs - this.realTimeFactor);
    if (!Number.isFinite(this.speed)) return 0;
    this.debtMs = Math.min(this.debtMs + betweenMs - simulatedMs / this.speed, LONGEST_DEBT_ms);
    return Math.max(0, -this.debtMs);
  }

  /** After a pause the wall time that went by does not count. */
  restart(): void {
    this.lastEnd = null;
    this.debtMs = 0;
  }
}
