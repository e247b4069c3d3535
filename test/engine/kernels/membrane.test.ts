import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADVANCE } from '../../../src/engine/reference/integrators.js';
import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import { CELL_LIBRARY } from '../../../src/model/cell_type.js';
import type { CellType, Integrator } from '../../../src/model/circuit.js';
import { INTEGRATORS } from '../../../src/model/circuit.js';
import { type GateRates, gateRates, KINETICS, pInfinity, tauP } from '../../../src/model/kinetics.js';
import { steadyState } from '../../../src/model/resting_state.js';
import { testDevice } from '../support.js';
import { evaluateRows } from './run_wgsl.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const range = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));

describe('rates of the gates over V', () => {
  /** From far below any reversal potential to far above: 0.13 mV apart, so that singularities are approached closely. */
  const potentials = [...range(-130, 70, 1501), -40, -55, -35, -34].map(Math.fround);
  const [VT, phi] = [-56.2, 5];

  it.each(KINETICS)('%s', async (kinetics) => {
    const name = kinetics.replaceAll('-', '_');
    const found = await evaluateRows(
      device,
      {
        declarations: `struct Cell { VT: f32, phi: f32 }\n#import kinetics/${name}`,
        body: `let rates = ${name}_rates(input[0], Cell(${VT}, ${phi}));
          output = array(rates.alpha_m, rates.beta_m, rates.alpha_h, rates.beta_h, rates.alpha_n, rates.beta_n);`,
        inputs: 1,
        outputs: 6,
      },
      potentials.map((V) => [V]),
    );
    const rates: GateRates = { alphaM: 0, betaM: 0, alphaH: 0, betaH: 0, alphaN: 0, betaN: 0 };
    potentials.forEach((V, i) => {
      gateRates(kinetics, V, VT, phi, rates);
      const expected = [rates.alphaM, rates.betaM, rates.alphaH, rates.betaH, rates.alphaN, rates.betaN];
      expected.forEach((rate, k) => {
        // Over the sum of a gate's two rates: where one of them nearly vanishes its digits do not count.
        const both = expected[k - (k % 2)] + expected[k - (k % 2) + 1];
        const difference = Math.abs(found[6 * i + k] - rate) / both;
        expect(difference, `rate ${k} at ${V} mV`).toBeLessThan(RATE_TOLERANCE);
      });
    });
  });

  it('of the slow potassium current', async () => {
    const found = await evaluateRows(
      device,
      {
        declarations: '#import kinetics/slow_potassium',
        body: 'let slow = slow_potassium(input[0], 1.0 / 608.0); output = array(slow.x, slow.y);',
        inputs: 1,
        outputs: 2,
      },
      potentials.map((V) => [V]),
    );
    potentials.forEach((V, i) => {
      expect(Math.abs(found[2 * i] / pInfinity(V) - 1), `p at ${V} mV`).toBeLessThan(RATE_TOLERANCE);
      expect(Math.abs(found[2 * i + 1] * tauP(V, 608) - 1), `1/tau at ${V} mV`).toBeLessThan(RATE_TOLERANCE);
    });
  });
});

/** Relative: four times the largest that was measured, 2.5e-6 with lavapipe and with SwiftShader. */
const RATE_TOLERANCE = 1e-5;

describe('one step of a membrane', () => {
  const DT_MS = 0.025;
  const [E_EXCITATORY_mV, E_INHIBITORY_mV] = [0, -75];
  const DECAY = [Math.exp(-DT_MS / 2), Math.exp(-DT_MS / 6)];
  const CELLS: Record<string, CellType> = {
    squid: CELL_LIBRARY['hodgkin-huxley-1952'],
    pyramidal_with_m: CELL_LIBRARY['pyramidal-rs'],
    cobahh: CELL_LIBRARY['traub-miles'],
    interneuron: CELL_LIBRARY['pv-wang-buzsaki'],
  };
  const MODULE: Record<Integrator, string> = {
    'exponential-euler': 'membrane/exponential_euler',
    'exponential-euler-simultaneous': 'membrane/exponential_euler_simultaneous',
    rk4: 'membrane/rk4',
  };
  const constantsOf = (name: string) => ({
    cell: CELLS[name],
    dtMs: DT_MS,
    reversal_mV: Float64Array.of(E_EXCITATORY_mV, E_INHIBITORY_mV),
    decay: Float64Array.from(DECAY),
    halfDecay: Float64Array.from(DECAY, Math.sqrt),
  });

  /** V, m, h, n, p, two conductances (mS/cm2) and a current along 50 ms of a spiking cell, whose input goes up and down. */
  function statesOf(name: string): number[][] {
    const { V, m, h, n, p } = steadyState(CELLS[name], -65);
    const membrane = { V, m, h, n, p, I: 0, g: new Float64Array(2) };
    return Array.from({ length: 2000 }, (_, k) => {
      membrane.I = 8 + 6 * Math.sin(k / 300);
      membrane.g[0] = 0.2 * (1 + Math.sin(k / 41));
      membrane.g[1] = 0.3 * (1 + Math.cos(k / 67));
      const state = [membrane.V, membrane.m, membrane.h, membrane.n, membrane.p, ...membrane.g, membrane.I];
      ADVANCE.rk4(membrane, constantsOf(name));
      return state.map(Math.fround);
    });
  }

  it.each(INTEGRATORS)('%s, every kind of cell, against float64', async (integrator) => {
    const names = Object.keys(CELLS);
    const rows = names.flatMap((name, c) => statesOf(name).map((state) => [...state, c]));
    const cellFields = ['gNa', 'gK', 'gM', 'gL', 'ENa', 'EK', 'EL', 'VT', 'phi', 'rate_max_M', 'dt_over_C'];
    const cellOf = (c: CellType) =>
      [
        c.gNa_mS_cm2,
        c.gK_mS_cm2,
        c.gM_mS_cm2,
        c.gL_mS_cm2,
        c.ENa_mV,
        c.EK_mV,
        c.EL_mV,
        c.VT_mV,
        c.phi,
        1 / c.tauMaxM_ms,
        DT_MS / c.C_uF_cm2,
      ].join(', ');
    const variants = Object.fromEntries(
      names.map((name) => [name, CELLS[name].kinetics.replaceAll('-', '_')]),
    );
    const input = (g: (r: number) => string) =>
      `SynapticInput(${g(0)} + ${g(1)}, ${g(0)} * f32(${E_EXCITATORY_mV}) + ${g(1)} * f32(${E_INHIBITORY_mV}))`;
    const found = await evaluateRows(
      device,
      {
        declarations: [
          `struct Cell { ${cellFields.map((field) => `${field}: f32`).join(', ')} }`,
          `const DT: f32 = ${DT_MS};`,
          '#import common/relaxation',
          '#import kinetics/slow_potassium',
          ...names.flatMap((name) => [
            `const ${name}_HAS_M_CURRENT = ${CELLS[name].gM_mS_cm2 > 0};`,
            `const ${name}_INSTANT_M = ${CELLS[name].kinetics === 'wang-buzsaki'};`,
            `#import kinetics/${variants[name]}`,
            `#import ${MODULE[integrator]} for ${name}`,
          ]),
        ].join('\n'),
        body: [
          'let s = Membrane(input[0], input[1], input[2], input[3], input[4]);',
          `let start = ${input((r) => `input[${5 + r}]`)};`,
          `let half = ${input((r) => `(input[${5 + r}] * f32(${Math.sqrt(DECAY[r])}))`)};`,
          `let full = ${input((r) => `(input[${5 + r}] * f32(${DECAY[r]}))`)};`,
          'var next = s;',
          ...names.map(
            (name, c) =>
              `if (input[8] == ${c}.0) { next = ${name}_advance(s, Cell(${cellOf(CELLS[name])}), start, half, full, input[7]); }`,
          ),
          'output = array(next.V, next.m, next.h, next.n, next.p);',
        ].join('\n  '),
        inputs: 9,
        outputs: 5,
        link: { variants },
      },
      rows,
    );
    rows.forEach(([V, m, h, n, p, gE, gI, I, c], row) => {
      const membrane = { V, m, h, n, p, I, g: Float64Array.of(gE, gI) };
      ADVANCE[integrator](membrane, constantsOf(names[c]));
      const expected = [membrane.V, membrane.m, membrane.h, membrane.n, membrane.p];
      expected.forEach((value, i) => {
        const difference = Math.abs(found[5 * row + i] - value);
        const tolerance = i === 0 ? STEP_TOLERANCE.V_mV : STEP_TOLERANCE.gate;
        expect(difference, `${names[c]}, ${'Vmhnp'[i]} of state ${row}`).toBeLessThan(tolerance);
      });
    });
  });
});

/**
 * Four times the largest that was measured with lavapipe and SwiftShader, whatever the integrator: 2.9e-5 mV, 1.8e-6 of an
 * instantaneous m (2e-7 of other gates).
 */
const STEP_TOLERANCE = { V_mV: 1.2e-4, gate: 8e-6 };
