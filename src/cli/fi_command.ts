import { type Command, Option } from 'commander';
import type { DeviceChoice } from '../engine/open_engine.js';
import { formatCsv } from '../io/tables/csv.js';
import {
  deviceOption,
  dtOption,
  durationOption,
  integratorOption,
  overridesOf,
  parseNumbers,
  type SimulationOptions,
} from './arguments.js';
import type { CliIo } from './cli_io.js';
import { spikesUnderSteps } from './single_cell.js';

interface FiOptions extends SimulationOptions {
  readonly currents: readonly number[];
  readonly duration: number;
  readonly device: DeviceChoice;
  readonly json?: boolean;
}

export function addFiCommand(program: Command, io: CliIo): void {
  program
    .command('fi')
    .description('f-I curve of a cell model that starts at rest; the current is on from time 0')
    .argument('<model>', 'cell of the library, such as pyramidal-rs, or FILE or FILE#NAME')
    .addOption(
      new Option('--currents <list>', 'current densities in uA/cm2, separated by commas')
        .argParser(parseNumbers)
        .makeOptionMandatory(),
    )
    .addOption(durationOption('simulated time').default(1000, '1s'))
    .addOption(dtOption())
    .addOption(integratorOption())
    .addOption(deviceOption())
    .option('--json', 'print the curve as one JSON document')
    .action((model: string, options: FiOptions) => fi(model, options, io));
}

async function fi(model: string, options: FiOptions, io: CliIo): Promise<void> {
  const { currents, duration, device } = options;
  const steps = currents.map((amplitude_uA_cm2) => ({ amplitude_uA_cm2, onMs: 0, offMs: null }));
  const trains = await spikesUnderSteps(
    model,
    steps,
    { durationMs: duration, start_mV: null },
    overridesOf(options),
    {
      device,
      signal: io.signal,
    },
    (note) => io.err(`${note}\n`),
  );
  const curve = trains.map((times, i) => ({
    current: currents[i],
    spikes: times.length,
    first_spike_ms: times[0] ?? null,
    steady_hz: steadyRateHz(times, duration),
  }));
  if (options.json) io.out(`${JSON.stringify({ model, curve }, null, 2)}\n`);
  else io.out(formatCsv(Object.keys(curve[0]), curve.map(Object.values<number | null>)));
}

/**
 * Inverse of the mean interval between the spikes of the second half, Hz; 0 for a cell that is silent there, null
 * where a single spike leaves it undefined.
 */
export function steadyRateHz(timesMs: readonly number[], durationMs: number): number | null {
  const late = timesMs.filter((time) => time >= durationMs / 2);
  if (late.length === 0) return 0;
  if (late.length === 1) return null;
  return (1000 * (late.length - 1)) / (late[late.length - 1] - late[0]);
}
