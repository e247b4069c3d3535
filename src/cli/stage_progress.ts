import { ANALYSIS_STAGES, type AnalysisStage } from '../analysis/analyze_circuit.js';
import type { CliIo } from './cli_io.js';
import { StatusLine } from './status_line.js';

/** A shorter analysis needs no progress. */
const QUIET_MS = 2000;

/** Says which part of an analysis is under way. */
export class StageProgress {
  private startedAt: number | null = null;
  private readonly line: StatusLine;

  constructor(io: Pick<CliIo, 'err' | 'isTerminal'>) {
    this.line = new StatusLine(io);
  }

  update(stage: AnalysisStage): void {
    const now = performance.now();
    this.startedAt ??= now;
    const elapsedMs = now - this.startedAt;
    if (elapsedMs < QUIET_MS) return;
    const place = `${ANALYSIS_STAGES.indexOf(stage) + 1} of ${ANALYSIS_STAGES.length}`;
    this.line.show(`analysis: ${stage} (${place}), ${(elapsedMs / 1000).toFixed(0)} s`);
  }

  end(): void {
    this.line.end();
  }
}
