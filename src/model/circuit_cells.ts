import type { CellModel } from '../mechanism/cell_model.js';
import { LIBRARY_MECHANISMS } from '../mechanism/library.js';
import { bothOf, buildCells, checkMechanisms } from '../mechanism/mechanism_file.js';
import type { CircuitProblem } from '../text/circuit_problems.js';
import type { Circuit } from './circuit.js';

/** What the cells of a circuit are made from. */
type CellParts = Pick<Circuit, 'mechanisms' | 'cellTypes' | 'simulation'>;

const known = new WeakMap<CellParts, ReadonlyMap<string, CellModel>>();

/**
 * Puts the cell types of a circuit together from its mechanisms and the library's, and writes the parameters that they leave
 * to the mechanisms into them; problems are at paths of the circuit.
 */
export function buildCircuitCells(circuit: CellParts): readonly CircuitProblem[] {
  const checked = checkMechanisms(circuit.mechanisms);
  // A cell of mechanisms that are wrong would only repeat their errors.
  if (checked.problems.length > 0) return checked.problems;
  const mechanisms = bothOf(checked.mechanisms, LIBRARY_MECHANISMS);
  const { cells, problems } = buildCells(circuit.cellTypes, mechanisms, circuit.simulation.temperature_C);
  if (problems.length > 0) return problems;
  for (const { membrane } of Object.values(circuit.cellTypes))
    for (const entry of Object.values(membrane))
      for (const { key, value } of mechanisms.get(entry.mechanism)!.parameters.values()) entry[key] ??= value;
  known.set(circuit, cells);
  return [];
}

/** The cells of a resolved circuit, by name, as systems of equations. Throws for a circuit that is not valid. */
export function circuitCells(circuit: CellParts): ReadonlyMap<string, CellModel> {
  if (!known.has(circuit)) {
    const [problem] = buildCircuitCells(circuit);
    if (problem) throw new Error(`${problem.path.join('.')}: ${problem.message}`);
  }
  return known.get(circuit)!;
}

/** The cell of a population of a resolved circuit. */
export const cellOfPopulation = (circuit: Circuit, population: string): CellModel =>
  circuitCells(circuit).get(circuit.populations[population].cell)!;
