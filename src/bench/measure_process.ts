/** The child process of measure_apart.ts: measures the one case that it is sent. */

import type { BenchmarkRun } from './benchmark_run.js';
import type { BenchmarkCase } from './benchmarks.js';
import { measure } from './measure.js';

export type MeasureAnswer =
  | { readonly run: BenchmarkRun }
  | { readonly error: { readonly name: string; readonly message: string } };

const answer = (message: MeasureAnswer) => process.send?.(message);
// The parent has ended: nothing waits for the answer.
process.on('disconnect', () => process.exit(0));

process.once('message', (benchmarkCase: BenchmarkCase) => {
  measure(benchmarkCase).then(
    (run) => answer({ run }),
    ({ name, message }: Error) => answer({ error: { name, message } }),
  );
});
