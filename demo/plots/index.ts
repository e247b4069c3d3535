import { type Circuit, cellOfPopulation, type DeviceHandle } from '../../src/index.js';
import { type CellAlone, fiCurve } from '../simulation/fi_curve.js';
import type { History } from '../simulation/history.js';
import type { PopulationStyle } from '../view/theme.js';
import { createCoherencePlot } from './coherence_plot.js';
import { createCurrentsPlot } from './currents_plot.js';
import { createFiPlot } from './fi_plot.js';
import { createLfpPlot } from './lfp_plot.js';
import type { LivePlot } from './live_plot.js';
import {
  createConcentrationsPlot,
  createGatesPlot,
  createPhasePlanePlot,
  createPotentialPlot,
} from './neuron_plots.js';
import { createRasterPlot } from './raster_plot.js';
import { createRatesPlot } from './rates_plot.js';
import { createSpectrumPlot } from './spectrum_plot.js';

const FI_CURRENTS_uA_cm2 = Array.from({ length: 12 }, (_, i) => 2 * i);

export interface PlotContext {
  readonly history: History;
  readonly styles: readonly PopulationStyle[];
  readonly handle: DeviceHandle;
  readonly nameOfPicked: () => string;
}

/** The plots of a network: those of a circuit, or those of a single cell. */
export function createPlots({ history, styles, handle, nameOfPicked }: PlotContext): LivePlot[] {
  const { network } = history;
  const ofNeuron = [
    createPotentialPlot(history, nameOfPicked),
    createGatesPlot(history),
    ...(hasConcentrations(history) ? [createConcentrationsPlot(history)] : []),
  ];
  if (network.neurons === 1) {
    const cell = () => cellOf(history.network.circuit);
    const compute = () => fiCurve(cell(), FI_CURRENTS_uA_cm2, handle);
    return [...ofNeuron, createPhasePlanePlot(history), createFiPlot(compute, () => JSON.stringify(cell()))];
  }
  const currents = createCurrentsPlot(history);
  const fieldPlots = network.circuit.recording.lfp
    ? [createLfpPlot(history), createSpectrumPlot(history)]
    : [];
  return [
    ...fieldPlots,
    createRasterPlot(history, styles),
    createRatesPlot(history, styles),
    ...(currents ? [currents] : []),
    ...(fieldPlots.length > 0 ? [createCoherencePlot(history, styles)] : []),
    ...ofNeuron,
  ];
}

/** Whether any cell of a network has a pool. */
const hasConcentrations = ({ network: { circuit, populations } }: History): boolean =>
  populations.some(({ name }) =>
    cellOfPopulation(circuit, name).groups.some((group) => group.kind === 'state' && group.isConcentration),
  );

/** The cell of the only population of a circuit, with the mechanisms that it may need. */
function cellOf({ cellTypes, populations, mechanisms, simulation }: Circuit): CellAlone {
  const [{ cell }] = Object.values(populations);
  const { dt_ms, integrator, temperature_C } = simulation;
  return { cell: cellTypes[cell], mechanisms, simulation: { dt_ms, integrator, temperature_C } };
}
