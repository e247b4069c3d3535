import { type CellModel, type CellType, type Circuit, circuitCells } from '../../src/index.js';
import { MEMBRANE_CURRENT } from '../../src/mechanism/cell_model.js';
import { namesNeeded } from '../../src/mechanism/order.js';
import { type Experiment, Q10 } from './experiment.js';

/** Temperatures that a circuit may have, degrees C, and how far a slider goes from that of the circuit. */
const COLDEST_C = -20;
const WARMEST_C = 60;
const SPAN_C = 15;

/** What temperature changes: `celsius` where formulas read it, and the factor phi of mechanisms that have one. */
export function temperatureExperiments(circuit: Circuit): Experiment[] {
  return [...celsiusExperiments(circuit), ...phiExperiments(circuit)];
}

/** The temperature of the simulation, and of each cell type that has its own. */
function celsiusExperiments(circuit: Circuit): Experiment[] {
  const cells = circuitCells(circuit);
  const reading = Object.entries(circuit.populations).filter(([, { cell }]) =>
    readsTemperature(cells.get(cell)!),
  );
  const isOwn = (cell: string) => circuit.cellTypes[cell].temperature_C !== undefined;
  const common = reading.filter(([, { cell }]) => !isOwn(cell));
  const own = [...new Set(reading.map(([, { cell }]) => cell))].filter(isOwn);
  return [
    ...(common.length > 0
      ? [celsius('celsius', common, circuit.simulation.temperature_C, 'simulation.temperature_C')]
      : []),
    ...own.map((cell) =>
      celsius(
        `celsius.${cell}`,
        reading.filter(([, population]) => population.cell === cell),
        circuit.cellTypes[cell].temperature_C!,
        `cellTypes.${cell}.temperature_C`,
      ),
    ),
  ];
}

function celsius(
  id: string,
  populations: readonly (readonly [name: string, unknown])[],
  initial: number,
  path: string,
): Experiment {
  return {
    id,
    group: 'Temperature',
    label: `temperature of ${populations.map(([name]) => name).join(', ')}`,
    unit: '°C',
    low: Math.max(COLDEST_C, initial - SPAN_C),
    high: Math.min(WARMEST_C, initial + SPAN_C),
    step: 0.5,
    initial,
    shortcuts: [],
    expect:
      'What `celsius` is in formulas of mechanisms and in the reversal potentials that follow from concentrations; formulas ' +
      'without it stay at the temperature of their source.',
    targets: [{ path, as: 'value' }],
  };
}

/** Whether `celsius` is anywhere in the equations of a cell. */
function readsTemperature({ formulas, groups }: CellModel): boolean {
  const current = formulas.get(MEMBRANE_CURRENT);
  const rates = groups.flatMap((group) =>
    group.kind === 'state' ? [group.rate] : group.transitions.map(({ rate }) => rate),
  );
  return namesNeeded([...(current ? [current] : []), ...rates], formulas).has('celsius');
}

/** Temperature of the cells whose mechanisms have a factor phi, as a difference from the circuit. */
function phiExperiments({ populations, cellTypes }: Circuit): Experiment[] {
  const warmed = Object.entries(populations).filter(
    ([, { cell }]) => labelsWithPhi(cellTypes[cell]).length > 0,
  );
  if (warmed.length === 0) return [];
  const cells = [...new Set(warmed.map(([, { cell }]) => cell))];
  return [
    {
      id: 'temperature',
      group: 'Temperature',
      label: `warming of ${warmed.map(([name]) => name).join(', ')}`,
      unit: '°C',
      low: -10,
      high: 10,
      step: 0.5,
      initial: 0,
      shortcuts: [],
      expect:
        `Difference from the circuit's temperature, as a factor phi of rates. Warming by 10 °C makes the h and n gates ${Q10} ` +
        'times as fast: spikes become briefer, and the cells can fire faster.',
      targets: cells.flatMap((cell) =>
        labelsWithPhi(cellTypes[cell]).map((label) => ({
          path: `cellTypes.${cell}.membrane.${label}.phi`,
          as: 'warming' as const,
        })),
      ),
    },
  ];
}

/** Mechanisms of Wang and Buzsaki, whose factor phi is one of temperature. */
const WITH_PHI = ['na-wang-buzsaki', 'k-wang-buzsaki'];

const labelsWithPhi = ({ membrane }: CellType): string[] =>
  Object.entries(membrane).flatMap(([label, entry]) =>
    WITH_PHI.includes(entry.mechanism) && typeof entry.phi === 'number' ? [label] : [],
  );
