/** A process that simulates one configuration after the other for the process that forked it. */
import { InputError } from '../io/input_error.js';
import { type CircuitFile, resolveCircuit } from '../model/circuit_file.js';
import { simulate } from '../run/simulate.js';
import { configurationHash } from './plan.js';
import type { PointRequest } from './point_worker.js';
import { failureOf, resultOf, type SweepOutcome } from './result.js';

process.on('message', async ({ task, device }: PointRequest) => {
  process.send?.(await outcomeOf(task, device));
});
// The parent is gone: nobody waits for the result.
process.on('disconnect', () => process.exit(0));

async function outcomeOf(
  { hash, configuration }: PointRequest['task'],
  device: PointRequest['device'],
): Promise<SweepOutcome> {
  try {
    // It may come over the network: checked as a circuit file is, and against its address.
    const circuit = resolveCircuit(configuration.circuit as CircuitFile);
    if (configurationHash({ ...configuration, circuit }) !== hash)
      throw new InputError('the configuration is not the one of its hash: another version made it');
    const simulation = await simulate(circuit, { device });
    return { result: resultOf(simulation, configuration.analysis, hash) };
  } catch (error) {
    return { failure: failureOf(error, hash) };
  }
}
