import type { CliIo } from './cli_io.js';
import { StatusLine } from './status_line.js';

/** Says how far a simulation is. */
export class Progress {
  private readonly startedAt = performance.now();
  private readonly line: StatusLine;
  /**
   * The pace is measured from here: building networks, compiling kernels and the earlier part of a resumed run do not
   * count.
   */
  private first: { readonly simulatedMs: number; readonly at: number } | null = null;

  constructor(
    io: Pick<CliIo, 'err' | 'isTerminal'>,
    private readonly durationMs: number,
  ) {
    this.line = new StatusLine(io);
  }

  update(simulatedMs: number): void {
    const now = performance.now();
    this.first ??= { simulatedMs, at: now };
    const { first } = this;
    this.line.update(() => {
      const pace =
        simulatedMs > first.simulatedMs ? (simulatedMs - first.simulatedMs) / (now - first.at) : null;
      return progressLine(simulatedMs, this.durationMs, now - this.startedAt, pace);
    });
  }

  end(): void {
    this.line.end();
  }
}

/**
 * `1.2 s of 5.5 s simulated (21 %) in 4 s, 15 s left, real-time factor 0.29`; `pace` is simulated over wall-clock
 * time, null if it is not known yet.
 */
export function progressLine(
  simulatedMs: number,
  durationMs: number,
  elapsedMs: number,
  pace: number | null,
): string {
  const percent = Math.floor((100 * simulatedMs) / durationMs);
  const soFar = `${(simulatedMs / 1000).toFixed(1)} s of ${durationMs / 1000} s simulated (${percent} %) in ${formatWait(elapsedMs)}`;
  if (pace === null) return soFar;
  return `${soFar}, ${formatWait((durationMs - simulatedMs) / pace)} left, real-time factor ${formatFactor(pace)}`;
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
