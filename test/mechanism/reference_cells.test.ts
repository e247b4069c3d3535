import { describe, expect, test } from 'vitest';
import { type CellModel, stateKeys } from '../../src/mechanism/cell_model.js';
import { Equilibrium } from '../../src/mechanism/equilibrium.js';
import type { CellStateValues } from '../../src/mechanism/reference_cell.js';
import { restOf } from '../../src/mechanism/rest.js';
import { referenceCell, referenceOf, type Stimulus, spikeTimes } from './reference_run.js';

/** Reference values made by other tools from the same equations; see the files. */
const A = referenceOf('01-a-current');
const T = referenceOf('02-t-current');
const H = referenceOf('03-h-current');
const CA = referenceOf('04-ca-kca-ahp');
const NAP = referenceOf('05-persistent-na');

describe('gating tables', () => {
  /** Columns of a table by the state that they are of; `tau` is its time constant. */
  function compare(
    cell: CellModel,
    columns: readonly string[],
    rows: readonly number[][],
    states: Record<string, string>,
  ) {
    const following = Object.values(states).filter((key) => !stateKeys(cell).includes(key));
    const equilibrium = new Equilibrium(
      cell,
      following.filter((key) => !key.startsWith('tau ')),
    );
    for (const [V, ...values] of rows) {
      const settled = equilibrium.at(V).states;
      for (const [column, key] of Object.entries(states)) {
        const expected = values[columns.indexOf(column) - 1];
        const got = key.startsWith('tau ')
          ? equilibrium.timeConstantOf(key.slice(4))
          : (settled[key] ?? equilibrium.valueOf(key));
        expect(Math.abs(got - expected), `${column} at ${V} mV`).toBeLessThanOrEqual(
          1e-6 * Math.max(1, Math.abs(expected)),
        );
      }
    }
  }
  const infAndTau = (keys: Record<string, string>, inf = '_inf', tau = 'tau_', unit = '_ms') =>
    Object.fromEntries(
      Object.entries(keys).flatMap(([x, key]) => [
        [`${x}${inf}`, key],
        [`${tau}${x}${unit}`, `tau ${key}`],
      ]),
    );

  test('Connor and Stevens', () => {
    const { gating_columns, gating } = A.connor_stevens;
    compare(
      referenceCell('connor-stevens'),
      gating_columns,
      gating,
      infAndTau({ m: 'na.m', h: 'na.h', n: 'k.n', a: 'a.a', b: 'a.b' }),
    );
  });
  test('Golomb 2007', () => {
    const { gating_columns, gating } = A.golomb_2007_d_current;
    const states = infAndTau({ h: 'na.h', n: 'k.n', a: 'd.a', b: 'd.b' });
    compare(referenceCell('golomb-2007'), gating_columns, gating, { ...states, m_inf: 'na.m' });
  });
  test('T currents', () => {
    compare(referenceCell('pospischil-lts'), T.gating_columns_it_tc, T.gating_it_tc_shift2_36C, {
      ...infAndTau({ h: 't.h' }),
      m_inf: 't.m',
    });
    compare(
      referenceCell('destexhe-re'),
      T.gating_columns_it_re,
      T.gating_it_re_shift2_36C,
      infAndTau({ m: 't.m', h: 't.h' }),
    );
  });
  test('oriens cell, also at its removable singularities', () => {
    compare(
      referenceCell('oriens'),
      H.gating_columns,
      H.gating,
      infAndTau({ m: 'na.m', h: 'na.h', n: 'k.n', a: 'a.a', b: 'a.b', r: 'h.r' }),
    );
  });
  test('Golomb 2006, subthalamic nucleus, pallidum, L current', () => {
    const { golomb_2006: golomb, rubin_terman_stn: stn, rubin_terman_gpe: gpe, pospischil_ib: ib } = CA;
    compare(referenceCell('golomb-2006'), golomb.gating_columns, golomb.gating, {
      minf: 'na.m',
      hinf: 'na.h',
      th: 'tau na.h',
      ninf: 'k.n',
      tn: 'tau k.n',
      pinf: 'nap.p',
      ainf: 'a.a',
      binf: 'a.b',
      zinf: 'm.z',
      rinf: 'ca.r',
      cinf: 'c.c',
    });
    compare(referenceCell('rubin-terman-stn'), stn.gating_columns, stn.gating, {
      minf: 'na.m',
      hinf: 'na.h',
      ninf: 'k.n',
      sinf: 'ca.s',
      ainf: 't.a',
      rinf: 't.r',
    });
    compare(referenceCell('rubin-terman-gpe'), gpe.gating_columns, gpe.gating, {
      minf: 'na.m',
      hinf: 'na.h',
      ninf: 'k.n',
      ainf: 't.a',
      rinf: 't.r',
      sinf: 'ca.s',
    });
    compare(
      referenceCell('pospischil-ib'),
      ib.gating_columns,
      ib.gating,
      infAndTau({ mL: 'l.m', hL: 'l.h' }),
    );
  });
  test('Butera 1999', () => {
    const { gating_columns, gating } = NAP.butera_1999_model_1;
    compare(referenceCell('butera'), gating_columns, gating, {
      mP_inf: 'nap.m',
      hP_inf: 'nap.h',
      tau_h_ms: 'tau nap.h',
      m_inf: 'nak.m',
      n_inf: 'nak.n',
      tau_n_ms: 'tau nak.n',
    });
  });
  test('Nernst', () => {
    const cell = referenceCell('pospischil-lts');
    for (const [Ca_in, E] of T.nernst) {
      const held = [...stateKeys(cell).map((key) => [key, 0] as const), ['ca.Ca_in', Ca_in] as const];
      const withoutStates = { ...cell, groups: [], constants: new Map([...cell.constants, ...held]) };
      expect(new Equilibrium(withoutStates, ['E_Ca']).valueOf('E_Ca')).toBeCloseTo(E, 5);
    }
  });
});

test('rests', () => {
  const near = (rest: CellStateValues, V: number, states: Record<string, number>) => {
    expect(rest.V).toBeCloseTo(V, 5);
    for (const [key, value] of Object.entries(states)) expect(rest.states[key] / value).toBeCloseTo(1, 6);
  };
  const { V_mV, m, h, n, a, b } = A.connor_stevens.rest;
  near(restOf(referenceCell('connor-stevens')), V_mV, { 'na.m': m, 'na.h': h, 'k.n': n, 'a.a': a, 'a.b': b });
  const re = T.destexhe_1996_re.rest;
  near(restOf(referenceCell('destexhe-re')), re.V_mV, { 't.m': re.mT, 't.h': re.hT, 'ca.Ca_in': re.Ca_mM });
});

/** All states 0 but those given. */
const fromZero = (cell: CellModel, V: number, states: Record<string, number>): CellStateValues => ({
  V,
  states: { ...Object.fromEntries(stateKeys(cell).map((key) => [key, 0])), ...states },
});
const listed = (keys: readonly string[], [V, ...values]: readonly number[]): CellStateValues => ({
  V,
  states: Object.fromEntries(keys.map((key, i) => [key, values[i]])),
});

interface Case {
  readonly name: string;
  readonly cell: CellModel;
  readonly start: CellStateValues;
  readonly stimulus: Stimulus;
  readonly spikes: readonly number[];
  /** Of how many spikes: far into a train every error has grown with the intervals before. */
  readonly first?: number;
}

// biome-ignore lint/suspicious/noExplicitAny: the reference files have many shapes
type Entry = any;

function cases(): Case[] {
  const all: Case[] = [];
  const add = (
    name: string,
    cell: CellModel,
    start: CellStateValues,
    stimulus: Stimulus,
    entry: Entry,
    first = 3,
  ) =>
    all.push({ name, cell, start, stimulus, spikes: entry.spike_times_ms ?? entry.first_spikes_ms, first });
  const pulse = (entry: Entry): Stimulus => ({
    constant: entry.I_uA_cm2 ?? 0,
    pulse: entry.pulse_uA_cm2,
    pulseMs: entry.pulse_ms ?? [0, 0],
  });
  for (const entry of A.connor_stevens.spikes) {
    const cell =
      entry.gA_mS_cm2 > 0
        ? referenceCell('connor-stevens')
        : referenceCell('connor-stevens', { 'membrane.a.g_mS_cm2': 0 });
    add(
      `Connor-Stevens, A ${entry.gA_mS_cm2}, ${entry.I_uA_cm2} uA/cm2`,
      cell,
      new Equilibrium(cell).at(-68),
      { constant: entry.I_uA_cm2 },
      entry,
    );
  }
  for (const entry of A.golomb_2007_d_current.spikes) {
    const cell =
      entry.gD_mS_cm2 > 0
        ? referenceCell('golomb-2007')
        : referenceCell('golomb-2007', { 'membrane.d.g_mS_cm2': 0 });
    const { V_mV, h, n, a, b } = entry.start;
    const start = { V: V_mV, states: { 'na.h': h, 'k.n': n, 'd.a': a, 'd.b': b } };
    add(`Golomb 2007, D ${entry.gD_mS_cm2}`, cell, start, { constant: entry.I_uA_cm2 }, entry);
  }
  for (const entry of T.pospischil_lts) {
    const cell =
      entry.EL_mV === -85
        ? referenceCell('pospischil-lts')
        : referenceCell('pospischil-lts', { 'membrane.leak.E_mV': entry.EL_mV });
    add(`LTS cell, ${entry.case}`, cell, fromZero(cell, -84, { 'ca.Ca_in': 2.4e-4 }), pulse(entry), entry);
  }
  for (const entry of T.destexhe_1996_re.cases) {
    const cell = referenceCell('destexhe-re');
    const { 't.m': m, 't.h': h } = new Equilibrium(cell).at(-80).states;
    add(
      `reticular cell, ${entry.pulse_nA} nA`,
      cell,
      fromZero(cell, -80, { 't.m': m, 't.h': h, 'ca.Ca_in': 2.4e-4 }),
      pulse(entry),
      entry,
    );
  }
  {
    const cell = referenceCell('destexhe-tc');
    const [entry] = T.destexhe_1996_tc.cases;
    add(
      'thalamic cell, scheme of its h current',
      cell,
      fromZero(cell, -65, { 'ca.Ca_in': 2.4e-4, 'h.C': 1 }),
      pulse(entry),
      entry,
      6,
    );
  }
  for (const entry of H.spikes.filter((e: Entry) => e.spike_times_ms.length > 0)) {
    const cell =
      entry.gh_mS_cm2 === 12
        ? referenceCell('oriens')
        : referenceCell('oriens', { 'membrane.h.g_mS_cm2': entry.gh_mS_cm2 });
    add(
      `oriens cell, h ${entry.gh_mS_cm2}, ${entry.drive_uA_cm2} uA/cm2`,
      cell,
      new Equilibrium(cell).at(-66.869219),
      { constant: entry.drive_uA_cm2 },
      entry,
    );
  }
  for (const entry of CA.golomb_2006.cases) {
    const start = listed(
      ['na.h', 'k.n', 'a.b', 'm.z', 'ca.r', 'c.c', 'ahp.q', 'pool.Ca_in'],
      entry['start (V h n b z r c q Ca)'],
    );
    add(`Golomb 2006, ${entry.I_uA_cm2} uA/cm2`, referenceCell('golomb-2006'), start, pulse(entry), entry);
  }
  for (const entry of CA.rubin_terman_stn.cases) {
    const start = listed(['na.h', 'k.n', 't.r', 'pool.Ca_in'], entry['start (V h n r Ca)']);
    add(
      `subthalamic cell, pulse ${entry.pulse_uA_cm2} uA/cm2`,
      referenceCell('rubin-terman-stn'),
      start,
      pulse(entry),
      entry,
    );
  }
  for (const entry of CA.pospischil_ib.cases) {
    const cell = referenceCell('pospischil-ib', { 'membrane.l.g_mS_cm2': entry.gCaL_mS_cm2 });
    add(
      `bursting cell, L ${entry.gCaL_mS_cm2}`,
      cell,
      fromZero(cell, -84, { 'ca.Ca_in': 2.4e-4 }),
      pulse(entry),
      entry,
      2,
    );
  }
  for (const entry of NAP.golomb_2006_zero_calcium.cases) {
    const name = 'golomb-2006-zero-calcium';
    const cell =
      entry.gNaP_mS_cm2 > 0 ? referenceCell(name) : referenceCell(name, { 'membrane.nap.g_mS_cm2': 0 });
    add(
      `Golomb 2006 without calcium, NaP ${entry.gNaP_mS_cm2}`,
      cell,
      listed(['na.h', 'k.n', 'a.b', 'm.z'], entry['start (V h n b z)']),
      pulse(entry),
      entry,
      2,
    );
  }
  {
    const entry = NAP.butera_1999_model_1.cases[2];
    const cell = referenceCell('butera', { 'membrane.leak.E_mV': entry.EL_mV });
    add('Butera 1999', cell, listed(['nak.n', 'nap.h'], entry['start (V n h)']), {}, entry);
  }
  return all;
}

describe('spike times converge to the reference', () => {
  /** Linear interpolation between steps of 0.02 ms is off by up to this, ms. */
  const INTERPOLATION_MS = 2e-3;

  test.each(cases())('$name', ({ cell, start, stimulus, spikes, first = 3 }) => {
    const expected = spikes.slice(0, first);
    const until = expected[expected.length - 1] + 5;
    const error = (dtMs: number, integrator: 'exponential-euler' | 'rk4') => {
      const times = spikeTimes(cell, start, stimulus, dtMs, until, integrator);
      return Math.max(...expected.map((time, i) => Math.abs((times[i] ?? Number.NaN) - time)));
    };
    expect(cell.circular).toEqual([]);
    const [coarse, fine] = [0.02, 0.01].map((dtMs) => error(dtMs, 'exponential-euler'));
    // Second order: halving the step leaves a quarter of the error. Measured: 0.07 to 0.31 of it.
    expect(fine).toBeLessThan(Math.max(0.35 * coarse, INTERPOLATION_MS));
    // Measured: up to 0.12 ms, after 160 ms of a slow burst.
    expect(fine).toBeLessThan(0.15);
    // Fourth order, but for the interpolation. Measured: up to 4.8e-4 ms.
    expect(error(0.01, 'rk4')).toBeLessThan(1e-3);
  });
});

test('f-I curve of Connor and Stevens from rest', () => {
  const cell = referenceCell('connor-stevens');
  const rest = restOf(cell);
  for (const [current, hz, firstMs, count] of A.connor_stevens.f_I_from_rest.slice(2, 5)) {
    const times = spikeTimes(cell, rest, { constant: current }, 0.02, 1500);
    expect(times.length).toBe(count);
    // Measured: 0.6 % near threshold, at second order.
    expect(Math.abs(times[0] / firstMs - 1)).toBeLessThan(0.01);
    const [a, b] = times.slice(-2);
    expect(Math.abs(1000 / (b - a) / hz - 1)).toBeLessThan(0.01);
  }
});

describe('a GHK current and a pump that is not linear', () => {
  const cell = referenceCell('ghk');

  test('the current is finite at 0 mV, where its quotient is 0/0, and that of the closed form beside it', () => {
    const [F, R, T, P, Ca_out] = [96485.33212, 8.31446261815324, 309.15, 1e-4 * 1e-3, 2e-6];
    const equilibrium = new Equilibrium(cell, ['t.I', 't.s']);
    for (const V of [-70, -1e-7, 0, 1e-7, 30]) {
      const { 't.u': u, 'ca.Ca_in': Ca_in } = equilibrium.at(V).states;
      const s = equilibrium.valueOf('t.s');
      // In A/cm2 with P in cm/ms and concentrations in mol/cm3, per s; then in uA/cm2. x/(1 - exp(-x)) is 1 at 0.
      const x = (2 * F * V * 1e-3) / (R * T);
      const factor = x === 0 ? 1 : x / -Math.expm1(-x);
      const expected = P * 1e3 * s ** 2 * u * 2 * F * factor * (Ca_in * 1e-6 - Ca_out * Math.exp(-x)) * 1e6;
      expect(Math.abs(equilibrium.valueOf('t.I') / expected - 1), `${V} mV`).toBeLessThan(1e-6);
    }
  });

  test('converges at second order to classical Runge-Kutta', () => {
    const start = restOf(cell);
    const stimulus = { constant: -1, pulse: 2, pulseMs: [100, 300] as const };
    const expected = spikeTimes(cell, start, stimulus, 0.0025, 300, 'rk4').slice(0, 3);
    expect(expected).toHaveLength(3);
    const [coarse, fine] = [0.04, 0.02].map((dtMs) => {
      const times = spikeTimes(cell, start, stimulus, dtMs, 300);
      return Math.max(...expected.map((time, i) => Math.abs(times[i] - time)));
    });
    expect(fine).toBeLessThan(0.35 * coarse);
    expect(fine).toBeLessThan(0.05);
  });
});
