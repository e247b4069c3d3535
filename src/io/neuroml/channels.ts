import type { CellData } from '../../mechanism/cell_schema.js';
import { element, leaf } from './xml.js';

/**
 * The rate functions of src/model/kinetics.ts in NeuroML's forms, with x = (V - midpoint) / scale:
 * HHExpRate rate exp(x); HHSigmoidRate rate / (1 + exp(-x)); HHExpLinearRate rate x / (1 - exp(-x)), which is rate at
 * x = 0. Rates per ms, midpoint and scale in mV.
 */
interface Rate {
  readonly type: 'HHExpRate' | 'HHSigmoidRate' | 'HHExpLinearRate';
  readonly rate: number;
  readonly midpoint: number;
  readonly scale: number;
}

interface Rates {
  readonly m: readonly [opening: Rate, closing: Rate];
  readonly h: readonly [opening: Rate, closing: Rate];
  readonly n: readonly [opening: Rate, closing: Rate];
}

const exp = (rate: number, midpoint: number, scale: number): Rate => ({
  type: 'HHExpRate',
  rate,
  midpoint,
  scale,
});
const sigmoid = (rate: number, midpoint: number, scale: number): Rate => ({
  type: 'HHSigmoidRate',
  rate,
  midpoint,
  scale,
});
const expLinear = (rate: number, midpoint: number, scale: number): Rate => ({
  type: 'HHExpLinearRate',
  rate,
  midpoint,
  scale,
});

type Kinetics = 'hodgkin-huxley-1952' | 'traub-miles' | 'wang-buzsaki';

/** The values of a cell of the library's mechanisms that these documents are written from. */
export interface CellType {
  readonly kinetics: Kinetics;
  readonly C_uF_cm2: number;
  readonly gNa_mS_cm2: number;
  readonly gK_mS_cm2: number;
  readonly gM_mS_cm2: number;
  readonly gL_mS_cm2: number;
  readonly ENa_mV: number;
  readonly EK_mV: number;
  readonly EL_mV: number;
  readonly VT_mV: number;
  readonly tauMaxM_ms: number;
  readonly phi: number;
  readonly area_um2: number;
  readonly spikeThreshold_mV: number;
}

const KINETICS: Readonly<Record<string, Kinetics>> = {
  'na-hh52': 'hodgkin-huxley-1952',
  'na-traub-miles': 'traub-miles',
  'na-wang-buzsaki': 'wang-buzsaki',
};

export function cellTypeOf({ membrane, ions, ...cell }: CellData): CellType {
  const value = (label: string, key: string): number => (membrane[label]?.[key] as number | undefined) ?? 0;
  return {
    kinetics: KINETICS[membrane.na?.mechanism ?? ''],
    C_uF_cm2: cell.C_uF_cm2,
    gNa_mS_cm2: value('na', 'g_mS_cm2'),
    gK_mS_cm2: value('k', 'g_mS_cm2'),
    gM_mS_cm2: value('m', 'g_mS_cm2'),
    gL_mS_cm2: value('leak', 'g_mS_cm2'),
    ENa_mV: ions.Na?.E_mV ?? 0,
    EK_mV: ions.K?.E_mV ?? 0,
    EL_mV: value('leak', 'E_mV'),
    VT_mV: value('na', 'VT_mV'),
    tauMaxM_ms: value('m', 'tauMax_ms'),
    phi: value('na', 'phi'),
    area_um2: cell.area_um2,
    spikeThreshold_mV: cell.spikeThreshold_mV,
  };
}

const RATES: Record<Kinetics, (cell: CellType) => Rates> = {
  'hodgkin-huxley-1952': () => ({
    m: [expLinear(1, -40, 10), exp(4, -65, -18)],
    h: [exp(0.07, -65, -20), sigmoid(1, -35, 10)],
    n: [expLinear(0.1, -55, 10), exp(0.125, -65, -80)],
  }),
  'traub-miles': ({ VT_mV: VT }) => ({
    m: [expLinear(1.28, VT + 13, 4), expLinear(1.4, VT + 40, -5)],
    h: [exp(0.128, VT + 17, -18), sigmoid(4, VT + 40, 5)],
    n: [expLinear(0.16, VT + 15, 5), exp(0.5, VT + 10, -40)],
  }),
  'wang-buzsaki': ({ phi }) => ({
    m: [expLinear(1, -35, 10), exp(4, -60, -18)],
    h: [exp(0.07 * phi, -58, -20), sigmoid(phi, -28, 10)],
    n: [expLinear(0.1 * phi, -34, 10), exp(0.125 * phi, -44, -80)],
  }),
};

/** Component types that NeuroML does not define. */
const INSTANT_M = 'wang_buzsaki_m_inf';
const TAU_P = 'slow_potassium_tau';

/** Names of the channels of a cell. */
export const channelsOf = (cellId: string) =>
  ({ na: `${cellId}_na`, k: `${cellId}_k`, m: `${cellId}_m`, leak: `${cellId}_leak` }) as const;

/** The channels of a cell: Na with m^3 h, K with n^4, the M current with p where the cell has one, and the leak. */
export function* channels(cellId: string, cell: CellType): Iterable<string> {
  const { m, h, n } = RATES[cell.kinetics](cell);
  const ids = channelsOf(cellId);
  const mGate =
    cell.kinetics === 'wang-buzsaki'
      ? element('gateHHInstantaneous', { id: 'm', instances: 3 }, leaf('steadyState', { type: INSTANT_M }))
      : ratesGate('m', 3, m);
  yield* channel(ids.na, 'na', mGate, ratesGate('h', 1, h));
  yield* channel(ids.k, 'k', ratesGate('n', 4, n));
  if (cell.gM_mS_cm2 > 0) {
    const pGate = element(
      'gateHHtauInf',
      { id: 'p', instances: 1 },
      leaf('timeCourse', { type: TAU_P, tauMax: `${cell.tauMaxM_ms}ms` }),
      leaf('steadyState', { type: 'HHSigmoidVariable', rate: 1, midpoint: '-35mV', scale: '10mV' }),
    );
    yield* channel(ids.m, 'k', pGate);
  }
  yield* channel(ids.leak, 'non_specific');
}

/** The conductance of one channel has no effect: densities are given. */
const channel = (id: string, species: string, ...gates: readonly Iterable<string>[]): Iterable<string> => {
  const attributes = { id, conductance: '10pS', ...(species !== 'non_specific' && { species }) };
  return gates.length > 0 ? element('ionChannelHH', attributes, ...gates) : leaf('ionChannelHH', attributes);
};

const ratesGate = (
  id: string,
  instances: number,
  [opening, closing]: readonly [Rate, Rate],
): Iterable<string> =>
  element(
    'gateHHrates',
    { id, instances },
    leaf('forwardRate', rateAttributes(opening)),
    leaf('reverseRate', rateAttributes(closing)),
  );

const rateAttributes = ({ type, rate, midpoint, scale }: Rate) => ({
  type,
  rate: `${tidy(rate)}per_ms`,
  midpoint: `${tidy(midpoint)}mV`,
  scale: `${scale}mV`,
});

/** -56.2 + 13 is -43.2, not -43.2 with noise in the last place. */
const tidy = (value: number): number => Number(value.toPrecision(12));

/** The component types that the channels of these cells use. */
export function* componentTypes(cells: readonly CellType[]): Iterable<string> {
  if (cells.some(({ kinetics }) => kinetics === 'wang-buzsaki')) yield* instantaneousM();
  if (cells.some(({ gM_mS_cm2 }) => gM_mS_cm2 > 0)) yield* slowPotassiumTau();
}

const instantaneousM = () =>
  element(
    'ComponentType',
    {
      name: INSTANT_M,
      extends: 'baseVoltageDepVariable',
      description: 'm follows V at once (Wang and Buzsaki 1996)',
    },
    leaf('Constant', { name: 'MV', dimension: 'voltage', value: '1mV' }),
    element(
      'Dynamics',
      {},
      derived('y', 'none', '(v / MV + 35) / 10'),
      derived('beta', 'none', '4 * exp(0 - (v / MV + 60) / 18)'),
      derived('x', 'none', 'alpha / (alpha + beta)', 'x'),
      element(
        'ConditionalDerivedVariable',
        { name: 'alpha', dimension: 'none' },
        leaf('Case', { condition: 'y .neq. 0', value: 'y / (1 - exp(0 - y))' }),
        leaf('Case', { condition: 'y .eq. 0', value: '1' }),
      ),
    ),
  );

const slowPotassiumTau = () =>
  element(
    'ComponentType',
    {
      name: TAU_P,
      extends: 'baseVoltageDepTime',
      description: 'time constant of the M current (Yamada et al. 1989)',
    },
    leaf('Parameter', { name: 'tauMax', dimension: 'time' }),
    leaf('Constant', { name: 'MV', dimension: 'voltage', value: '1mV' }),
    element(
      'Dynamics',
      {},
      derived('y', 'none', '(v / MV + 35) / 20'),
      derived('t', 'time', 'tauMax / (3.3 * exp(y) + exp(0 - y))', 't'),
    ),
  );

const derived = (name: string, dimension: string, value: string, exposure?: string): Iterable<string> =>
  leaf('DerivedVariable', { name, dimension, ...(exposure && { exposure }), value });
