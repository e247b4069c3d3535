import { EngineError } from '../engine/engine.js';
import type { DeviceChoice } from '../engine/open_engine.js';
import { simulateEnsemble } from '../run/simulate_ensemble.js';
import { CircuitError } from '../text/circuit_error.js';
import type { ExecutionContext, SweepExecutor, SweepTask } from './executor.js';
import { failureOf, resultOf } from './result.js';

export interface EnsembleExecutorOptions {
  readonly device: DeviceChoice;
  /** Largest number of circuits side by side. */
  readonly maxMembers: number;
}

/**
 * Number of neurons beyond which more circuits side by side do not increase the speed; a batch has at least one
 * circuit.
 */
const MAX_NEURONS = 2 ** 17;

/** Simulates on this process's device, many circuits side by side. */
export function ensembleExecutor({ device, maxMembers }: EnsembleExecutorOptions): SweepExecutor {
  return {
    async execute(tasks, context) {
      for (const batch of batchesOf(tasks, maxMembers)) {
        if (context.signal.aborted) return;
        await simulateBatch(batch, device, context);
      }
    },
  };
}

/** Tasks that can run side by side, in batches. */
function batchesOf(tasks: readonly SweepTask[], maxMembers: number): SweepTask[][] {
  const groups = new Map<string, SweepTask[]>();
  for (const task of tasks) {
    const { simulation, recording, receptors } = task.configuration.circuit;
    const { duration_ms, dt_ms, integrator } = simulation;
    const shared = [duration_ms, dt_ms, integrator, recording.sampleRate_hz, Object.keys(receptors).length];
    const key = JSON.stringify(shared);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(task);
  }
  return [...groups.values()].flatMap((group) => evenBatches(group, maxMembers));
}

/** Batches of one size where possible: kernels are compiled for each number of neurons. */
function evenBatches(group: readonly SweepTask[], maxMembers: number): SweepTask[][] {
  const largest = Math.max(...group.map(neuronsOf));
  const room = Math.max(1, Math.min(maxMembers, Math.floor(MAX_NEURONS / largest)));
  const size = Math.ceil(group.length / Math.ceil(group.length / room));
  const batches: SweepTask[][] = [];
  for (let at = 0; at < group.length; at += size) batches.push(group.slice(at, at + size));
  return batches;
}

const neuronsOf = ({ configuration }: SweepTask): number =>
  Object.values(configuration.circuit.populations).reduce((sum, { neurons }) => sum + neurons, 0);

async function simulateBatch(
  batch: readonly SweepTask[],
  device: DeviceChoice,
  context: ExecutionContext,
): Promise<void> {
  const { signal, onOutcome, onUnderWay } = context;
  const { duration_ms: durationMs } = batch[0].configuration.circuit.simulation;
  let simulations: Awaited<ReturnType<typeof simulateEnsemble>>;
  try {
    simulations = await simulateEnsemble(
      batch.map(({ configuration }) => configuration.circuit),
      {
        device,
        signal,
        onProgress: (simulatedMs) => onUnderWay((batch.length * simulatedMs) / durationMs),
      },
    );
  } catch (error) {
    if (!(error instanceof EngineError || error instanceof CircuitError)) throw error;
    if (batch.length === 1) return onOutcome({ failure: failureOf(error, batch[0].hash) });
    // A failure of one member ends all: halves are tried separately until it is found.
    const middle = batch.length >> 1;
    for (const half of [batch.slice(0, middle), batch.slice(middle)])
      if (!signal.aborted) await simulateBatch(half, device, context);
    return;
  }
  for (const [i, simulation] of simulations.entries()) {
    if (!simulation.recording.complete) return;
    const { hash, configuration } = batch[i];
    onUnderWay(batch.length - i - 1);
    await onOutcome(outcomeOf(() => resultOf(simulation, configuration.analysis, hash), hash));
  }
}

function outcomeOf(result: () => ReturnType<typeof resultOf>, hash: string) {
  try {
    return { result: result() };
  } catch (error) {
    return { failure: failureOf(error, hash) };
  }
}
