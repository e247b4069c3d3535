import { InvalidArgumentError, Option } from 'commander';
import { DEVICE_CHOICES } from '../engine/open_engine.js';
import { INTEGRATORS } from '../model/circuit.js';
import type { CircuitOverride } from '../model/circuit_overrides.js';
import { parseOverride } from '../model/circuit_overrides.js';
import { seedsOf } from '../sweep/seeds.js';

const MS_PER: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000 };

/** `5.5s`, `500ms` or plain ms, in ms. The circuit's checks decide whether the value is valid. */
export function parseDuration(text: string): number {
  const match = /^\s*(-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(s|ms|)\s*$/i.exec(text);
  if (!match) throw new InvalidArgumentError('expected a time such as 5.5s, 500ms or 500 (ms).');
  return Number(match[1]) * MS_PER[match[2].toLowerCase()];
}

export function parseNumber(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('expected a number.');
  return value;
}

/** `0,5,10` */
export function parseNumbers(text: string): number[] {
  return text.split(',').map((part) => {
    try {
      return parseNumber(part);
    } catch {
      throw new InvalidArgumentError('expected numbers separated by commas, such as 0,5,10.');
    }
  });
}

/** `1..64`, `1,2,5` or a mixture. */
export function parseSeeds(text: string): number[] {
  try {
    return seedsOf(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** For repeated options: gathers the values in their order. */
export const collect = (value: string, previous: readonly string[] = []): readonly string[] => [
  ...previous,
  value,
];

export const durationOption = (description: string): Option =>
  new Option('--duration <time>', description).argParser(parseDuration);
export const deviceOption = (): Option =>
  new Option(
    '--device <kind>',
    'device to use: the best adapter, a hardware adapter, a software adapter, or the float64 reference',
  )
    .choices(DEVICE_CHOICES)
    .default('auto');
export const integratorOption = (): Option =>
  new Option('--integrator <name>', 'integrator').choices(INTEGRATORS);
export const dtOption = (): Option => new Option('--dt <ms>', 'time step').argParser(parseNumber);

/** Options that set one value of the circuit. */
export interface SimulationOptions {
  readonly duration?: number;
  readonly transient?: number;
  readonly dt?: number;
  readonly seed?: number;
  readonly integrator?: string;
  readonly set?: readonly string[];
}

const PATHS = {
  duration: 'simulation.duration_ms',
  transient: 'simulation.transient_ms',
  dt: 'simulation.dt_ms',
  seed: 'simulation.seed',
  integrator: 'simulation.integrator',
} as const;

/** The options as overrides of the circuit: `--set` first, so that the named options override it. */
export function overridesOf(options: SimulationOptions): CircuitOverride[] {
  const named = Object.entries(PATHS).flatMap(([option, path]): CircuitOverride[] => {
    const value = options[option as keyof typeof PATHS];
    return value === undefined ? [] : [{ path, value, source: `--${option} ${value}` }];
  });
  return [...(options.set ?? []).map(parseOverride), ...named];
}
