/** On a software adapter pictures take the processor from the simulation: no more of them than this, ms. */
const SHORTEST_FRAME_ms = { hardware: 0, software: 60 };

/**
 * When the next picture is due: not before the previous one is finished, since pictures would otherwise queue up
 * ahead of the simulation.
 */
export class FramePacer {
  private readonly shortestMs: number;
  private drawnAt = Number.NEGATIVE_INFINITY;
  private isDrawing = false;

  constructor(isSoftware: boolean) {
    this.shortestMs = isSoftware ? SHORTEST_FRAME_ms.software : SHORTEST_FRAME_ms.hardware;
  }

  isDue(now: number): boolean {
    return !this.isDrawing && now - this.drawnAt >= this.shortestMs;
  }

  /** A picture was submitted at `now`; `finished` settles when the GPU is done with it. */
  drawn(now: number, finished: Promise<unknown>): void {
    this.drawnAt = now;
    this.isDrawing = true;
    const end = () => {
      this.isDrawing = false;
    };
    finished.then(end, end);
  }
}
