/** Simulated time of one call of the engine, ms: at first, at least and at most. */
const CALL_ms = { first: 2, least: 0.5, most: 40 };
/** Calls are made shorter and longer by turns, by these factors, and compared after so many of either. */
const SHORTER = 0.5;
const LONGER = 1.5;
const COMPARED = 3;
/** Largest delay that is made up for, ms of wall time; making up for more would cause a burst of simulation. */
const LONGEST_DEBT_ms = 100;
/** Stretch over which the reached speed is measured, ms. */
const MEASURED_ms = 1000;

/** The calls of one length. */
interface Calls {
  simulatedMs: number;
  readonly busyMs: number[];
}

/**
 * How many steps to simulate next, and when. Calls are as long as the pictures allow: simulation and picture share
 * the GPU, so a call that is too long delays a picture. The chosen speed is kept by waiting.
 */
export class Pace {
  /** Simulated over wall time that is wanted; Infinity: as fast as possible. */
  speed: number;
  /** Reached lately. */
  realTimeFactor = 0;
  private callMs = CALL_ms.first;
  private isLonger = false;
  /** Whether the last call was as short as the chosen speed requires, and so does not show how fast the device is. */
  private isLimited = false;
  private readonly shorter: Calls = { simulatedMs: 0, busyMs: [] };
  private readonly longer: Calls = { simulatedMs: 0, busyMs: [] };
  private debtMs = 0;
  private lastEnd: number | null = null;

  /** @param targetMs wall time that a call may keep the GPU busy and thus delay a picture */
  constructor(
    speed: number,
    private readonly targetMs: number,
  ) {
    this.speed = speed;
  }

  /** Steps of the next call. From one sample on whole samples, for which one form of the neuron kernel is enough. */
  nextSteps(dtMs: number, stepsPerSample: number): number {
    const owedMs = Number.isFinite(this.speed) ? Math.max(this.debtMs, 16) * this.speed : Infinity;
    const longestMs = this.callMs * (this.isLonger ? LONGER : SHORTER);
    this.isLimited = owedMs < longestMs;
    const steps = Math.min(owedMs, longestMs) / dtMs;
    const samples = Math.round(steps / stepsPerSample);
    return samples > 0 ? samples * stepsPerSample : Math.max(1, Math.round(steps));
  }

  /** Takes account of a call that simulated `simulatedMs` and ended at `now`; gives the time to wait before the next, ms. */
  afterCall(simulatedMs: number, busyMs: number, now: number): number {
    const betweenMs = Math.max(this.lastEnd === null ? busyMs : now - this.lastEnd, 0.01);
    this.lastEnd = now;
    if (!this.isLimited) this.compare(simulatedMs, busyMs);
    const weight = 1 - Math.exp(-betweenMs / MEASURED_ms);
    this.realTimeFactor += weight * (simulatedMs / betweenMs - this.realTimeFactor);
    if (!Number.isFinite(this.speed)) return 0;
    this.debtMs = Math.min(this.debtMs + betweenMs - simulatedMs / this.speed, LONGEST_DEBT_ms);
    return Math.max(0, -this.debtMs);
  }

  /**
   * Most of a call's time is waiting for the picture before it. What the call itself costs shows in the difference that
   * its length makes, between the fastest of each kind.
   */
  private compare(simulatedMs: number, busyMs: number): void {
    const { shorter, longer } = this;
    const kind = this.isLonger ? longer : shorter;
    kind.simulatedMs = simulatedMs;
    kind.busyMs.push(busyMs);
    this.isLonger = !this.isLonger;
    if (shorter.busyMs.length < COMPARED || longer.busyMs.length < COMPARED) return;
    const differenceMs = Math.min(...longer.busyMs) - Math.min(...shorter.busyMs);
    const costPerMs = differenceMs / (longer.simulatedMs - shorter.simulatedMs);
    const affordableMs = costPerMs > 0 ? this.targetMs / costPerMs : Infinity;
    const nextMs = Math.min(2 * this.callMs, Math.max(0.5 * this.callMs, affordableMs));
    this.callMs = Math.min(CALL_ms.most, Math.max(CALL_ms.least, nextMs));
    shorter.busyMs.length = 0;
    longer.busyMs.length = 0;
  }

  /** After a pause the wall time that went by does not count. */
  restart(): void {
    this.lastEnd = null;
    this.debtMs = 0;
  }
}
