import { buildCell, type Mechanisms, type ReceptorEntry } from '../mechanism/build_cell.js';
import type { CellModel } from '../mechanism/cell_model.js';
import { LIBRARY_MECHANISMS } from '../mechanism/library.js';
import { bothOf, buildCells, checkMechanisms } from '../mechanism/mechanism_file.js';
import type { CircuitProblem } from '../text/circuit_problems.js';
import { didYouMean } from '../text/suggestion.js';
import { type Circuit, isKinetic, type KineticReceptor } from './circuit.js';

/** What the cells of a circuit are made from. */
type CellParts = Pick<Circuit, 'mechanisms' | 'cellTypes' | 'receptors' | 'simulation'>;

interface Built {
  readonly mechanisms: Mechanisms;
  readonly cells: ReadonlyMap<string, CellModel>;
}
const known = new WeakMap<CellParts, Built>();

/**
 * Puts the cell types of a circuit together from its mechanisms and the library's, and writes the parameters that they and the
 * receptors leave to the mechanisms into them; problems are at paths of the circuit.
 */
export function buildCircuitCells(circuit: CellParts): readonly CircuitProblem[] {
  const checked = checkMechanisms(circuit.mechanisms);
  // A cell of mechanisms that are wrong would only repeat their errors.
  if (checked.problems.length > 0) return checked.problems;
  const mechanisms = bothOf(checked.mechanisms, LIBRARY_MECHANISMS);
  const { cells, problems: ofCells } = buildCells(
    circuit.cellTypes,
    mechanisms,
    circuit.simulation.temperature_C,
  );
  const ofReceptors = Object.entries(circuit.receptors).flatMap(([name, receptor]) =>
    isKinetic(receptor) ? spellOutReceptor(name, receptor, mechanisms) : [],
  );
  const problems = [...ofCells, ...ofReceptors];
  if (problems.length > 0) return problems;
  for (const { membrane } of Object.values(circuit.cellTypes))
    for (const entry of Object.values(membrane))
      for (const { key, value } of mechanisms.get(entry.mechanism)!.parameters.values()) entry[key] ??= value;
  known.set(circuit, { mechanisms, cells });
  return [];
}

/** Writes what a receptor leaves to its mechanism into it. */
function spellOutReceptor(name: string, receptor: KineticReceptor, mechanisms: Mechanisms): CircuitProblem[] {
  const path = ['receptors', name];
  const mechanism = mechanisms.get(receptor.mechanism);
  const receptors = [...mechanisms.keys()].filter((other) => mechanisms.get(other)?.receptor);
  if (!mechanism?.receptor) {
    const what = mechanism
      ? `"${receptor.mechanism}" is no receptor`
      : `no mechanism is called "${receptor.mechanism}"`;
    return [{ path: [...path, 'mechanism'], message: `${what}${didYouMean(receptor.mechanism, receptors)}` }];
  }
  receptor.reversal_mV ??= mechanism.receptor.E_mV;
  receptor.sign ??= mechanism.receptor.sign;
  const own = [...mechanism.parameters.values()];
  for (const { key, value } of own) receptor[key] ??= value;
  const keys = ['mechanism', 'reversal_mV', 'sign', ...own.map(({ key }) => key)];
  return Object.keys(receptor)
    .filter((key) => !keys.includes(key))
    .map((key) => ({
      path: [...path, key],
      of: 'key',
      message: `"${receptor.mechanism}" has no parameter "${key}"${didYouMean(key, keys)}`,
    }));
}

function builtOf(circuit: CellParts): Built {
  if (!known.has(circuit)) {
    const [problem] = buildCircuitCells(circuit);
    if (problem) throw new Error(`${problem.path.join('.')}: ${problem.message}`);
  }
  return known.get(circuit)!;
}

/** The cell types of a resolved circuit, by name, as systems of equations. Throws for a circuit that is not valid. */
export const circuitCells = (circuit: CellParts): ReadonlyMap<string, CellModel> => builtOf(circuit).cells;

const ofPopulations = new WeakMap<Circuit, Map<string, CellModel>>();

/** The cell of a population of a resolved circuit, with the receptors that it has whose kinetics are mechanisms. */
export function cellOfPopulation(circuit: Circuit, population: string): CellModel {
  const cells = ofPopulations.get(circuit) ?? new Map<string, CellModel>();
  ofPopulations.set(circuit, cells);
  const cell = cells.get(population) ?? withReceptors(circuit, population);
  cells.set(population, cell);
  return cell;
}

function withReceptors(circuit: Circuit, population: string): CellModel {
  const { mechanisms, cells } = builtOf(circuit);
  const { cell: name } = circuit.populations[population];
  const entries = kineticReceptorsOf(circuit, population);
  if (entries.length === 0) return cells.get(name)!;
  const built = buildCell(
    name,
    circuit.cellTypes[name],
    mechanisms,
    circuit.simulation.temperature_C,
    Object.fromEntries(entries),
  );
  if (!built.cell) throw new Error(`receptors of ${population}: ${built.problems[0].message}`);
  return built.cell;
}

/** The receptors with kinetics that a projection or a stimulus of the population ends on. */
function kineticReceptorsOf(circuit: Circuit, population: string): [string, ReceptorEntry][] {
  const { projections, stimuli, receptors } = circuit;
  const used = new Set([
    ...projections.filter(({ to }) => to === population).map(({ receptor }) => receptor),
    ...stimuli.flatMap((stimulus) =>
      stimulus.kind === 'poisson' && stimulus.to === population ? [stimulus.receptor] : [],
    ),
  ]);
  return Object.entries(receptors).flatMap(([name, receptor]): [string, ReceptorEntry][] => {
    if (!used.has(name) || !isKinetic(receptor)) return [];
    const { mechanism, reversal_mV, sign, ...parameters } = receptor;
    return [[name, { mechanism, reversal_mV, parameters: parameters as Record<string, number> }]];
  });
}
