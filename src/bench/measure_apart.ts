import { EngineError } from '../engine/engine.js';
import { InputError } from '../io/input_error.js';
import { AskedProcess } from '../run/asked_process.js';
import { networkBytes } from '../run/memory_need.js';
import type { BenchmarkRun } from './benchmark_run.js';
import { type BenchmarkCase, circuitOf } from './benchmarks.js';
import type { MeasureAnswer } from './measure_process.js';

/** Errors that say that what was asked for is not there or cannot be built. */
const INPUT_ERRORS = ['CircuitError', 'DeviceError', 'InputError'];

/**
 * Measures a case in a separate process, so that the peak memory belongs to it alone and no caches are warm. Rejects
 * with InputError or EngineError as the child says, with EngineError if it ended without an answer or the free memory
 * is too small for the network.
 */
export async function measureApart(
  benchmarkCase: BenchmarkCase,
  signal?: AbortSignal,
): Promise<BenchmarkRun> {
  // Once on the host, and once on the device, which is the host where the adapter is software.
  const needed = 2 * benchmarkCase.members * networkBytes(circuitOf(benchmarkCase));
  const available = process.availableMemory();
  if (needed > available)
    throw new EngineError(
      `the network needs about ${gibibytes(needed)} GiB of memory, ${gibibytes(available)} are available; use fewer neurons or synapses`,
    );
  const child = new AskedProcess<BenchmarkCase, MeasureAnswer>(
    new URL('./measure_process.js', import.meta.url),
  );
  if (signal?.aborted) throw new EngineError('the measurement was stopped');
  const stop = () => child.stop();
  signal?.addEventListener('abort', stop);
  try {
    const answer = await child.ask(benchmarkCase);
    if ('run' in answer) return answer.run;
    const { name, message } = answer.error;
    throw INPUT_ERRORS.includes(name) ? new InputError(message) : new EngineError(message);
  } catch (error) {
    if (signal?.aborted) throw new EngineError('the measurement was stopped');
    if (error instanceof InputError || error instanceof EngineError) throw error;
    throw new EngineError(`the measuring process ${(error as Error).message}`);
  } finally {
    signal?.removeEventListener('abort', stop);
    child.stop();
  }
}

const gibibytes = (bytes: number) => (bytes / 2 ** 30).toPrecision(3);
