import { max, median, min } from 'simple-statistics';
import type { BenchmarkRun } from './benchmark_run.js';
import type { BenchmarkCase } from './benchmarks.js';

/** Medians over the repeats of one network, the spread of what was measured, and every repeat. */
export interface BenchmarkResult extends BenchmarkRun {
  readonly name: string;
  /** Whether synapses have their weights; false: zero-weight load. */
  readonly live: boolean;
  readonly repeats: number;
  /** Smallest and largest value over the repeats. */
  readonly spread: Readonly<Record<string, readonly [number, number]>>;
  readonly runs: readonly BenchmarkRun[];
}

export function resultOf(benchmarkCase: BenchmarkCase, runs: readonly BenchmarkRun[]): BenchmarkResult {
  const medians: Record<string, unknown> = { ...runs[0] };
  const spread: Record<string, [number, number]> = {};
  for (const [key, value] of Object.entries(runs[0])) {
    if (typeof value !== 'number') continue;
    const values = runs.map((run) => run[key as keyof BenchmarkRun] as number);
    medians[key] = median(values);
    if (max(values) > min(values)) spread[key] = [min(values), max(values)];
  }
  return {
    name: benchmarkCase.name,
    ...(medians as unknown as BenchmarkRun),
    live: benchmarkCase.cobahh?.live ?? true,
    repeats: runs.length,
    spread,
    runs,
  };
}
