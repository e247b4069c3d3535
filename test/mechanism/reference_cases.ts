import { type CellModel, stateKeys } from '../../src/mechanism/cell_model.js';
import { Equilibrium } from '../../src/mechanism/equilibrium.js';
import type { CellStateValues } from '../../src/mechanism/reference_cell.js';
import type { Experiment, Stimulus } from './cell_record.js';
import { referenceCell, referenceOf } from './reference_run.js';

/** What a cell of the reference values 01 to 05 does in an experiment. */
export interface ReferenceCase extends Experiment {
  readonly name: string;
  /** Of the whole duration, ms. */
  readonly spikes: readonly number[];
  /** V and states at equal distances from 0 ms on, by key. */
  readonly samples: { readonly everyMs: number; readonly of: Readonly<Record<string, readonly number[]>> };
  /** The largest concentration of every 0.1 ms, by key. */
  readonly peaks: Readonly<Record<string, number>>;
}

// biome-ignore lint/suspicious/noExplicitAny: the reference files have many shapes
type Entry = any;

/** All states 0 but those given. */
const fromZero = (cell: CellModel, V: number, states: Record<string, number>): CellStateValues => ({
  V,
  states: { ...Object.fromEntries(stateKeys(cell).map((key) => [key, 0])), ...states },
});
const listed = (keys: readonly string[], [V, ...values]: readonly number[]): CellStateValues => ({
  V,
  states: Object.fromEntries(keys.map((key, i) => [key, values[i]])),
});
const pulseOf = (entry: Entry): Stimulus => ({
  constant: entry.I_uA_cm2 ?? 0,
  pulse: entry.pulse_uA_cm2 ?? 0,
  pulseMs: entry.pulse_ms ?? [0, 0],
});

interface Given {
  readonly name: string;
  /** A cell of cells.yaml and the values that it is given. */
  readonly of: readonly [cell: string, changes?: Readonly<Record<string, number>>];
  readonly start: (cell: CellModel) => CellStateValues;
  readonly stimulus?: Stimulus;
  readonly entry: Entry;
  /** Keys of the columns of samples, by what the file calls them. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** The largest concentration of an entry, such as `Ca_peak_mM (0.1 ms grid)`. */
function peaksOf(entry: Entry, columns: Readonly<Record<string, string>>): ReferenceCase['peaks'] {
  const titles = Object.keys(entry).filter((title) => /^Ca_(peak|max).*grid/.test(title));
  return Object.fromEntries(titles.map((title) => [columns.Ca, entry[title]]));
}

/** The columns of an entry, such as `V_every_25_ms`. */
function samplesOf(entry: Entry, columns: Readonly<Record<string, string>>): ReferenceCase['samples'] {
  const found = Object.entries(entry).flatMap(([title, values]) => {
    const [, column, everyMs] = /^(.+)_every_(\d+)_ms$/.exec(title) ?? [];
    return column ? [{ key: columns[column], everyMs: Number(everyMs), values: values as number[] }] : [];
  });
  return {
    everyMs: found[0]?.everyMs ?? Number.POSITIVE_INFINITY,
    of: Object.fromEntries(found.map(({ key, values }) => [key, values])),
  };
}

function referenceCase({
  name,
  of,
  start,
  entry,
  stimulus = pulseOf(entry),
  columns = {},
}: Given): ReferenceCase {
  const cell = referenceCell(...of);
  const spikes: readonly number[] = entry.spike_times_ms;
  const samples = samplesOf(entry, columns);
  const [values = []] = Object.values(samples.of);
  return {
    name,
    cell,
    start: start(cell),
    stimulus,
    spikes,
    // Where the file gives no duration, the last spike or sample says what is known.
    durationMs:
      entry.duration_ms ??
      Math.ceil(Math.max(spikes.at(-1) ?? 0, (values.length - 1) * samples.everyMs || 0)),
    samples,
    peaks: peaksOf(entry, columns),
  };
}

/** The cases of 01 to 05 whose spike times are all given. */
export function referenceCases(): ReferenceCase[] {
  const A = referenceOf('01-a-current');
  const T = referenceOf('02-t-current');
  const H = referenceOf('03-h-current');
  const CA = referenceOf('04-ca-kca-ahp');
  const NAP = referenceOf('05-persistent-na');
  const cases: Given[] = [
    ...A.connor_stevens.spikes.map((entry: Entry) => ({
      name: `Connor-Stevens, A ${entry.gA_mS_cm2}, ${entry.I_uA_cm2} uA/cm2`,
      of: ['connor-stevens', { 'a.g_mS_cm2': entry.gA_mS_cm2 }],
      start: (cell: CellModel) => new Equilibrium(cell).at(-68),
      entry,
    })),
    ...A.golomb_2007_d_current.spikes.map((entry: Entry) => ({
      name: `Golomb 2007, D ${entry.gD_mS_cm2}`,
      of: ['golomb-2007', { 'd.g_mS_cm2': entry.gD_mS_cm2 }],
      start: () => {
        const { V_mV, h, n, a, b } = entry.start;
        return { V: V_mV, states: { 'na.h': h, 'k.n': n, 'd.a': a, 'd.b': b } };
      },
      entry,
    })),
    ...T.pospischil_lts.map((entry: Entry) => ({
      name: `LTS cell, ${entry.case}`,
      columns: { V: 'V', hT: 't.h', Ca: 'ca.Ca_in' },
      of: ['pospischil-lts', { 'leak.E_mV': entry.EL_mV }],
      start: (cell: CellModel) => fromZero(cell, -84, { 'ca.Ca_in': 2.4e-4 }),
      entry,
    })),
    ...T.destexhe_1996_re.cases.map((entry: Entry) => ({
      name: `reticular cell, ${entry.pulse_nA} nA`,
      columns: { Ca: 'ca.Ca_in' },
      of: ['destexhe-re'],
      start: (cell: CellModel) => {
        const { 't.m': m, 't.h': h } = new Equilibrium(cell).at(-80).states;
        return fromZero(cell, -80, { 't.m': m, 't.h': h, 'ca.Ca_in': 2.4e-4 });
      },
      entry,
    })),
    ...T.destexhe_1996_tc.cases.map((entry: Entry) => ({
      name: `thalamic cell, scheme of its h current, ${entry.pulse_nA} nA`,
      columns: { V: 'V', o1: 'h.O1', o2: 'h.O2', Ca: 'ca.Ca_in' },
      of: ['destexhe-tc'],
      start: (cell: CellModel) => fromZero(cell, -65, { 'ca.Ca_in': 2.4e-4, 'h.C': 1 }),
      entry,
    })),
    ...H.spikes.map((entry: Entry) => ({
      name: `oriens cell, h ${entry.gh_mS_cm2}, ${entry.drive_uA_cm2} uA/cm2`,
      of: ['oriens', { 'h.g_mS_cm2': entry.gh_mS_cm2 }],
      start: (cell: CellModel) => new Equilibrium(cell).at(-66.869219),
      stimulus: { constant: entry.drive_uA_cm2 },
      entry,
    })),
    ...CA.golomb_2006.cases.map((entry: Entry) => ({
      name: `Golomb 2006, ${entry.I_uA_cm2} uA/cm2`,
      columns: { Ca: 'pool.Ca_in', q: 'ahp.q' },
      of: ['golomb-2006'],
      start: () =>
        listed(
          ['na.h', 'k.n', 'a.b', 'm.z', 'ca.r', 'c.c', 'ahp.q', 'pool.Ca_in'],
          entry['start (V h n b z r c q Ca)'],
        ),
      entry,
    })),
    ...CA.rubin_terman_stn.cases.map((entry: Entry) => ({
      name: `subthalamic cell, pulse ${entry.pulse_uA_cm2} uA/cm2`,
      columns: { Ca: 'pool.Ca_in' },
      of: ['rubin-terman-stn'],
      start: () => listed(['na.h', 'k.n', 't.r', 'pool.Ca_in'], entry['start (V h n r Ca)']),
      entry,
    })),
    ...CA.rubin_terman_gpe.cases.map((entry: Entry) => ({
      name: `pallidal cell, ${entry.I_uA_cm2} uA/cm2`,
      columns: { Ca: 'pool.Ca_in' },
      of: ['rubin-terman-gpe'],
      start: () => listed(['na.h', 'k.n', 't.r', 'pool.Ca_in'], entry['start (V h n r Ca)']),
      entry,
    })),
    ...CA.pospischil_ib.cases.map((entry: Entry) => ({
      name: `bursting cell, L ${entry.gCaL_mS_cm2}`,
      columns: { Ca: 'ca.Ca_in' },
      of: ['pospischil-ib', { 'l.g_mS_cm2': entry.gCaL_mS_cm2 }],
      start: (cell: CellModel) => fromZero(cell, -84, { 'ca.Ca_in': 2.4e-4 }),
      entry,
    })),
    ...NAP.golomb_2006_zero_calcium.cases.map((entry: Entry) => ({
      name: `Golomb 2006 without calcium, NaP ${entry.gNaP_mS_cm2}`,
      of: ['golomb-2006-zero-calcium', { 'nap.g_mS_cm2': entry.gNaP_mS_cm2 }],
      start: () => listed(['na.h', 'k.n', 'a.b', 'm.z'], entry['start (V h n b z)']),
      entry,
    })),
  ];
  return cases.map(referenceCase);
}
