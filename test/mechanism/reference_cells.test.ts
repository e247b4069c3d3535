import { describe, expect, test } from 'vitest';
import { stateKeys } from '../../src/mechanism/cell_model.js';
import { Equilibrium } from '../../src/mechanism/equilibrium.js';
import type { CellStateValues } from '../../src/mechanism/reference_cell.js';
import { restOf } from '../../src/mechanism/rest.js';
import { recordInFloat64 } from './cell_record.js';
import { referenceCases } from './reference_cases.js';
import { referenceCell, referenceOf } from './reference_run.js';

/** Reference values made by other tools from the same equations; see the files. */
const A = referenceOf('01-a-current');
const T = referenceOf('02-t-current');

test('Nernst', () => {
  const cell = referenceCell('pospischil-lts');
  for (const [Ca_in, E] of T.nernst) {
    const held = [...stateKeys(cell).map((key) => [key, 0] as const), ['ca.Ca_in', Ca_in] as const];
    const withoutStates = { ...cell, groups: [], constants: new Map([...cell.constants, ...held]) };
    expect(new Equilibrium(withoutStates, ['E_Ca']).valueOf('E_Ca')).toBeCloseTo(E, 5);
  }
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

test.each(referenceCases().filter(({ spikes }) => spikes.length > 0))(
  'classical Runge-Kutta gives the first spikes of $name',
  ({ spikes, ...experiment }) => {
    const expected = spikes.slice(0, 3);
    const durationMs = expected[expected.length - 1] + 5;
    const times = recordInFloat64([{ ...experiment, durationMs }], 0.01, 'rk4')[0].spikes;
    // Fourth order, but for the linear interpolation within a step. Measured: up to 4.8e-4 ms.
    for (const [i, time] of expected.entries()) expect(Math.abs(times[i] - time)).toBeLessThan(1e-3);
  },
);

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
    const stimulus = { constant: -1, pulse: 2, pulseMs: [100, 300] as const };
    const experiment = { cell, start: restOf(cell), stimulus, durationMs: 300 };
    const expected = recordInFloat64([experiment], 0.0025, 'rk4')[0].spikes.slice(0, 3);
    expect(expected).toHaveLength(3);
    const [coarse, fine] = [0.04, 0.02].map((dtMs) => {
      const times = recordInFloat64([experiment], dtMs)[0].spikes;
      return Math.max(...expected.map((time, i) => Math.abs(times[i] - time)));
    });
    expect(fine).toBeLessThan(0.35 * coarse);
    expect(fine).toBeLessThan(0.05);
  });
});
