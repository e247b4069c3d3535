import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { stateKeys } from '../../src/mechanism/cell_model.js';
import { testDevice } from '../engine/support.js';
import { gatesOf, gatingTables } from './gating_tables.js';
import { runOnAdapter } from './step_kernel.js';

let handle: DeviceHandle;
beforeAll(async () => {
  handle = await testDevice();
});
afterAll(() => handle.destroy());

/** Four times the largest share of a value that was measured on lavapipe, 2.6e-6, of gates that are open by more than 1e-6. */
const FLOAT32 = 1e-5;

// Without currents V stays. One step from closed gates leads to inf (1 - exp(-dt/tau)), one from the steady state stays there.
test.each(gatingTables())('gating table: $name', async (table) => {
  const { cell, V_mV, steady, tauMs } = table;
  const { states, instantaneous } = gatesOf(table);
  const closed = Object.fromEntries(stateKeys(cell).map((key) => [key, key.endsWith('Ca_in') ? 1e-4 : 0]));
  const isolated = {
    ...cell,
    constants: new Map(
      [...cell.constants].map(([name, value]) => [name, /\.g[A-Z]?\w*$/.test(name) ? 0 : value]),
    ),
  };
  const start = V_mV.flatMap((V, row) => [
    { V, states: closed },
    { V, states: { ...closed, ...Object.fromEntries(states.map((key) => [key, steady[key][row]])) } },
  ]);
  const dtMs = 0.05;
  const run = await runOnAdapter(handle, isolated, {
    dtMs,
    steps: 1,
    stimuli: start.map(() => 0),
    start,
    integrator: 'exponential-euler-simultaneous',
    traces: instantaneous,
  });
  const near = (got: number, expected: number, name: string) => {
    const error = Math.abs(got - expected);
    expect(error, name).toBeLessThan(1e-6);
    expect(error / Math.max(1e-6, Math.abs(expected)), name).toBeLessThan(FLOAT32);
  };
  V_mV.forEach((V, row) => {
    expect(run.of('V', 2 * row)).toBe(V);
    for (const key of instantaneous) near(run.of(key, 2 * row), steady[key][row], `${key} at ${V} mV`);
    for (const key of states) {
      const inf = steady[key][row];
      near(run.of(key, 2 * row + 1), inf, `steady state of ${key} at ${V} mV`);
      if (tauMs[key]) {
        const share = -Math.expm1(-dtMs / tauMs[key][row]);
        near(run.of(key, 2 * row), inf * share, `step of ${key} at ${V} mV`);
      }
    }
  });
});
