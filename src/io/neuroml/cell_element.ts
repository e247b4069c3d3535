import type { CellData } from '../../mechanism/cell_schema.js';
import { digits } from './write_gate.js';
import { each, element, leaf, textElement } from './xml.js';

/** Axial resistivity must be stated; one compartment has no use for it. */
const RESISTIVITY = '100ohm_cm';

/** A channel's conductance in a cell. */
export interface Density {
  readonly tag: 'channelDensity' | 'channelDensityNernst' | 'channelDensityGHK' | 'channelDensityGHK2';
  readonly attributes: Readonly<Record<string, string>>;
}

/** The parts of a cell that depend on its mechanisms. */
export interface CellParts {
  readonly id: string;
  readonly start_mV: number;
  readonly densities: readonly Density[];
  readonly species: readonly string[];
}

const TAGS = ['channelDensity', 'channelDensityNernst', 'channelDensityGHK', 'channelDensityGHK2'];

/** A cell of one compartment, its densities in the order that the schema of NeuroML asks for. */
export function cellElement(
  cell: CellData,
  { id, start_mV, densities, species }: CellParts,
): Iterable<string> {
  return element(
    'cell',
    { id },
    textElement('notes', cell.about ?? `one compartment of ${cell.area_um2} um2`),
    morphology(cell.area_um2),
    element(
      'biophysicalProperties',
      { id: 'biophysics' },
      element(
        'membraneProperties',
        {},
        each(
          TAGS.flatMap((tag) => densities.filter((density) => density.tag === tag)),
          ({ tag, attributes }) => leaf(tag, attributes),
        ),
        leaf('spikeThresh', { value: `${digits(cell.spikeThreshold_mV)}mV` }),
        leaf('specificCapacitance', { value: `${digits(cell.C_uF_cm2)}uF_per_cm2` }),
        leaf('initMembPotential', { value: `${digits(start_mV)}mV` }),
      ),
      element('intracellularProperties', {}, species, leaf('resistivity', { value: RESISTIVITY })),
    ),
  );
}

/** A cylinder as long as wide, whose mantle is the membrane. */
function morphology(area_um2: number): Iterable<string> {
  const diameter = digits(Math.sqrt(area_um2 / Math.PI));
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
