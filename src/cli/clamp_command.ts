import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError } from '../io/input_error.js';
import { formatCsv } from '../io/tables/csv.js';
import { type ClampCurrents, clampCell } from '../mechanism/voltage_clamp.js';
import { parseDuration, parseNumber, parseNumbers } from './arguments.js';
import type { CliIo } from './cli_io.js';
import { loadMechanism } from './mechanism_source.js';

interface ClampOptions {
  readonly hold: number;
  readonly levels: readonly number[];
  readonly on: number;
  readonly off: number;
  readonly duration: number;
  readonly dt: number;
  readonly json?: boolean;
}

/** Potentials that a clamp may hold, mV: those for which mechanisms are checked. */
const LOWEST_mV = -150;
const HIGHEST_mV = 100;
/** Rows of all levels together: as much as can be written as one text. */
const MOST_ROWS = 2_000_000;

export function addClampCommand(program: Command, io: CliIo): void {
  program
    .command('clamp')
    .description('currents of a cell under voltage clamp, in float64')
    .argument('<cell>', 'cell of the library, such as pyramidal-rs, or FILE or FILE#NAME')
    .addOption(new Option('--hold <mV>', 'potential before and after').argParser(parseNumber).default(-80))
    .addOption(
      new Option('--levels <list>', 'potentials in mV, separated by commas')
        .argParser(parseNumbers)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--on <time>', 'start of the level').argParser(parseDuration).default(10, '10ms'))
    .addOption(new Option('--off <time>', 'end of the level').argParser(parseDuration).default(110, '110ms'))
    .addOption(
      new Option('--duration <time>', 'simulated time').argParser(parseDuration).default(130, '130ms'),
    )
    .addOption(new Option('--dt <ms>', 'time step').argParser(parseNumber).default(0.025))
    .addOption(
      new Option('--device <kind>', 'device to use: a clamp is computed in float64, on the CPU')
        .argParser(parseDevice)
        .default('cpu'),
    )
    .option('--json', 'print the currents as one JSON document')
    .action((cell: string, options: ClampOptions) => clamp(cell, options, io));
}

/** Engines compute V, which a clamp holds; so no adapter computes one. */
function parseDevice(text: string): string {
  if (text === 'cpu' || text === 'auto') return text;
  throw new InvalidArgumentError('a voltage clamp is computed in float64, on the CPU; allowed: auto, cpu.');
}

async function clamp(name: string, options: ClampOptions, io: CliIo): Promise<void> {
  const { hold, levels, on: onMs, off: offMs, duration: durationMs, dt, json } = options;
  for (const potential of [hold, ...levels]) requireWithin('a potential', potential, LOWEST_mV, HIGHEST_mV);
  requireWithin('--dt', dt, 1e-4, 1);
  requireWithin('--duration', durationMs, dt, 1e6);
  requireWithin('--on', onMs, 0, durationMs);
  requireWithin('--off', offMs, onMs, durationMs);
  const rows = levels.length * (durationMs / dt);
  if (rows > MOST_ROWS)
    throw new InputError(
      `${Math.round(rows)} rows would be written; a larger --dt or fewer --levels give fewer`,
    );
  const { cell } = await loadMechanism(name, (note) => io.err(`${note}\n`));
  if (!cell) throw new InputError(`"${name}" is a mechanism; nce clamp takes a cell`);
  const runs = levels.map((level_mV) =>
    clampCell(cell, { hold_mV: hold, level_mV, onMs, offMs, durationMs }, dt),
  );
  if (json)
    io.out(
      `${JSON.stringify({ cell: name, hold_mV: hold, levels: levels.map((level, i) => document(level, runs[i])) }, null, 2)}\n`,
    );
  else
    io.out(
      formatCsv(
        ['level_mV', 'time_ms', 'current_uA_cm2', ...cell.currents],
        runs.flatMap((run, i) => rowsOf(levels[i], run)),
      ),
    );
}

function rowsOf(level_mV: number, { timesMs, total, currents }: ClampCurrents): number[][] {
  const columns = [...currents.values()];
  return Array.from(timesMs, (time, k) => [
    level_mV,
    Number(time.toFixed(6)),
    total[k],
    ...columns.map((column) => column[k]),
  ]);
}

function document(level_mV: number, { timesMs, total, currents }: ClampCurrents) {
  return {
    level_mV,
    time_ms: Array.from(timesMs, (time) => Number(time.toFixed(6))),
    current_uA_cm2: [...total],
    currents: Object.fromEntries([...currents].map(([label, values]) => [label, [...values]])),
  };
}

function requireWithin(what: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high))
    throw new InputError(`${what} is ${value}; allowed: a number from ${low} to ${high}`);
}
