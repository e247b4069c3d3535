import { readFileSync } from 'node:fs';
import type { CellModel } from '../../src/mechanism/cell_model.js';
import { libraryMechanisms } from '../../src/mechanism/library.js';
import { parseMechanismFile } from '../../src/mechanism/mechanism_file.js';
import { type CellStateValues, ReferenceCell } from '../../src/mechanism/reference_cell.js';
import type { CellIntegrator } from '../../src/mechanism/step_tape.js';

const folder = new URL('reference/', import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

/** One of the files of reference values 01 to 05. */
// biome-ignore lint/suspicious/noExplicitAny: every file has its own shape
export const referenceOf = (file: string): any => JSON.parse(textOf(`${file}.json`));

/** A cell of cells.yaml with changed values, such as `{ 'membrane.a.g_mS_cm2': 0 }`. */
export function referenceCell(name: string, changes: Readonly<Record<string, number>> = {}): CellModel {
  let text = textOf('cells.yaml');
  const start = text.indexOf(`\n  ${name}:\n`);
  for (const [path, value] of Object.entries(changes)) {
    const [, label, key] = path.split('.');
    const entry = new RegExp(`(      ${label}: \\{.*?${key}: )[-\\d.e]+`);
    const cell = text.slice(start).replace(entry, `$1${value}`);
    if (cell === text.slice(start)) throw new Error(`${name} has no ${path}, or it is ${value} already`);
    text = text.slice(0, start) + cell;
  }
  const cell = parseMechanismFile(text, 'cells.yaml', libraryMechanisms()).cells.get(name);
  if (!cell) throw new Error(`no cell is called ${name}`);
  return cell;
}

export interface Stimulus {
  readonly constant?: number;
  readonly pulse?: number;
  readonly pulseMs?: readonly [number, number];
}

/** Upward crossings of -20 mV, ms, interpolated linearly within a step. */
export function spikeTimes(
  cell: CellModel,
  start: CellStateValues,
  { constant = 0, pulse = 0, pulseMs = [0, 0] }: Stimulus,
  dtMs: number,
  durationMs: number,
  integrator: CellIntegrator = 'exponential-euler',
): number[] {
  const neuron = new ReferenceCell(cell, integrator, dtMs);
  neuron.load(start);
  const V = neuron.of('V');
  const times: number[] = [];
  const [on, off] = pulseMs.map((t) => Math.round(t / dtMs));
  let before = V[0];
  for (let step = 0; step < Math.round(durationMs / dtMs); step++) {
    neuron.step(constant + (step >= on && step < off ? pulse : 0));
    if (before <= -20 && V[0] > -20) times.push(dtMs * (step + (-20 - before) / (V[0] - before)));
    before = V[0];
  }
  return times;
}
