import { EngineError } from './engine.js';

/** Steps are numbered by 32 bits, also in the random numbers. */
const MOST_STEPS = 2 ** 32 - 1;

/** Lets one call of `advance` at a time through, and only with a number of steps that can be done. */
export class AdvanceGuard {
  private isAdvancing = false;

  /** Rejects with EngineError before any work, else as `work`. */
  async during(stepsDone: number, steps: number, work: () => Promise<void>): Promise<void> {
    if (!(Number.isInteger(steps) && steps >= 0 && stepsDone + steps <= MOST_STEPS))
      throw new EngineError(
        `advance: expected a whole number of steps from 0 to ${MOST_STEPS - stepsDone}; got ${steps}`,
      );
    if (this.isAdvancing)
      throw new EngineError('advance: an earlier call still runs; call it again when that has ended');
    this.isAdvancing = true;
    try {
      await work();
    } finally {
      this.isAdvancing = false;
    }
  }
}
