import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { InputError } from '../io/input_error.js';
import { FILE_KINDS, requireFreeFile, writeOutputFile } from '../io/output_file.js';
import { type CellModel, stateKeys } from '../mechanism/cell_model.js';
import { classifyStates } from '../mechanism/classify.js';
import { type GatingCurve, gatingCurves, mechanismAlone } from '../mechanism/gating.js';
import { largestSteps } from '../mechanism/largest_step.js';
import { DEFAULT_TEMPERATURE_C, ionsOf, type Mechanism } from '../mechanism/mechanism.js';
import { restOf } from '../mechanism/rest.js';
import { parseNumber } from './arguments.js';
import type { CliIo } from './cli_io.js';
import { loadMechanism } from './mechanism_source.js';

interface MechanismOptions {
  readonly plot?: string;
  readonly celsius: number;
  readonly json?: boolean;
  readonly force?: boolean;
}

/** V of the printed table and of the plotted curves, mV. */
const TABLE_mV = { from: -120, to: 40, step: 10 } as const;
const CURVE_mV = { from: -120, to: 60, step: 0.5 } as const;

export function addMechanismCommand(program: Command, io: CliIo): void {
  program
    .command('mechanism')
    .description('states, steady states and time constants of a mechanism, or the largest step of a cell')
    .argument('<name>', 'mechanism or cell of the library, such as na-hh52, or FILE or FILE#NAME')
    .option('--plot <file>', 'PNG of the curves to write')
    .addOption(
      new Option('--celsius <degrees>', 'temperature of a mechanism')
        .argParser(parseNumber)
        .default(DEFAULT_TEMPERATURE_C),
    )
    .option('--json', 'print everything as one JSON document')
    .option('--force', 'replace an earlier picture')
    .action((name: string, options: MechanismOptions) => mechanismCommand(name, options, io));
}

async function mechanismCommand(name: string, options: MechanismOptions, io: CliIo): Promise<void> {
  const { mechanism, cell } = await loadMechanism(name, (note) => io.err(`${note}\n`));
  if (cell) {
    if (options.plot !== undefined) throw new InputError(`"${name}" is a cell; --plot draws a mechanism`);
    const report = describeCell(cell);
    io.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : cellText(cell, report));
    return;
  }
  if (options.plot !== undefined) await plot(mechanism, options.plot, options, io);
  const V_mV = range(TABLE_mV);
  const curves = gatingCurves(mechanism, V_mV, options.celsius);
  const report = describeMechanism(mechanism, V_mV, curves);
  io.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : mechanismText(mechanism, report));
}

async function plot(mechanism: Mechanism, file: string, options: MechanismOptions, io: CliIo): Promise<void> {
  const force = options.force ?? false;
  requireFreeFile(file, { force }, FILE_KINDS.png);
  // Drawing loads canvas and fonts, which printing does not need.
  const { mechanismFigure } = await import('../report/mechanism_figure.js');
  const V_mV = range(CURVE_mV);
  const { png } = mechanismFigure({
    mechanism,
    V_mV,
    curves: gatingCurves(mechanism, V_mV, options.celsius),
  });
  await writeOutputFile(file, { force }, FILE_KINDS.png, (path) => writeFile(path, png));
  io.err(`${file}\n`);
}

function range({ from, to, step }: { from: number; to: number; step: number }): number[] {
  return Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
}

function describeMechanism(mechanism: Mechanism, V_mV: readonly number[], curves: readonly GatingCurve[]) {
  const kinds = classifyStates(mechanismAlone(mechanism));
  const { name, about, paper, kind, ion, current, parameters, assumedUnits } = mechanism;
  return {
    name,
    about,
    paper,
    ...(current?.kind === 'densities' ? { currents: ionsOf(mechanism) } : { [kind]: ion }),
    parameters: Object.fromEntries([...parameters.values()].map(({ key, value }) => [key, value])),
    V_mV,
    states: Object.fromEntries(
      curves.map(({ state, inf, tauMs }) => [
        state,
        {
          step: [...kinds].find(([key]) => key.endsWith(`.${state}`))?.[1] ?? 'instantaneous',
          inf: [...inf],
          tau_ms: tauMs && [...tauMs].map((tau) => (Number.isFinite(tau) ? tau : null)),
        },
      ]),
    ),
    assumedUnits: assumedUnits.map(({ place, value, unit }) => ({ formula: place.text, value, unit })),
  };
}

const STEPS: Readonly<Record<string, string>> = {
  exact: 'exact exponential step',
  linearised: 'linearised exponential step',
  scheme: 'solved with its scheme',
  instantaneous: 'follows at once',
};

function mechanismText(mechanism: Mechanism, report: ReturnType<typeof describeMechanism>): string {
  const { name, about, paper, kind, ion, assumedUnits } = mechanism;
  const states = Object.entries(report.states);
  const header = [about, paper].filter((part) => part !== '').map((part) => `  ${part}\n`);
  const columns = states.flatMap(([state, { tau_ms }]) => [state, ...(tau_ms ? [`tau ${state}/ms`] : [])]);
  const rows = report.V_mV.map((V, i) => [
    String(V),
    ...states.flatMap(([, { inf, tau_ms }]) => [
      short(inf[i]),
      ...(tau_ms ? [short(tau_ms[i] ?? Number.NaN)] : []),
    ]),
  ]);
  const byFormula = new Map<string, string[]>();
  for (const { place, value, unit } of assumedUnits)
    byFormula.set(place.text, [
      ...(byFormula.get(place.text) ?? []),
      `${value} ${unit === 'a pure number' ? '(pure)' : unit}`,
    ]);
  return [
    `${name}: ${
      kind === 'pool'
        ? `pool of ${ion}`
        : kind === 'receptor'
          ? `${mechanism.receptor?.sign} receptor of synapses, ${mechanism.receptor?.E_mV} mV`
          : `${ionsOf(mechanism).join(', ')} current`
    }\n`,
    ...header,
    ...states.map(([state, { step }]) => `  ${state}: ${STEPS[step]}\n`),
    ...(states.length > 0 ? ['\n', table(['V/mV', ...columns], rows)] : []),
    ...(byFormula.size > 0 ? ['\nbare numbers were taken for\n'] : []),
    ...[...byFormula].map(([formula, taken]) => `  ${formula.trim()}\n      ${taken.join(', ')}\n`),
  ].join('');
}

const short = (value: number): string => (Number.isFinite(value) ? value.toPrecision(4) : '-');

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]) =>
    `${cells.map((text, i) => text.padStart(widths[i])).join('  ')}\n`;
  return line(header) + rows.map(line).join('');
}

function describeCell(cell: CellModel) {
  const kinds = classifyStates(cell);
  const rest = restOf(cell);
  return {
    name: cell.name,
    states: Object.fromEntries(
      stateKeys(cell).map((key) => [key, { step: kinds.get(key) ?? 'exact', rest: rest.states[key] }]),
    ),
    currents: cell.currents,
    rest_mV: rest.V,
    firstOrderStates: cell.circular,
    largestStep: largestSteps(cell),
  };
}

function cellText(cell: CellModel, report: ReturnType<typeof describeCell>): string {
  const { stableMs, accurateMs } = report.largestStep;
  const step = (ms: number | null) => (ms === null ? 'below 0.01 ms' : `${ms} ms`);
  const circular = report.firstOrderStates;
  return [
    `${cell.name}: rests at ${report.rest_mV.toFixed(3)} mV\n`,
    table(
      ['state', 'at rest', 'step'],
      Object.entries(report.states).map(([key, { step: kind, rest }]) => [key, short(rest), STEPS[kind]]),
    ),
    `stays bounded with dt up to ${step(stableMs)}, keeps its spike counts within 5 % up to ${step(accurateMs)}\n`,
    ...(circular.length > 0 ? [`first order only: ${circular.join(', ')} need each other\n`] : []),
  ].join('');
}
