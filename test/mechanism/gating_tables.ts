import { type CellModel, stateKeys } from '../../src/mechanism/cell_model.js';
import { referenceCell, referenceOf } from './reference_run.js';

/** Steady states and time constants of a cell at some V. */
export interface GatingTable {
  readonly name: string;
  readonly cell: CellModel;
  readonly V_mV: readonly number[];
  /** By key of a state or of an instantaneous gate. */
  readonly steady: Readonly<Record<string, readonly number[]>>;
  /** By key of a state. */
  readonly tauMs: Readonly<Record<string, readonly number[]>>;
}

type Keys = Readonly<Record<string, string>>;

/**
 * Columns of a table by the gates that they are of: what steady states and time constants are called in it. Time constants may
 * stand there without the factor by which a gate is faster.
 */
function table(
  name: string,
  cell: CellModel,
  columns: readonly string[],
  rows: readonly (readonly number[])[],
  steady: Keys,
  tau: Keys = {},
  speeds: Readonly<Record<string, number>> = {},
): GatingTable {
  const of = (keys: Keys, divided: Readonly<Record<string, number>>) =>
    Object.fromEntries(
      Object.entries(keys).map(([column, key]) => [
        key,
        rows.map((row) => row[columns.indexOf(column)] / (divided[key] ?? 1)),
      ]),
    );
  return { name, cell, V_mV: rows.map(([V]) => V), steady: of(steady, {}), tauMs: of(tau, speeds) };
}
const titled = (keys: Keys, title: (gate: string) => string): Keys =>
  Object.fromEntries(Object.entries(keys).map(([gate, key]) => [title(gate), key]));

/** Every gating table of 01 to 05. */
export function gatingTables(): GatingTable[] {
  const A = referenceOf('01-a-current');
  const T = referenceOf('02-t-current');
  const H = referenceOf('03-h-current');
  const CA = referenceOf('04-ca-kca-ahp');
  const NAP = referenceOf('05-persistent-na');
  /** Columns x_inf and tau_x_ms. */
  const standard = (
    name: string,
    cell: string,
    columns: string[],
    rows: number[][],
    gates: Keys,
    instant: Keys = {},
  ) =>
    table(
      name,
      referenceCell(cell),
      columns,
      rows,
      titled({ ...gates, ...instant }, (x) => `${x}_inf`),
      titled(gates, (x) => `tau_${x}_ms`),
    );
  /** Columns xinf and tx; `speeds` are the factors that tx leaves out. */
  // biome-ignore lint/suspicious/noExplicitAny: an entry of the file
  const short = (name: string, cell: string, entry: any, gates: Keys, withoutTau: Keys, speeds = {}) =>
    table(
      name,
      referenceCell(cell),
      entry.gating_columns,
      entry.gating,
      titled({ ...gates, ...withoutTau }, (x) => `${x}inf`),
      titled(gates, (x) => `t${x}`),
      speeds,
    );
  const connor = A.connor_stevens;
  const golomb2007 = A.golomb_2007_d_current;
  const ib = CA.pospischil_ib;
  const butera = NAP.butera_1999_model_1;
  const zero = NAP.golomb_2006_zero_calcium;
  return [
    standard('Connor and Stevens', 'connor-stevens', connor.gating_columns, connor.gating, {
      m: 'na.m',
      h: 'na.h',
      n: 'k.n',
      a: 'a.a',
      b: 'a.b',
    }),
    standard(
      'Golomb 2007',
      'golomb-2007',
      golomb2007.gating_columns,
      golomb2007.gating,
      { h: 'na.h', n: 'k.n', a: 'd.a', b: 'd.b' },
      { m: 'na.m' },
    ),
    standard(
      'T current of relay cells',
      'pospischil-lts',
      T.gating_columns_it_tc,
      T.gating_it_tc_shift2_36C,
      { h: 't.h' },
      { m: 't.m' },
    ),
    standard(
      'T current of reticular cells',
      'destexhe-re',
      T.gating_columns_it_re,
      T.gating_it_re_shift2_36C,
      {
        m: 't.m',
        h: 't.h',
      },
    ),
    // Also at its removable singularities.
    standard('oriens cell', 'oriens', H.gating_columns, H.gating, {
      m: 'na.m',
      h: 'na.h',
      n: 'k.n',
      a: 'a.a',
      b: 'a.b',
      r: 'h.r',
    }),
    short(
      'Golomb 2006',
      'golomb-2006',
      CA.golomb_2006,
      { h: 'na.h', n: 'k.n' },
      {
        m: 'na.m',
        p: 'nap.p',
        a: 'a.a',
        b: 'a.b',
        z: 'm.z',
        r: 'ca.r',
        c: 'c.c',
      },
    ),
    short(
      'subthalamic nucleus',
      'rubin-terman-stn',
      CA.rubin_terman_stn,
      { h: 'na.h', n: 'k.n', r: 't.r' },
      { m: 'na.m', s: 'ca.s', a: 't.a' },
      { 'na.h': 0.75, 'k.n': 0.75, 't.r': 0.5 },
    ),
    short(
      'pallidum',
      'rubin-terman-gpe',
      CA.rubin_terman_gpe,
      { h: 'na.h', n: 'k.n' },
      { m: 'na.m', a: 't.a', r: 't.r', s: 'ca.s' },
      { 'na.h': 0.05, 'k.n': 0.1 },
    ),
    standard('L current', 'pospischil-ib', ib.gating_columns, ib.gating, { mL: 'l.m', hL: 'l.h' }),
    table(
      'Butera 1999',
      referenceCell('butera'),
      butera.gating_columns,
      butera.gating,
      { mP_inf: 'nap.m', hP_inf: 'nap.h', m_inf: 'nak.m', n_inf: 'nak.n' },
      { tau_h_ms: 'nap.h', tau_n_ms: 'nak.n' },
    ),
    ...[-47, -41].map((half, i) =>
      table(
        `persistent sodium current, half open at ${half} mV`,
        referenceCell('golomb-2006-zero-calcium', { 'nap.half_mV': half }),
        zero.NaP_columns,
        zero.NaP,
        { [zero.NaP_columns[1 + i]]: 'nap.p' },
      ),
    ),
  ];
}

/** Those of a table that are states, and those that follow V at once. */
export const gatesOf = ({ cell, steady }: GatingTable): { states: string[]; instantaneous: string[] } => {
  const isState = (key: string) => stateKeys(cell).includes(key);
  const keys = Object.keys(steady);
  return { states: keys.filter(isState), instantaneous: keys.filter((key) => !isState(key)) };
};
