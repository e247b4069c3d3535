import { describe, expect, test } from 'vitest';
import { cellsDocument, lemsDocument } from '../../../src/io/neuroml/cells_document.js';
import { readNeuroml } from '../../../src/io/neuroml/read_neuroml.js';
import { writeCell } from '../../../src/io/neuroml/write_cell.js';
import { buildCell, type Mechanisms } from '../../../src/mechanism/build_cell.js';
import { type CellData, cellSchema } from '../../../src/mechanism/cell_schema.js';
import { Equilibrium } from '../../../src/mechanism/equilibrium.js';
import { LIBRARY_CELLS, LIBRARY_MECHANISMS, libraryCellData } from '../../../src/mechanism/library.js';
import { bothOf, checkMechanisms } from '../../../src/mechanism/mechanism_file.js';
import { mechanismSchema } from '../../../src/mechanism/mechanism_schema.js';

const TEMPERATURE_C = 30;

/** The current through a cell's membrane and its calcium with everything settled, uA/cm2 and mM. */
function settled(data: CellData, mechanisms: Mechanisms, V: number): { current: number; calcium: number } {
  const { cell, problems } = buildCell('cell', data, mechanisms, TEMPERATURE_C);
  if (!cell) throw new Error(JSON.stringify(problems));
  const equilibrium = new Equilibrium(cell, cell.formulas.has('Ca_in') ? ['Ca_in'] : []);
  const current = equilibrium.currentAt(V);
  return { current, calcium: cell.formulas.has('Ca_in') ? equilibrium.valueOf('Ca_in') : 0 };
}

function written(data: CellData, mechanisms: Mechanisms = LIBRARY_MECHANISMS) {
  const cell = writeCell(data, mechanisms, { id: 'cell', start_mV: -65, temperature_C: TEMPERATURE_C });
  const lems = lemsDocument([cell]);
  const text = [...cellsDocument('document', [cell], lems && 'pools.xml')].join('\n');
  const beside = new Map(lems ? [['pools.xml', [...lems].join('\n')]] : []);
  return { text, beside };
}

/** Requires a cell, written and read back, to have the same currents and calcium at all potentials. */
function expectSame(data: CellData, mechanisms: Mechanisms = LIBRARY_MECHANISMS): string {
  const { text, beside } = written(data, mechanisms);
  const back = readNeuroml(text, 'cells.nml', beside);
  const read = checkMechanisms(back.mechanisms).mechanisms;
  expect(back.cellTypes.cell.area_um2).toBeCloseTo(data.area_um2, 5);
  expect(back.cellTypes.cell.C_uF_cm2).toBe(data.C_uF_cm2);
  expect(back.cellTypes.cell.spikeThreshold_mV).toBe(data.spikeThreshold_mV);
  for (const V of [-90.1, -65.2, -40.3, -10.4, 20.5]) {
    const [before, after] = [settled(data, mechanisms, V), settled(back.cellTypes.cell, read, V)];
    expect(after.current / before.current, `current at ${V}`).toBeCloseTo(1, 9);
    if (before.calcium > 0) expect(after.calcium / before.calcium, `calcium at ${V}`).toBeCloseTo(1, 9);
  }
  return text;
}

const cellOf = (cell: object): CellData => cellSchema.parse({ C_uF_cm2: 1, area_um2: 20_000, ...cell });
const own = (mechanisms: Record<string, object>): Mechanisms =>
  bothOf(
    checkMechanisms(
      Object.fromEntries(
        Object.entries(mechanisms).map(([name, data]) => [name, mechanismSchema.parse(data)]),
      ),
    ).mechanisms,
    LIBRARY_MECHANISMS,
  );
const leak = { mechanism: 'leak', g_mS_cm2: 0.05, E_mV: -70 };

describe('cells that are written and read back have the same currents', () => {
  test.each(LIBRARY_CELLS)('%s', (name) => {
    expectSame(libraryCellData(name)!);
  });

  test('calcium with a pool that NeuroML defines, and the potential of Nernst', () => {
    const mechanisms = own({
      pool: {
        pool: 'Ca',
        parameters: { depth_um: 0.3, rest_mM: 1e-4, tau_ms: 40 },
        states: { Ca_in: { rate: '-I_Ca/(2*F*depth) - (Ca_in - rest)/tau', start: 'rest' } },
      },
    });
    const text = expectSame(
      cellOf({
        ions: { K: { E_mV: -90 }, Ca: { out_mM: 2 } },
        membrane: {
          leak,
          ca: { mechanism: 'ca-high', g_mS_cm2: 0.1 },
          'k-ahp': { mechanism: 'k-ahp', g_mS_cm2: 0.3, half_mM: 1e-3 },
          pool: { mechanism: 'pool', tau_ms: 20 },
        },
      }),
      mechanisms,
    );
    expect(text).toContain(
      '<channelDensityNernst id="ca" ionChannel="cell_ca" ion="ca" condDensity="0.1mS_per_cm2"/>',
    );
    expect(text).toContain('decayConstant="20ms"');
    expect(text).toContain('<channelDensity id="k_ahp"');
  });

  test('a pool of another formula goes into a file of LEMS', () => {
    const data = cellOf({
      ions: { Ca: { out_mM: 2 } },
      membrane: { leak, ca: { mechanism: 'ca-high', g_mS_cm2: 0.1 }, pool: { mechanism: 'ca-pool' } },
    });
    expect(expectSame(data)).toContain('<include href="pools.xml"/>');
    expect([...written(data).beside.keys()]).toEqual(['pools.xml']);
  });

  test("the currents of Goldman's form, with permeability and with conductance", () => {
    const text = expectSame(
      cellOf({
        ions: { Ca: { out_mM: 2, in_mM: 1e-4 } },
        membrane: {
          leak,
          ghk: { mechanism: 'ghk', P_cm_s: 3e-5 },
          ghk2: { mechanism: 'ghk2', g_mS_cm2: 0.02 },
          pool: { mechanism: 'ca-pool' },
        },
      }),
      own({
        ghk: {
          channel: 'Ca',
          parameters: { P_cm_s: 1e-4 },
          let: { xi: '2*F*V/(R*(celsius + 273.15))' },
          current: 'P*s^2*4*F^2*V/(R*(celsius + 273.15))*(Ca_in - Ca_out*exp(-xi))/(1 - exp(-xi))',
          states: { s: { is: '1/(1+exp(-(V+57)/6.2))' } },
        },
        ghk2: {
          channel: 'Ca',
          let: { h: '25 mV*(celsius + 273.15)/(2*293.15 K)' },
          current: '-0.5*g*s*h*(1 - Ca_in/Ca_out*exp(V/h))*(V/h)/(exp(V/h) - 1)',
          states: { s: { inf: '1/(1+exp(-(V+30)/7))', tau: '2' } },
        },
      }),
    );
    expect(text).toContain('permeability="0.00003cm_per_s"');
    expect(text).toContain(
      '<channelDensityGHK2 id="ghk2" ionChannel="cell_ghk2" ion="ca" condDensity="0.01mS_per_cm2"/>',
    );
  });

  test('a factor of the open share is in the density, the potential of an ion without a pool a number', () => {
    const text = expectSame(
      cellOf({
        ions: { K: { in_mM: 140, out_mM: 3 } },
        membrane: { half: { mechanism: 'half', g_mS_cm2: 3 } },
      }),
      own({
        half: { channel: 'K', open: '0.5*n', states: { n: { inf: '1/(1+exp(-(V+30)/7))', tau: '2' } } },
      }),
    );
    const nernst = ((8.31446261815324 * 303.15) / 96485.33212) * 1e3 * Math.log(3 / 140);
    expect(text).toContain(`condDensity="1.5mS_per_cm2" erev="${Number(nernst.toPrecision(12))}mV"`);
  });

  test('currents that are said whole, as imported ones are', () => {
    const states = { n: { inf: '1/(1+exp(-(V+30)/7))', tau: '2' } };
    const text = expectSame(
      cellOf({
        ions: { K: { E_mV: -90 }, Ca: { out_mM: 2 } },
        membrane: {
          whole: { mechanism: 'whole', gbar_S_cm2: 0.02 },
          pas: { mechanism: 'pas', e_mV: -67 },
          half: { mechanism: 'half', g_mS_cm2: 2, E_mV: -50 },
          ca: { mechanism: 'ca' },
          pool: { mechanism: 'ca-pool' },
        },
      }),
      own({
        whole: {
          channel: 'K',
          parameters: { gbar_S_cm2: 0.01 },
          current: 'gbar*n^4*(V - E_K)*(1 + 0.01*V/(1 mV))',
          states,
        },
        pas: { channel: 'nonspecific', parameters: { g_S_cm2: 1e-4, e_mV: -70 }, current: '2*g*(V - e)' },
        half: { channel: 'nonspecific', current: '0.5*g*(E - V)*(-1)' },
        ca: { channel: 'Ca', current: '0.1 mS/cm2*n^2*(V - E_Ca)', states },
      }),
    );
    const densities = [...text.matchAll(/<channelDensity\w* id="(\w+)".* condDensity="([^"]*)"(.*)\/>/g)];
    expect(densities.map(([, id, density, erev]) => `${id} ${density}${erev}`)).toEqual([
      'whole 0.2mS_per_cm2 erev="-90mV"',
      'pas 0.2mS_per_cm2 erev="-67mV"',
      'half 1mS_per_cm2 erev="-50mV"',
      'ca 0.1mS_per_cm2',
    ]);
  });

  test('a temperature of its own is worked into the formulas', () => {
    const data = cellOf({
      temperature_C: 10,
      ions: { Ca: { E_mV: 120 } },
      membrane: { leak, t: { mechanism: 't-current', g_mS_cm2: 1 } },
    });
    expect(expectSame(data)).not.toContain('q10Settings');
    expect(expectSame({ ...data, temperature_C: TEMPERATURE_C })).toContain('q10Settings');
  });
});

describe('what NeuroML has no form for is refused', () => {
  test('a current of another form, a pool of another ion, a temperature beside that of the network', () => {
    const mechanisms = own({
      pump: { channel: 'Na', current: '1 uA/cm2 * Na_in/(10 mM + Na_in)' },
      sodium: { pool: 'Na', states: { Na_in: { rate: '(10 mM - Na_in)/(100 ms)', start: '10 mM' } } },
    });
    const write = (cell: object) => () => written(cellOf(cell), mechanisms);
    expect(write({ membrane: { pump: { mechanism: 'pump' } } })).toThrow(
      "pump: its current is neither g open (V - E) nor calcium's of Goldman's form",
    );
    expect(write({ membrane: { sodium: { mechanism: 'sodium' } } })).toThrow(
      'sodium: a pool of NeuroML is of calcium alone',
    );
    expect(
      write({
        temperature_C: 10,
        ions: { Ca: { out_mM: 2 } },
        membrane: { ca: { mechanism: 'ca-high', g_mS_cm2: 1 }, pool: { mechanism: 'ca-pool' } },
      }),
    ).toThrow('E_Ca depends on the temperature');
  });
});
