/** A process that simulates one configuration after the other for the process that forked it. */
import { simulate } from '../run/simulate.js';
import type { PointRequest } from './point_worker.js';
import { failureOf, resultOf, type SweepOutcome } from './result.js';
import { checkedConfiguration } from './task_check.js';

process.on('message', async (request: PointRequest) => {
  process.send?.(await outcomeOf(request));
});
// The parent has ended: nothing waits for the result.
process.on('disconnect', () => process.exit(0));

async function outcomeOf({ hash, configuration, device, ceilings }: PointRequest): Promise<SweepOutcome> {
  try {
    const { circuit, analysis } = checkedConfiguration(configuration, hash, ceilings);
    return { result: resultOf(await simulate(circuit, { device }), analysis, hash) };
  } catch (error) {
    return { failure: failureOf(error, hash) };
  }
}
