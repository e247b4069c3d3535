import type { CellType, Circuit } from '../../src/index.js';
import { dimensionOf, type Quantity, sameDimension } from '../../src/language/units.js';
import { LIMITS } from '../../src/mechanism/cell_schema.js';
import { splitKey } from '../../src/mechanism/keys.js';
import { LIBRARY_MECHANISMS } from '../../src/mechanism/library.js';
import { type Experiment, rangeAround } from './experiment.js';

/** A conductance of 0 has a range as if it were this, in coherent units (mS/cm2; a permeability in cm/ms). */
const LEAST = 0.5;

/** Conductances of the membranes of each cell type in use, for populations whose neurons have the same. */
export function channelExperiments(circuit: Circuit): Experiment[] {
  const used = [...new Set(Object.values(circuit.populations).map(({ cell }) => cell))];
  return used.flatMap((cell) => experimentsOfCell(circuit, cell));
}

function experimentsOfCell(circuit: Circuit, name: string): Experiment[] {
  const cell = circuit.cellTypes[name];
  return Object.entries(cell.membrane).flatMap(([label, entry]) =>
    Object.entries(entry).flatMap(([key, value]): Experiment[] => {
      const { name: quantity, unit } = splitKey(key);
      if (typeof value !== 'number' || value < 0 || !isConductance(unit)) return [];
      const path = `membrane.${label}.${key}`;
      const populations = Object.entries(circuit.populations).filter(
        ([, { cell, vary }]) => cell === name && !Object.hasOwn(vary, path),
      );
      if (populations.length === 0) return [];
      const who = populations.map(([population]) => population).join(', ');
      const range = rangeAround(value, 2, value === 0 ? LEAST / unit.scale : 0);
      const isUsual = key === 'g_mS_cm2';
      return [
        {
          ...range,
          high: isUsual ? Math.min(range.high, LIMITS.conductance.range.max) : range.high,
          id: `${quantity}.${label}.${name}`,
          group: 'Channels',
          label: `${isUsual ? label : `${label} ${quantity}`} (${entry.mechanism}) of ${who}`,
          unit: isUsual ? 'mS/cm²' : key.slice(quantity.length + 1).replaceAll('_', '/'),
          initial: value,
          shortcuts: [{ label: 'block', value: 0 }],
          expect: expectationOf(circuit, cell, entry.mechanism),
          targets: [{ path: `cellTypes.${name}.${path}`, as: 'value' }],
        },
      ];
    }),
  );
}

const CONDUCTANCES = [dimensionOf('mS/cm2'), dimensionOf('cm/s')];
/** Whether a parameter is a conductance or permeability of the membrane. */
const isConductance = ({ dimension }: Quantity): boolean =>
  CONDUCTANCES.some((known) => sameDimension(known, dimension));

/** Mechanisms of the library that carry the upstroke of spikes, and those that end it. */
const FAST_SODIUM = ['na-hh52', 'na-traub-miles', 'na-wang-buzsaki'];
const DELAYED_RECTIFIERS = ['k-hh52', 'k-traub-miles', 'k-wang-buzsaki'];

/** What the other currents of the library do, in cells that fire. */
const EXPECTED: Readonly<Record<string, string>> = {
  leak: 'With less leak the same input moves V further, and V decays more slowly.',
  'm-current': 'If blocked, as by XE991, spike-frequency adaptation disappears and the cells fire faster.',
  'k-ahp': 'If blocked, as by apamin, the pause after spikes shortens and the cells fire faster.',
  'na-persistent': 'If blocked, as by riluzole, it takes more current to make the cells fire.',
  'a-current': 'If blocked, as by 4-aminopyridine, the first spike after a depolarisation comes sooner.',
  'h-current': 'If blocked, as by ZD7288, the cells rest at a more negative V.',
  't-current': 'If blocked, as by TTA-P2, no burst follows the end of an inhibition.',
  'ca-high': 'If blocked, as by cadmium, spikes bring less calcium into the cell.',
};

/** A sentence that is true of the library's mechanism; one of the circuit's own is named by what its file says of it. */
function expectationOf({ mechanisms }: Circuit, { membrane }: CellType, mechanism: string): string {
  const own = Object.hasOwn(mechanisms, mechanism) ? mechanisms[mechanism] : undefined;
  if (!own && FAST_SODIUM.includes(mechanism)) {
    const names = Object.values(membrane).map((entry) => entry.mechanism);
    const others = names.filter((other) => other !== mechanism && !isOutward(other));
    return others.length === 0
      ? 'If blocked, as by tetrodotoxin, the cells cannot spike.'
      : 'If blocked, as by tetrodotoxin, the fast sodium spikes disappear.';
  }
  if (!own && DELAYED_RECTIFIERS.includes(mechanism))
    return 'If blocked, as by tetraethylammonium, spikes do not repolarise and the cells stay depolarised.';
  if (!own && Object.hasOwn(EXPECTED, mechanism)) return EXPECTED[mechanism];
  const about = own ? (own.about ?? '') : (LIBRARY_MECHANISMS.get(mechanism)?.about ?? '');
  return about === ''
    ? `Conductance density of ${mechanism}.`
    : `Conductance density of ${mechanism}: ${about}.`;
}

/** Whether a mechanism of the library pulls V down or does not move it: a potassium current, a leak, a pool. */
function isOutward(name: string): boolean {
  const mechanism = LIBRARY_MECHANISMS.get(name);
  return name === 'leak' || mechanism?.kind === 'pool' || mechanism?.ion === 'K';
}
