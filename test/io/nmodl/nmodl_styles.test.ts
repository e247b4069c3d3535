import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mechanismYaml } from '../../../src/io/mechanism_yaml.js';
import { readNmodl } from '../../../src/io/nmodl/read_nmodl.js';
import type { CellModel } from '../../../src/mechanism/cell_model.js';
import { libraryMechanisms } from '../../../src/mechanism/library.js';
import { parseMechanismFile } from '../../../src/mechanism/mechanism_file.js';
import { clampCell } from '../../../src/mechanism/voltage_clamp.js';

/** Files of every style that ModelDB has, by what they compute: the numbers are worked out here from the files' formulas. */

const modText = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
const includes = new Map([['shared.inc', modText('shared.inc')]]);
const read = (file: string) => readNmodl(modText(file), file, includes);

const FARADAY = 96485.33212;
const GAS = 8.31446261815324;

/** A cell with the mechanism of a file alone, through the text that is written of it. */
function cellOf(file: string, ions: object = {}, temperature_C = 6.3, membrane: object = {}): CellModel {
  const { name, mechanism } = read(file);
  const text = mechanismYaml(
    { [name]: mechanism },
    {
      x: {
        C_uF_cm2: 1,
        area_um2: 1000,
        temperature_C,
        spikeThreshold_mV: -20,
        ions,
        membrane: { it: { mechanism: name }, ...membrane },
      } as never,
    },
  );
  return parseMechanismFile(text, `${name}.yaml`, libraryMechanisms()).cells.get('x')!;
}

/** Current after so many ms at a level, from the steady state at -80 mV, in mA/cm2. */
function currentAfter(cell: CellModel, level_mV: number, ms: number): number {
  const { total } = clampCell(
    cell,
    { hold_mV: -80, level_mV, onMs: 0, offMs: ms + 1, durationMs: ms + 1 },
    0.01,
  );
  return total[Math.round(ms / 0.01)] / 1000;
}

/** A gate some ms after the step from -80 mV. */
const relaxed = (inf: (V: number) => number, tau: (V: number) => number, V: number, ms: number): number =>
  inf(V) + (inf(-80) - inf(V)) * Math.exp(-ms / tau(V));

const close = (value: number, expected: number, share = 1e-8): void =>
  expect(Math.abs(value / expected - 1), `${value} should be ${expected}`).toBeLessThan(share);

const LEVELS = [-101.3, -47.1, -12.7, 31.9];
const quotient = (x: number, y: number): number => x / (Math.exp(x / y) - 1);
/** Rates of Hodgkin and Huxley 1952. */
const HH = {
  m: (V: number) => [0.1 * quotient(-(V + 40), 10), 4 * Math.exp(-(V + 65) / 18)],
  h: (V: number) => [0.07 * Math.exp(-(V + 65) / 20), 1 / (Math.exp(-(V + 35) / 10) + 1)],
};
const gate = (rates: (V: number) => number[], V: number, ms: number, faster = 1): number =>
  relaxed(
    (v) => rates(v)[0] / (rates(v)[0] + rates(v)[1]),
    (v) => 1 / (rates(v)[0] + rates(v)[1]) / faster,
    V,
    ms,
  );

describe('a file of NMODL gives the currents that its formulas say', () => {
  test.each(LEVELS)('steps written out, with tables and Exp, at %d mV', (V) => {
    const faster = 3 ** ((16.3 - 6.3) / 10);
    const expected = 0.12 * gate(HH.m, V, 2, faster) ** 3 * gate(HH.h, V, 2, faster) * (V - 50);
    close(currentAfter(cellOf('old_steps.mod', { Na: { E_mV: 50 } }, 16.3), V, 2), expected);
  });

  test.each(LEVELS)('the current of Goldman, Hodgkin and Katz at %d mV', (V) => {
    const z = (v: number) => (1e-3 * 2 * FARADAY * v) / (GAS * (34 + 273.15));
    const efun = (x: number) => x / (Math.exp(x) - 1);
    const ghk = 0.001 * 2 * FARADAY * (5e-4 * efun(-z(V)) - 2 * efun(z(V)));
    const m = relaxed(
      (v) => 1 / (1 + Math.exp(-(v + 20) / 7)),
      () => 5,
      V,
      3,
    );
    const cell = cellOf('ghk.mod', { Ca: { in_mM: 5e-4, out_mM: 2 } }, 34);
    close(currentAfter(cell, V, 3), 2e-4 * m ** 2 * ghk);
  });

  test.each(LEVELS)('gates in arrays, shifted potentials and three currents at %d mV', (V) => {
    const rates = {
      m: (v: number) => [(0.1 * (v + 45)) / (1 - Math.exp(-(v + 45) / 10)), 4 * Math.exp(-(v + 70) / 18)],
      n: (v: number) => [0.125 * Math.exp(-(v + 70) / 80), 1 / (1 + Math.exp(-(v + 40) / 10))],
    };
    const [m, n] = [gate(rates.m, V, 0.5, 2), gate(rates.n, V, 0.5, 2)];
    const expected = 0.1 * m ** 3 * (V - 50) + 0.03 * n ** 4 * (V + 77) + 0.0003 * (V + 54);
    close(currentAfter(cellOf('arrays.mod', { Na: { E_mV: 50 }, K: { E_mV: -77 } }), V, 0.5), expected);
  });

  test.each(LEVELS)('units that do not agree, at %d mV', (V) => {
    const inf = (v: number) => 1 / (1 + Math.exp(0.2 * (v + 80)));
    const l = relaxed(inf, (v) => 2 + 6.4 + Math.exp(v / 20), V, 4);
    const p = 1 / (1 + Math.exp((V + 80) / 9));
    close(currentAfter(cellOf('mixed_units.mod'), V, 4), 0.001 * l * p * (V + 30));
  });

  test.each(LEVELS)('an included file, and a conductance in mS/cm2, at %d mV', (V) => {
    const n = relaxed(
      (v) => 1 / (1 + Math.exp(-(v + 30) / 6)),
      () => 10,
      V,
      5,
    );
    close(currentAfter(cellOf('including.mod', { K: { E_mV: -90 } }), V, 5), 0.001 * n * (V + 90));
  });

  test.each([-47.1, 11.9])('a kinetic scheme and a gate of two states at %d mV', (V) => {
    const [a, b] = [0.5 * Math.exp((V + 20) / 15), 0.2 * Math.exp(-(V + 20) / 15)];
    // Two equal subunits: the open share is the square of one's.
    const open = (a / (a + b)) ** 2;
    const free = 0.01 / (0.01 + 0.002 * Math.exp(V / 40));
    const settled = clampCell(
      cellOf('scheme.mod', { K: { E_mV: -77 } }),
      { hold_mV: V, level_mV: V, onMs: 0, offMs: 1, durationMs: 1 },
      0.5,
    ).total[0];
    close(settled / 1000, 1e-4 * 50 * open * free * (V + 77), 1e-6);
  });

  test('a pool fills as its equation says', () => {
    // 2 uA/cm2 of inward current: d[Ca]/dt = 10000 * 0.002 * 0.05 / (2 F 0.1), mM/ms.
    const { name, mechanism } = read('pool.mod');
    const text = mechanismYaml({
      [name]: mechanism,
      in: { channel: 'Ca', current: '-2 uA/cm2', parameters: {}, let: {}, states: {}, reference: [] },
      out: {
        channel: 'K',
        current: 'Ca_in*1 uA/cm2/mM',
        parameters: {},
        let: {},
        states: {},
        reference: [],
      },
    });
    const cell = parseMechanismFile(
      `${text}cellTypes:\n  x:\n    C_uF_cm2: 1\n    area_um2: 1000\n    ions: { K: { E_mV: -90 }, Ca: { E_mV: 100 } }\n    membrane: { p: { mechanism: ${name} }, i: { mechanism: in }, o: { mechanism: out } }\n`,
      'pool.yaml',
    ).cells.get('x')!;
    const protocol = { hold_mV: -70, level_mV: -70, onMs: 0, offMs: 1, durationMs: 1 };
    const concentration = clampCell(cell, protocol, 0.5).currents.get('o')![0];
    const filling = (10000 * 0.002 * 0.05) / (2 * FARADAY * 0.1);
    close(concentration, 1e-4 + 80 * filling, 1e-6);
  });
});

describe('what is written can be read by people', () => {
  test.each([
    ['pool.mod', 'Ca_in: { rate: -(I_Ca*gamma/(2*F*depth)) - (Ca_in - rest)/decay, start: rest }'],
    ['scheme.mod', 'current: gbar*o*free*(V - E_K)'],
    ['scheme.mod', '- "c1 <-> c2 : 2*a, b"'],
    ['scheme.mod', 'parameters: { gbar_pS_um2: 50 }'],
    ['ghk.mod', 'let: { z: 2*F*V/(R*(celsius + 273.15)) }'],
    ['old_steps.mod', 'm: { inf: alpha/sum, tau: 1/(q10*sum) }'],
    ['including.mod', 'current: gbar*n*(V - E_K)'],
    ['mixed_units.mod', 'tau: 1 ms*(taumin/(1 ms) + (vhalf/(1 mV))^2/1000 + exp(V/(1 mV)/20))'],
  ])('%s: %s', (file, line) => {
    const { name, mechanism } = read(file);
    expect(mechanismYaml({ [name]: mechanism })).toContain(line);
  });

  test('what is left out or assumed is listed with its line', () => {
    expect(read('old_steps.mod').notes.map(({ line, message }) => `${line} ${message}`)).toEqual([
      "19 celsius = 6.3 is not taken over: it is the cell's temperature",
      "22 ena = 50 is not taken over: it is the cell's",
      '23 the parameter unused is not used',
      '39 UNITSOFF is ignored',
      '49 m is advanced by its equation, not by this statement',
      '50 h is advanced by its equation, not by this statement',
      '58 TABLE is ignored: rates are computed, not looked up',
      '74 a value beside a division by zero, or a cut-off, is left out: quotients take their limit there',
      '82 a value beside a division by zero, or a cut-off, is left out: quotients take their limit there',
    ]);
    expect(read('mixed_units.mod').notes.map(({ line }) => line)).toEqual([34, 37]);
    expect(read('including.mod').notes).toEqual([
      { line: 13, message: 'n starts at 0 in NEURON; here states start at their steady state' },
    ]);
  });
});
