import { expect, test } from 'vitest';
import { Equilibrium } from '../../src/mechanism/equilibrium.js';
import { gatesOf, gatingTables } from './gating_tables.js';

const isNear = (got: number, expected: number, what: string) =>
  expect(Math.abs(got - expected), what).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(expected)));

test.each(gatingTables())('gating table: $name', (table) => {
  const { cell, V_mV, steady, tauMs } = table;
  const { instantaneous } = gatesOf(table);
  const equilibrium = new Equilibrium(cell, instantaneous);
  V_mV.forEach((V, row) => {
    const { states } = equilibrium.at(V);
    for (const [key, values] of Object.entries(steady))
      isNear(states[key] ?? equilibrium.valueOf(key), values[row], `${key} at ${V} mV`);
    for (const [key, values] of Object.entries(tauMs))
      isNear(equilibrium.timeConstantOf(key), values[row], `tau of ${key} at ${V} mV`);
  });
});
