import type { Network } from '../../network/network.js';
import { type CellType, cellTypeOf, channels, channelsOf, componentTypes } from './channels.js';
import { each, element, leaf, neuroMl, textElement } from './xml.js';

/** Axial resistivity must be stated; one compartment has no use for it. */
const RESISTIVITY = '100ohm_cm';

/** A population's cell: populations of one cell type may start at different potentials, so each has its own. */
export interface NeuroMlCell {
  readonly id: string;
  readonly cell: CellType;
  /** Mean potential at the start. */
  readonly start_mV: number;
}

/** Id of the cell of a population, given the population's. */
export const cellIdOf = (populationId: string): string => `cell_${populationId}`;

export function neuroMlCells(network: Network, ids: ReadonlyMap<string, string>): NeuroMlCell[] {
  const { circuit, populations, start } = network;
  return populations.map(({ name, first, count }) => ({
    id: cellIdOf(ids.get(name)!),
    cell: cellTypeOf(circuit.cellTypes[circuit.populations[name].cell]),
    start_mV: start.V_mV.subarray(first, first + count).reduce((sum, V) => sum + V, 0) / count,
  }));
}

/** The document of channels and cells. */
export const cellsDocument = (cells: readonly NeuroMlCell[]): Iterable<string> =>
  neuroMl(
    'cells',
    each(cells, ({ id, cell }) => channels(id, cell)),
    each(cells, cellElement),
    componentTypes(cells.map(({ cell }) => cell)),
  );

function cellElement({ id, cell, start_mV }: NeuroMlCell): Iterable<string> {
  return element(
    'cell',
    { id },
    textElement('notes', `${cell.kinetics} kinetics, one compartment of ${cell.area_um2} um2`),
    morphology(cell),
    biophysics(id, cell, start_mV),
  );
}

/** A cylinder as long as wide, whose mantle is the membrane. */
function morphology({ area_um2 }: CellType): Iterable<string> {
  const diameter = Number(Math.sqrt(area_um2 / Math.PI).toPrecision(12));
  return element(
    'morphology',
    { id: 'morphology' },
    element(
      'segment',
      { id: 0, name: 'soma' },
      leaf('proximal', { x: 0, y: 0, z: 0, diameter }),
      leaf('distal', { x: 0, y: diameter, z: 0, diameter }),
    ),
    element('segmentGroup', { id: 'soma_group' }, leaf('member', { segment: 0 })),
  );
}

function biophysics(id: string, cell: CellType, start_mV: number): Iterable<string> {
  const ids = channelsOf(id);
  const densities = [
    { id: 'na', ionChannel: ids.na, gMax: cell.gNa_mS_cm2, erev: cell.ENa_mV, ion: 'na' },
    { id: 'k', ionChannel: ids.k, gMax: cell.gK_mS_cm2, erev: cell.EK_mV, ion: 'k' },
    ...(cell.gM_mS_cm2 > 0
      ? [{ id: 'm', ionChannel: ids.m, gMax: cell.gM_mS_cm2, erev: cell.EK_mV, ion: 'k' }]
      : []),
    { id: 'leak', ionChannel: ids.leak, gMax: cell.gL_mS_cm2, erev: cell.EL_mV, ion: 'non_specific' },
  ];
  return element(
    'biophysicalProperties',
    { id: 'biophysics' },
    element(
      'membraneProperties',
      {},
      each(densities, ({ gMax, erev, ...density }) =>
        leaf('channelDensity', { ...density, condDensity: `${gMax}mS_per_cm2`, erev: `${erev}mV` }),
      ),
      leaf('spikeThresh', { value: `${cell.spikeThreshold_mV}mV` }),
      leaf('specificCapacitance', { value: `${cell.C_uF_cm2}uF_per_cm2` }),
      leaf('initMembPotential', { value: `${Number(start_mV.toPrecision(12))}mV` }),
    ),
    element('intracellularProperties', {}, leaf('resistivity', { value: RESISTIVITY })),
  );
}
