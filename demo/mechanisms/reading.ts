import { type Circuit, CircuitError, type CircuitIssue } from '../../src/index.js';
import { buildCell } from '../../src/mechanism/build_cell.js';
import { LIBRARY_MECHANISMS } from '../../src/mechanism/library.js';
import { bothOf, checkMechanisms, parseMechanismFile } from '../../src/mechanism/mechanism_file.js';
import type { MechanismData } from '../../src/mechanism/mechanism_schema.js';
import { issueWithoutPlace } from '../../src/text/locate.js';
import { type MechanismCurves, mechanismCurves } from './curves.js';
import { keepKnown, type MechanismUse, requireAlone } from './edits.js';

/** A text to be read, and the membrane that its mechanism is in. */
export interface ReadingRequest {
  readonly text: string;
  readonly use: MechanismUse;
  readonly circuit: Pick<Circuit, 'mechanisms' | 'cellTypes' | 'simulation'>;
}

/** What a text says and how its mechanism looks, or what is wrong with it. */
export type Reading =
  | { readonly data: MechanismData; readonly curves: MechanismCurves; readonly issues: readonly [] }
  | { readonly data: null; readonly curves: null; readonly issues: readonly CircuitIssue[] };

/** Reads the text of a mechanism: shape, names, units, values over V, and its curves in its cell with the numbers of the text. */
export function readMechanism({ text, use, circuit }: ReadingRequest): Reading {
  try {
    const file = parseMechanismFile(text, null);
    requireAlone(use.mechanism, [...file.mechanisms.keys()]);
    const mechanism = file.mechanisms.get(use.mechanism)!;
    const data = file.data.mechanisms[use.mechanism];
    const others = Object.fromEntries(
      Object.entries(circuit.mechanisms).filter(([name]) => name !== use.mechanism),
    );
    const own = new Map([...checkMechanisms(others).mechanisms, [use.mechanism, mechanism]]);
    const cell = structuredClone(circuit.cellTypes[use.cell]);
    for (const entry of Object.values(cell.membrane))
      if (entry.mechanism === use.mechanism) keepKnown(entry, data);
    Object.assign(cell.membrane[use.label], data.parameters);
    const built = buildCell(
      use.cell,
      cell,
      bothOf(own, LIBRARY_MECHANISMS),
      circuit.simulation.temperature_C,
    );
    if (!built.cell)
      return refused(built.problems.map((problem) => issueWithoutPlace(problem, `the cell ${use.cell}`)));
    return { data, curves: mechanismCurves(built.cell, use.label, mechanism), issues: [] };
  } catch (error) {
    if (error instanceof CircuitError) return refused(error.issues);
    throw error;
  }
}

const refused = (issues: readonly CircuitIssue[]): Reading => ({ data: null, curves: null, issues });
