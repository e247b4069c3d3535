import { type Command, Option } from 'commander';
import type { DeviceChoice } from '../engine/open_engine.js';
import { formatCsv } from '../io/tables/csv.js';
import {
  deviceOption,
  dtOption,
  durationOption,
  integratorOption,
  overridesOf,
  parseDuration,
  parseNumber,
  type SimulationOptions,
} from './arguments.js';
import type { CliIo } from './cli_io.js';
import { spikesUnderSteps } from './single_cell.js';

interface StepOptions extends SimulationOptions {
  readonly current: number;
  readonly on: number;
  readonly off?: number;
  readonly initial?: number;
  readonly duration: number;
  readonly device: DeviceChoice;
  readonly json?: boolean;
}

export function addStepCommand(program: Command, io: CliIo): void {
  program
    .command('step')
    .description('spike times of one cell under a current step')
    .argument('<model>', 'cell of the library, such as pyramidal-rs, or FILE or FILE#NAME')
    .addOption(
      new Option('--current <density>', 'current density in uA/cm2')
        .argParser(parseNumber)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--on <time>', 'start of the step').argParser(parseDuration).default(10, '10ms'))
    .addOption(new Option('--off <time>', 'end of the step (default: never)').argParser(parseDuration))
    .addOption(
      new Option(
        '--initial <mV>',
        'potential at the start, with the gates at their steady state (default: rest)',
      ).argParser(parseNumber),
    )
    .addOption(durationOption('simulated time').default(150, '150ms'))
    .addOption(dtOption())
    .addOption(integratorOption())
    .addOption(deviceOption())
    .option('--json', 'print the spikes as one JSON document')
    .action((model: string, options: StepOptions) => step(model, options, io));
}

async function step(model: string, options: StepOptions, io: CliIo): Promise<void> {
  const { current: amplitude_uA_cm2, on: onMs, off: offMs = null, duration, device } = options;
  const [times] = await spikesUnderSteps(
    model,
    [{ amplitude_uA_cm2, onMs, offMs }],
    { durationMs: duration, start_mV: options.initial ?? null },
    overridesOf(options),
    {
      device,
      signal: io.signal,
    },
    (note) => io.err(`${note}\n`),
  );
  if (options.json) io.out(`${JSON.stringify({ model, spike_ms: times }, null, 2)}\n`);
  else
    io.out(
      formatCsv(
        ['spike_ms'],
        times.map((time) => [time]),
      ),
    );
}
