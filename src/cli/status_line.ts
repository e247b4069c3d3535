import type { CliIo } from './cli_io.js';

const TERMINAL_INTERVAL_MS = 200;
const LINE_INTERVAL_MS = 10_000;
const CLEAR_LINE = '\r\u001b[2K';

/** How far a command is: one line that is written over on a terminal, elsewhere a line each time. */
export class StatusLine {
  private shownAt = performance.now();
  private isOpen = false;

  constructor(private readonly io: Pick<CliIo, 'err' | 'isTerminal'>) {}

  /** Shows `text()`, at most every 200 ms on a terminal and every 10 s elsewhere. */
  update(text: () => string): void {
    const now = performance.now();
    if (now - this.shownAt < (this.io.isTerminal ? TERMINAL_INTERVAL_MS : LINE_INTERVAL_MS)) return;
    this.shownAt = now;
    this.show(text());
  }

  show(text: string): void {
    this.io.err(this.io.isTerminal ? `${CLEAR_LINE}${text}` : `${text}\n`);
    this.isOpen = this.io.isTerminal;
  }

  /** Leaves the terminal's cursor on an empty line. */
  end(): void {
    if (this.isOpen) this.io.err(CLEAR_LINE);
    this.isOpen = false;
  }
}
