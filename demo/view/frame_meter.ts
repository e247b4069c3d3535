/** Measures how often pictures are drawn, and how long drawing one keeps the page busy. */
export class FrameMeter {
  private readonly drawnAt: number[] = [];
  private busyMs = 0;

  record(now: number, busyMs: number): void {
    this.drawnAt.push(now);
    while (this.drawnAt[0] < now - 2000) this.drawnAt.shift();
    this.busyMs += 0.1 * (busyMs - this.busyMs);
  }

  /** Pictures per second over the last two seconds. */
  framesPerSecond(now: number): number {
    const recent = this.drawnAt.filter((at) => at > now - 2000);
    return recent.length / 2;
  }

  get millisecondsPerFrame(): number {
    return this.busyMs;
  }
}
