import type { CliIo } from './cli_io.js';

const TERMINAL_INTERVAL_MS = 200;
const LINE_INTERVAL_MS = 10_000;

/** Says how far a simulation is: one line that is written over on a terminal, elsewhere a line every 10 s. */
export class Progress {
  private readonly startedAt = performance.now();
  private shownAt = this.startedAt;
  private isLineOpen = false;

  constructor(
    private readonly io: Pick<CliIo, 'err' | 'isTerminal'>,
    private readonly durationMs: number,
  ) {}

  update(simulatedMs: number): void {
    const now = performance.now();
    if (now - this.shownAt < (this.io.isTerminal ? TERMINAL_INTERVAL_MS : LINE_INTERVAL_MS)) return;
    this.shownAt = now;
    const line = progressLine(simulatedMs, this.durationMs, now - this.startedAt);
    this.io.err(this.io.isTerminal ? `\r\u001b[2K${line}` : `${line}\n`);
    this.isLineOpen = this.io.isTerminal;
  }

  /** Leaves the terminal's cursor on a line of its own. */
  end(): void {
    if (this.isLineOpen) this.io.err('\r\u001b[2K');
    this.isLineOpen = false;
  }
}

/** `1.2 s of 5.5 s simulated (22 %) in 4 s, 15 s left, real-time factor 0.29` */
export function progressLine(simulatedMs: number, durationMs: number, elapsedMs: number): string {
  const percent = Math.floor((100 * simulatedMs) / durationMs);
  const leftMs = simulatedMs > 0 ? (elapsedMs * (durationMs - simulatedMs)) / simulatedMs : null;
  const left = leftMs === null ? '' : `, ${formatWait(leftMs)} left`;
  const factor = formatFactor(simulatedMs / elapsedMs);
  return (
    `${(simulatedMs / 1000).toFixed(1)} s of ${durationMs / 1000} s simulated (${percent} %) ` +
    `in ${formatWait(elapsedMs)}${left}, real-time factor ${factor}`
  );
}

export const formatFactor = (factor: number): string =>
  factor >= 10 ? factor.toFixed(0) : factor.toPrecision(2);

/** `8 s`, `3 min 20 s`, `2 h 5 min` */
export function formatWait(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
