import { ANALYSIS_STAGES, type AnalysisStage } from '../analysis/analyze_circuit.js';
import type { CliIo } from './cli_io.js';

/** An analysis that takes no longer needs no progress. */
const QUIET_MS = 2000;

/** Says which part of an analysis is under way: one line that is written over on a terminal, elsewhere a line each. */
export class StageProgress {
  private startedAt: number | null = null;
  private isLineOpen = false;

  constructor(private readonly io: Pick<CliIo, 'err' | 'isTerminal'>) {}

  update(stage: AnalysisStage): void {
    const now = performance.now();
    this.startedAt ??= now;
    const elapsedMs = now - this.startedAt;
    if (elapsedMs < QUIET_MS) return;
    const place = `${ANALYSIS_STAGES.indexOf(stage) + 1} of ${ANALYSIS_STAGES.length}`;
    const line = `analysis: ${stage} (${place}), ${(elapsedMs / 1000).toFixed(0)} s`;
    this.io.err(this.io.isTerminal ? `\r\u001b[2K${line}` : `${line}\n`);
    this.isLineOpen = this.io.isTerminal;
  }

  /** Leaves the terminal's cursor on a line of its own. */
  end(): void {
    if (this.isLineOpen) this.io.err('\r\u001b[2K');
    this.isLineOpen = false;
  }
}
