import { Argument, type Command, Option } from 'commander';
import { type BenchmarkResult, resultOf } from '../bench/benchmark_result.js';
import type { BenchmarkRun } from '../bench/benchmark_run.js';
import { formatResults } from '../bench/benchmark_table.js';
import { BENCHMARKS, type BenchmarkCase, type BenchmarkName, benchmarkCases } from '../bench/benchmarks.js';
import { measureApart } from '../bench/measure_apart.js';
import { EngineError } from '../engine/engine.js';
import type { DeviceChoice } from '../engine/open_engine.js';
import { InputError } from '../io/input_error.js';
import { deviceOption, parseNumber, parseNumbers } from './arguments.js';
import type { CliIo } from './cli_io.js';

interface BenchOptions {
  readonly neurons?: readonly number[];
  readonly synapsesPerNeuron?: number;
  readonly delay?: number;
  readonly load?: boolean;
  readonly seconds?: number;
  readonly device: DeviceChoice;
  readonly repeats: number;
  readonly json?: boolean;
}

/** How one case is measured once. */
export type Measure = (benchmarkCase: BenchmarkCase, signal: AbortSignal) => Promise<BenchmarkRun>;

export function addBenchCommand(program: Command, io: CliIo, measure: Measure = measureApart): void {
  program
    .command('bench')
    .description('measure the speed of the engine on this machine')
    .addArgument(new Argument('[name]', 'benchmark').choices(BENCHMARKS).default('cobahh'))
    .addOption(
      new Option(
        '--neurons <numbers>',
        'number of neurons of COBAHH; for several numbers, one network each',
      ).argParser(parseNumbers),
    )
    .addOption(
      new Option(
        '--synapses-per-neuron <number>',
        'expected synapses of each neuron (default: 80, with --load 1000)',
      ).argParser(parseNumber),
    )
    .addOption(
      new Option('--delay <ms>', 'synaptic delay (default: 1.5, for cobahh 0)').argParser(parseNumber),
    )
    .option('--load', 'synapses of zero weight: spikes are delivered without changing the activity')
    .addOption(
      new Option('--seconds <number>', 'simulated time measured (default: 1, for scaling 0.1)').argParser(
        parseNumber,
      ),
    )
    .addOption(deviceOption())
    .addOption(
      new Option('--repeats <number>', 'number of measurements of each network')
        .argParser(parseNumber)
        .default(3),
    )
    .option('--json', 'print the figures as one JSON document')
    .action((name: BenchmarkName, options: BenchOptions) => bench(name, options, io, measure));
}

async function bench(name: BenchmarkName, options: BenchOptions, io: CliIo, measure: Measure): Promise<void> {
  const { neurons, synapsesPerNeuron, delay: delayMs, load, seconds, device, repeats } = options;
  if (!(Number.isInteger(repeats) && repeats >= 1))
    throw new InputError(`--repeats: expected a whole number from 1; got ${repeats}`);
  const cases = benchmarkCases(name, {
    device,
    ...(neurons !== undefined && { neurons }),
    ...(synapsesPerNeuron !== undefined && { synapsesPerNeuron }),
    ...(delayMs !== undefined && { delayMs }),
    ...(load !== undefined && { load }),
    ...(seconds !== undefined && { seconds }),
  });
  const results: BenchmarkResult[] = [];
  let notRun: string | null = null;
  for (const benchmarkCase of cases) {
    try {
      results.push(await repeat(benchmarkCase, repeats, io, measure));
    } catch (error) {
      // A larger network than those that were measured: where the adapter or the memory ends is part of the answer.
      if (results.length === 0 || io.signal.aborted || !(error instanceof EngineError)) throw error;
      notRun = `${benchmarkCase.cobahh?.neurons} neurons and more were not measured: ${error.message}`;
      io.err(`${notRun}\n`);
      break;
    }
  }
  const document =
    cases.length === 1 ? results[0] : { ...results[results.length - 1], networks: results, notRun };
  io.out(
    options.json
      ? `${JSON.stringify(document, null, 2)}\n`
      : `${results[0].adapter}, ${results[0].integrator}, dt ${results[0].dtMs} ms, median of ${repeats}\n\n${formatResults(results)}`,
  );
}

async function repeat(
  benchmarkCase: BenchmarkCase,
  repeats: number,
  io: CliIo,
  measure: Measure,
): Promise<BenchmarkResult> {
  const runs: BenchmarkRun[] = [];
  for (let i = 1; i <= repeats; i++) {
    const size = benchmarkCase.cobahh ? `, ${benchmarkCase.cobahh.neurons} neurons` : '';
    io.err(`${benchmarkCase.name}${size}: ${i} of ${repeats}\n`);
    runs.push(await measure(benchmarkCase, io.signal));
  }
  return resultOf(benchmarkCase, runs);
}
