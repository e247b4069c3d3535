import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../engine/engine.js';
import { InputError } from '../io/input_error.js';
import { networkBytes } from '../run/memory_need.js';
import type { BenchmarkRun } from './benchmark_run.js';
import { type BenchmarkCase, circuitOf } from './benchmarks.js';
import type { MeasureAnswer } from './measure_process.js';

/** Errors that say that what was asked for is not there or cannot be built. */
const INPUT_ERRORS = ['CircuitError', 'DeviceError', 'InputError'];
/** Characters of a dead process's last words that are worth showing. */
const LAST_WORDS = 2000;

/**
 * Measures a case in a process of its own, so that its peak memory is its own and nothing is warm from before. Rejects
 * with InputError or EngineError as the child says, with EngineError where it died without an answer or the memory that is
 * free does not hold the network.
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
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./measure_process.js', import.meta.url)), {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      ...(signal && { signal }),
    });
    let answer: MeasureAnswer | null = null;
    let lastWords = '';
    child.stderr?.on('data', (data: Buffer) => {
      lastWords = (lastWords + data.toString()).slice(-LAST_WORDS);
    });
    child.once('message', (message: MeasureAnswer) => {
      answer = message;
    });
    child.once('error', (error) => {
      reject(signal?.aborted ? new EngineError('the measurement was stopped') : error);
    });
    child.once('close', (code, killedBy) => {
      if (answer && 'run' in answer) return resolve(answer.run);
      if (answer) {
        const { name, message } = answer.error;
        return reject(INPUT_ERRORS.includes(name) ? new InputError(message) : new EngineError(message));
      }
      const end = killedBy === null ? `with exit code ${code}` : `by ${killedBy}`;
      reject(new EngineError(`the measuring process ended ${end}${lastWords && `:\n${lastWords}`}`));
    });
    child.send(benchmarkCase);
  });
}

const gibibytes = (bytes: number) => (bytes / 2 ** 30).toPrecision(3);
