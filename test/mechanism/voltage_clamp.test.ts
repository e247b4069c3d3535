import { describe, expect, test } from 'vitest';
import { libraryCells, libraryMechanisms } from '../../src/mechanism/library.js';
import { parseMechanismFile } from '../../src/mechanism/mechanism_file.js';
import { clampCell } from '../../src/mechanism/voltage_clamp.js';
import { referenceCell } from './reference_run.js';

const linoid = (x: number): number => (Math.abs(x) < 1e-12 ? 1 : x / Math.expm1(x));
/** Rates of Hodgkin and Huxley 1952, per ms. */
const RATES = {
  m: (V: number) => [linoid(-(V + 40) / 10), 4 * Math.exp(-(V + 65) / 18)],
  h: (V: number) => [0.07 * Math.exp(-(V + 65) / 20), 1 / (1 + Math.exp(-(V + 35) / 10))],
  n: (V: number) => [0.1 * linoid(-(V + 55) / 10), 0.125 * Math.exp(-(V + 65) / 80)],
};
/** A gate a time after V went from one potential to another, in closed form. */
function gate(kind: keyof typeof RATES, from: number, to: number, ms: number): number {
  const [a0, b0] = RATES[kind](from);
  const [a, b] = RATES[kind](to);
  return a / (a + b) + (a0 / (a0 + b0) - a / (a + b)) * Math.exp(-ms * (a + b));
}

const SEVERAL = `
mechanisms:
  both:
    parameters: { gK_mS_cm2: 36, gCa_mS_cm2: 0.1, gLeak_mS_cm2: 0.3, eLeak_mV: -54.387 }
    currents: { K: gK*n^4*(V - E_K), Ca: gCa*(V - E_Ca), nonspecific: gLeak*(V - eLeak) }
    states: { n: { alpha: 0.01*(V+55)/(1-exp(-(V+55)/10)), beta: 0.125*exp(-(V+65)/80) } }
  ca: { channel: Ca, open: 1 }
cellTypes:
  together:
    C_uF_cm2: 1
    area_um2: 1000
    ions: { K: { E_mV: -77 }, Ca: { E_mV: 50 } }
    membrane:
      all: { mechanism: both }
      pool: { mechanism: ca-pool }
      ahp: { mechanism: k-ahp, g_mS_cm2: 1, tau_ms: 1 }
  apart:
    C_uF_cm2: 1
    area_um2: 1000
    ions: { K: { E_mV: -77 }, Ca: { E_mV: 50 } }
    membrane:
      k: { mechanism: k-hh52, g_mS_cm2: 36 }
      ca: { mechanism: ca, g_mS_cm2: 0.1 }
      leak: { mechanism: leak, g_mS_cm2: 0.3, E_mV: -54.387 }
      pool: { mechanism: ca-pool }
      ahp: { mechanism: k-ahp, g_mS_cm2: 1, tau_ms: 1 }
`;

describe('voltage clamp', () => {
  // -40 mV is a removable singularity of alpha_m.
  test.each([-100, -40, 0, 40])('the squid axon stepped to %d mV follows the closed form', (level_mV) => {
    const cell = libraryCells().get('hodgkin-huxley-1952')!;
    const protocol = { hold_mV: -80, level_mV, onMs: 5, offMs: 15, durationMs: 20 };
    const { timesMs, total, currents } = clampCell(cell, protocol, 0.05);
    for (const timeMs of [5, 5.5, 8, 14.9]) {
      const k = timesMs.findIndex((t) => Math.abs(t - timeMs) < 1e-9);
      const [m, h, n] = (['m', 'h', 'n'] as const).map((kind) => gate(kind, -80, level_mV, timeMs - 5));
      const expected = {
        na: 120 * m ** 3 * h * (level_mV - 50),
        k: 36 * n ** 4 * (level_mV + 77),
        leak: 0.3 * (level_mV + 54.387),
      };
      for (const [label, value] of Object.entries(expected))
        expect(
          Math.abs((currents.get(label)?.[k] ?? Number.NaN) - value),
          `${label} at ${timeMs} ms`,
        ).toBeLessThan(1e-7 * (1 + Math.abs(value)));
      const sum = Object.values(expected).reduce((a, b) => a + b);
      expect(Math.abs(total[k] - sum)).toBeLessThan(1e-7 * (1 + Math.abs(sum)));
    }
    // Before the step and long after it, at the potential held.
    expect(total[0]).toBeCloseTo(total[99], 9);
  });

  test('one mechanism with the currents of several ions is their sum, and each reaches its own pool', () => {
    const cells = parseMechanismFile(SEVERAL, 'several.yaml', libraryMechanisms()).cells;
    const protocol = { hold_mV: -80, level_mV: -10, onMs: 1, offMs: 5, durationMs: 6 };
    const [together, apart] = ['together', 'apart'].map((name) =>
      clampCell(cells.get(name)!, protocol, 0.05),
    );
    together.total.forEach((current, i) => {
      expect(Math.abs(current - apart.total[i])).toBeLessThan(1e-9 * (1 + Math.abs(current)));
    });
    // 0.1 mS/cm2 over 60 mV fill the pool and open the channel that reads it.
    const dependent = together.currents.get('ahp')!;
    expect(dependent[99]).toBeGreaterThan(10 * dependent[0]);
    expect(Math.abs(dependent[99] - apart.currents.get('ahp')![99])).toBeLessThan(1e-9 * dependent[99]);
  });

  test('an instantaneous gate at its singularity', () => {
    const cell = libraryCells().get('pv-wang-buzsaki')!;
    const run = (level_mV: number) =>
      clampCell(cell, { hold_mV: -80, level_mV, onMs: 1, offMs: 3, durationMs: 4 }, 0.05).total[40];
    expect(Math.abs(run(-35) - (run(-35.001) + run(-34.999)) / 2)).toBeLessThan(1e-6);
  });

  test('calcium that a current brings in changes its reversal potential', () => {
    const cell = referenceCell('pospischil-lts');
    const protocol = { hold_mV: -100, level_mV: -50, onMs: 5, offMs: 60, durationMs: 60 };
    const [coarse, fine] = [0.1, 0.05].map((dtMs) => {
      const { currents } = clampCell(cell, protocol, dtMs);
      return Math.min(...(currents.get('t') ?? []));
    });
    expect(fine).toBeLessThan(0);
    expect(Math.abs(coarse / fine - 1)).toBeLessThan(0.01);
  });
});
