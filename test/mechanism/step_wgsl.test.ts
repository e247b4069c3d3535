import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { CAPACITANCE, type CellModel, stateKeys } from '../../src/mechanism/cell_model.js';
import { libraryCells, libraryMechanisms } from '../../src/mechanism/library.js';
import { parseMechanismFile } from '../../src/mechanism/mechanism_file.js';
import { recordableOf } from '../../src/mechanism/recordable.js';
import { restOf } from '../../src/mechanism/rest.js';
import { slowStates } from '../../src/mechanism/slow_states.js';
import { stepWgsl } from '../../src/mechanism/step_wgsl.js';
import { testDevice } from '../engine/support.js';
import { referenceCell } from './reference_run.js';
import { type CellRun, runInFloat64, runOnAdapter } from './step_kernel.js';
import { stepOptions } from './step_options.js';

let handle: DeviceHandle;
beforeAll(async () => {
  handle = await testDevice();
});
afterAll(() => handle.destroy());

const CELLS = [
  ...[...libraryCells()].map(([name, cell]) => ({ name, cell })),
  ...[
    'connor-stevens',
    'golomb-2007',
    'pospischil-lts',
    'destexhe-re',
    'destexhe-tc',
    'oriens',
    'golomb-2006',
    'rubin-terman-stn',
    'pospischil-ib',
    'butera',
    'ghk',
  ].map((name) => ({ name, cell: referenceCell(name) })),
];
const ascending = (a: number, b: number) => a - b;

/** Gates, an M current, an instantaneous gate, a Markov scheme, a GHK current with a pool. */
const KINDS = ['hodgkin-huxley-1952', 'pyramidal-rs', 'pv-wang-buzsaki', 'destexhe-tc', 'ghk'];

/** Every state and trace of every lane against float64. */
async function compare(cell: CellModel, run: CellRun, tolerance: number): Promise<void> {
  const got = await runOnAdapter(handle, cell, run);
  const expected = runInFloat64(cell, run);
  for (const name of ['V', ...stateKeys(cell), ...(run.traces ?? [])]) {
    run.stimuli.forEach((stimulus, lane) => {
      const value = expected.of(name, lane);
      const scale = name === 'V' ? 100 : Math.max(Math.abs(value), name.endsWith('_in') ? 1e-4 : 1e-2);
      const error = Math.abs(got.of(name, lane) - value) / scale;
      expect(error, `${name} at ${stimulus} uA/cm2`).toBeLessThan(tolerance);
    });
  }
}

describe('the optimised step on the adapter follows the formulas as written in float64', () => {
  // Through the first spikes of most cells; every state must have moved with V.
  const run = { dtMs: 0.025, steps: 800, stimuli: [0, 2, 10, 30] };
  test.each(CELLS)('$name', ({ cell }) => compare(cell, { ...run, G: 0.05 }, 5e-3));
});

// Few steps far from rest, in which any other way to step would show. Measured: up to 7e-6 (a share near 0), V 4e-7.
describe.each(['exponential-euler', 'exponential-euler-simultaneous', 'rk4'] as const)(
  'a step by %s',
  (integrator) => {
    test.each(CELLS.filter(({ name }) => KINDS.includes(name)))('$name', async ({ cell }) => {
      const start = { ...restOf(cell), V: -45 };
      await compare(cell, { dtMs: 0.05, steps: 5, stimuli: [0, 10], G: 1, start, integrator }, 1.5e-5);
    });
  },
);

describe('constants as fields of the cell', () => {
  const fields = {
    'na.g': 'constant_0',
    'na.VT': 'constant_1',
    'k.g': 'constant_2',
    'k.VT': 'constant_1',
    'm.g': 'constant_3',
    'm.tauMax': 'constant_4',
    'leak.E': 'constant_5',
    E_Na: 'constant_6',
    [CAPACITANCE]: 'constant_7',
  };
  const run: CellRun = { dtMs: 0.025, steps: 400, stimuli: [5], G: 0.05, traces: ['m.I', 'm.p', 'na.I'] };

  test.each(['exponential-euler', 'rk4'] as const)('give the same as numbers by %s', async (integrator) => {
    const cell = libraryCells().get('pyramidal-rs')!;
    await compare(cell, { ...run, integrator, fields }, 2e-4);
  });

  test('that neurons have of their own, the capacitance among them', async () => {
    const cell = libraryCells().get('pyramidal-rs')!;
    const varied = { 'na.g': [40, 56], 'm.tauMax': [300, 608] };
    await compare(cell, { ...run, stimuli: [5, 5], varied, fields: { 'k.g': 'constant_0' } }, 2e-4);
  });

  test('of concentrations, temperature and permeability', async () => {
    const fields = { celsius: 'T', 't.P': 'P', Ca_out: 'out', 'ca.depth': 'depth', 'ca.half': 'half' };
    await compare(referenceCell('ghk'), { ...run, fields, traces: ['E_Ca', 'I_Ca', 't.s'] }, 2e-4);
  });

  const textOf = (name: string, fields: Record<string, string> = {}, changes = {}) =>
    stepWgsl(libraryCells().get(name)!, stepOptions({ fields: new Map(Object.entries(fields)), ...changes }));
  const exponentials = (text: string) => text.match(/\bexp\(/g)?.length;

  test('that are one field share exponentials as numbers do', () => {
    // The hand-written kernels have two instead of six.
    expect(exponentials(textOf('traub-miles').text)).toBe(2);
    expect(exponentials(textOf('hodgkin-huxley-1952').text)).toBe(2);
    const VT = 'cell.constant_1';
    const { text } = textOf('traub-miles', { 'na.VT': VT, 'k.VT': VT });
    expect(exponentials(text)).toBe(2);
    expect(text.match(/cell\.constant_1\b/g)).toHaveLength(1);
    expect(exponentials(textOf('traub-miles', { 'na.VT': VT, 'k.VT': 'cell.constant_2' }).text)).toBe(4);
  });

  test('are worked with before the run where nothing else is read', () => {
    const cellFields = { 'm.tauMax': 'cell.constant_0', 'na.g': 'cell.constant_1' };
    const { text, hoisted } = textOf('pyramidal-rs', cellFields, { C: 'cell.constant_2' });
    expect(hoisted.map(({ field }) => field)).toEqual(['cell.hoisted_0', 'cell.hoisted_1']);
    const constants = new Map([
      ['m.tauMax', 400],
      ['na.g', 56],
      [CAPACITANCE, 2],
    ]);
    expect(hoisted.map(({ value }) => value(constants)).sort(ascending)).toEqual(
      [1 / 400, 0.025 / 2].sort(ascending),
    );
    expect(text).not.toContain('cell.constant_0');
    expect(text).not.toContain('cell.constant_2');
    const perNeuron = textOf('pyramidal-rs', { 'm.tauMax': 'vary.value_0' }, { vary: 1 });
    expect(perNeuron.hoisted).toEqual([]);
    expect(perNeuron.text).toContain('let m_tauMax = vary.value_0;');
  });

  test('of a time constant alone become the share of a step', async () => {
    const text = `
mechanisms:
  slow:
    channel: K
    parameters: { tauX_ms: 80, tauY_ms: 30, gain_per_ms: 0.01 }
    open: x * y
    states:
      x: { inf: 1/(1+exp(-(V+35)/10)), tau: tauX }
      y: { rate: gain/(1+exp(-(V+35)/10)) - y/tauY }
cellTypes:
  slow:
    C_uF_cm2: 1
    area_um2: 1000
    ions: { K: { E_mV: -90 } }
    membrane:
      k: { mechanism: slow, g_mS_cm2: 0.3 }
      leak: { mechanism: leak, g_mS_cm2: 0.1, E_mV: -50 }
`;
    const cell = parseMechanismFile(text, 'slow.yaml', libraryMechanisms()).cells.get('slow')!;
    const cellFields = { 'k.tauX': 'cell.constant_0', 'k.tauY': 'cell.constant_1' };
    const step = stepWgsl(cell, stepOptions({ fields: new Map(Object.entries(cellFields)) }));
    const constants = new Map([
      ['k.tauX', 80],
      ['k.tauY', 20],
    ]);
    const values = step.hoisted.map(({ value }) => value(constants)).sort(ascending);
    // The share of x, the rate of y and how far y goes at it.
    const expected = [-Math.expm1(-0.025 / 80), -20 * Math.expm1(-0.025 / 20), 1 / 20].sort(ascending);
    values.forEach((value, i) => {
      expect(value / expected[i]).toBeCloseTo(1, 12);
    });
    expect(step.text.match(/relaxation/g)).toHaveLength(1);
    const fields = { 'k.tauX': 'tauX', 'k.tauY': 'tauY' };
    await compare(cell, { dtMs: 0.1, steps: 100, stimuli: [2], fields }, 1.5e-5);
    await compare(cell, { dtMs: 0.1, steps: 100, stimuli: [2] }, 1.5e-5);
  });
});

test('constants whose names would be those of other lines get other names', async () => {
  const text = `
mechanisms:
  gated: { channel: K, open: x, states: { x: { inf: 1/(1+exp(-(V+35)/10)), tau: "1 ms * (5 + exp(V/50))" } } }
  shifted: { channel: K, parameters: { k_x: 2, k_y: 3 }, open: "k_x/(1+exp(-V/10)) + k_y" }
cellTypes:
  cell:
    C_uF_cm2: 1
    area_um2: 1000
    ions: { K: { E_mV: -90 } }
    membrane:
      k: { mechanism: gated, g_mS_cm2: 0.3 }
      next: { mechanism: shifted, g_mS_cm2: 0.1 }
      decay: { mechanism: shifted, g_mS_cm2: 0.1 }
`;
  const cell = parseMechanismFile(text, 'names.yaml', libraryMechanisms()).cells.get('cell')!;
  const fields = { 'next.k_x': 'a', 'decay.k_x': 'b', 'next.k_y': 'c' };
  await compare(cell, { dtMs: 0.1, steps: 20, stimuli: [2], fields }, 1.5e-5);
});

test('quantities are read as in float64', async () => {
  const cell = referenceCell('ghk');
  const traces = recordableOf(cell);
  expect(traces).toEqual(expect.arrayContaining(['V', 'na.m', 'na.I', 't.s', 'ca.Ca_in', 'E_Ca', 'I_Ca']));
  // E_Na is given, and no channel carries chloride.
  expect(traces).not.toEqual(expect.arrayContaining(['E_Na']));
  expect(traces).not.toContain('I_Cl');
  await compare(cell, { dtMs: 0.025, steps: 300, stimuli: [0, 10], G: 0.05, traces }, 1e-3);
});

test.each(['exponential-euler', 'rk4'] as const)(
  'a slow state reaches its steady state with a compensated sum by %s',
  async (integrator) => {
    const cell = libraryCells().get('sst-lts')!;
    const dtMs = 0.025;
    const slow = slowStates(cell, dtMs);
    expect([...slow]).toEqual(['m.p']);
    // 40 s are 40 time constants of the M current's gate at rest. V itself stops some uV off its rest in float32, so the
    // gate is compared with its steady state at that V.
    const rest = restOf(cell);
    const start = { V: rest.V, states: { ...rest.states, 'm.p': 0.9 * rest.states['m.p'] } };
    const run = { dtMs, steps: 1_600_000, stimuli: [0], start, integrator };
    const share = async (compensated: ReadonlySet<string>) => {
      const { of } = await runOnAdapter(handle, cell, { ...run, compensated });
      return of('m.p', 0) * (1 + Math.exp(-(of('V', 0) + 35) / 10)) - 1;
    };
    // Measured: -1.3e-3 and -2e-7. Kahan's sum gave the first figure here: the compiler takes it away.
    const [plain, compensated] = [await share(new Set()), await share(slow)];
    expect(Math.abs(plain)).toBeGreaterThan(5e-4);
    expect(Math.abs(compensated)).toBeLessThan(2e-6);
  },
);
