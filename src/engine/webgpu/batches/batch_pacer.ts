/**
 * Wall-clock time that one submit should take at most, s. Drivers of desktop GPUs reset the device after about 2 s
 * (Windows TDR), and a page's compositor waits behind the submit.
 */
const LONGEST_SUBMIT_S = 0.5;
/** Neuron-steps of the first submit, before anything was measured: 0.7 s at the 130 ns of the slowest adapter known. */
const FIRST_NEURON_STEPS = 5_000_000;

/** How many steps the next submit covers, from how long the ones before took. What is computed does not depend on it. */
export class BatchPacer {
  /** Steps of the next batch: whole samples, or a part of one where a whole one takes too long. */
  steps: number;
  private doneAtMs = Number.NEGATIVE_INFINITY;
  private turn: Promise<unknown> = Promise.resolve();

  /** `largestSteps` is a multiple of `granule`, the steps that batches are multiples of. */
  constructor(
    private largestSteps: number,
    private readonly granule: number,
    neurons: number,
  ) {
    this.steps = this.fit(Math.min(largestSteps / 8, FIRST_NEURON_STEPS / neurons));
  }

  /** Waits for the results of a batch that was submitted just now. Batches are computed one after another. */
  measure<T>(steps: number, read: () => Promise<T>): Promise<T> {
    const submittedAtMs = performance.now();
    const results = this.turn.then(async () => {
      const startedAtMs = Math.max(submittedAtMs, this.doneAtMs);
      const value = await read();
      this.doneAtMs = performance.now();
      this.adapt(steps, (this.doneAtMs - startedAtMs) / 1000);
      return value;
    });
    this.turn = results.catch(() => undefined);
    return results;
  }

  /** Batches have at most `steps` steps from now on. */
  limit(steps: number): void {
    this.largestSteps = Math.max(1, steps);
    this.steps = this.fit(this.steps);
  }

  /** Takes in that a batch of `steps` steps took `seconds`. */
  adapt(steps: number, seconds: number): void {
    const fitting = (steps * LONGEST_SUBMIT_S) / seconds;
    // The short batch at the end of a chunk is no reason to start again with short batches.
    this.steps = this.fit(Math.min(fitting, Math.max(this.steps, 2 * steps)));
  }

  private fit(steps: number): number {
    const wanted = Math.min(steps, this.largestSteps);
    if (wanted >= this.granule) return this.granule * Math.floor(wanted / this.granule);
    return Math.max(1, Math.floor(wanted));
  }
}
