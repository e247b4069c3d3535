import { describe, expect, test } from 'vitest';
import { includesOfNeuroml, readNeuroml } from '../../../src/io/neuroml/read_neuroml.js';
import { buildCell } from '../../../src/mechanism/build_cell.js';
import { Equilibrium } from '../../../src/mechanism/equilibrium.js';
import { mechanismOf, neuroml } from './documents.js';

const CHANNELS = `
  <ionChannelPassive id="pas" conductance="10pS"/>
  <ionChannelHH id="ca" conductance="20pS" species="ca">
    <gateHHtauInf id="m" instances="2">
      <timeCourse type="fixedTimeCourse" tau="3ms"/>
      <steadyState type="HHSigmoidVariable" rate="1" midpoint="-20mV" scale="7mV"/>
    </gateHHtauInf>
  </ionChannelHH>`;

const POINT = '<proximal x="0" y="0" z="0" diameter="20"/><distal x="0" y="0" z="0" diameter="20"/>';

interface Parts {
  readonly points?: string;
  readonly groups?: string;
  readonly membrane?: string;
  readonly inside?: string;
  readonly around?: string;
}

const cellOf = ({ points = POINT, groups = '', membrane = '', inside = '', around = '' }: Parts): string =>
  neuroml(
    CHANNELS,
    around,
    '<cell id="c"><notes>A cell\n of one compartment</notes><morphology id="m">',
    `<segment id="0" name="soma">${points}</segment>${groups}</morphology>`,
    `<biophysicalProperties id="b"><membraneProperties>${membrane}`,
    '<spikeThresh value="-10mV"/><specificCapacitance value="0.9 uF_per_cm2"/><initMembPotential value="-70mV"/>',
    `</membraneProperties><intracellularProperties><resistivity value="0.1 kohm_cm"/>${inside}</intracellularProperties>`,
    '</biophysicalProperties></cell>',
  );
const LEAK =
  '<channelDensity id="leak" ionChannel="pas" condDensity="0.3 mS_per_cm2" erev="-65mV" ion="non_specific"/>';

const read = (parts: Parts) => readNeuroml(cellOf(parts), 'c.nml');

/** Current densities at V with the states settled, by name, uA/cm2. */
function currents(parts: Parts, V: number, names: readonly string[]): number[] {
  const { cellTypes, mechanisms } = read(parts);
  const checked = new Map(Object.entries(mechanisms).map(([id, data]) => [id, mechanismOf(data)]));
  const { cell, problems } = buildCell('c', cellTypes.c, checked);
  if (!cell) throw new Error(JSON.stringify(problems));
  const equilibrium = new Equilibrium(cell, names);
  equilibrium.at(V);
  return names.map((name) => equilibrium.valueOf(name));
}
const openAt = (V: number) => (1 / (1 + Math.exp(-(V + 20) / 7))) ** 2;

describe('cells of one segment', () => {
  test('capacitance, threshold, conductances and reversal potentials', () => {
    const { cellTypes, notes } = read({ membrane: LEAK });
    expect(cellTypes.c).toEqual({
      about: 'A cell of one compartment',
      C_uF_cm2: 0.9,
      area_um2: expect.closeTo(Math.PI * 20 ** 2, 8),
      spikeThreshold_mV: -10,
      refractory_ms: 0,
      ions: {},
      membrane: { leak: { mechanism: 'pas', g_mS_cm2: 0.3, E_mV: -65 } },
    });
    expect(notes.map(({ message }) => message)).toEqual([
      'c: starts at -70mV in NeuroML, which is no part of a cell; give it where the cell is used',
    ]);
  });

  test.each([
    ['a sphere', POINT, Math.PI * 400],
    [
      'a cylinder',
      '<proximal x="0" y="0" z="0" diameter="10"/><distal x="3" y="4" z="12" diameter="10"/>',
      Math.PI * 10 * 13,
    ],
    [
      'a cone',
      '<proximal x="0" y="0" z="0" diameter="10"/><distal x="12" y="0" z="0" diameter="20"/>',
      Math.PI * 15 * 13,
    ],
  ])('the membrane of %s', (_, points, area) => {
    expect(read({ membrane: LEAK, points }).cellTypes.c.area_um2).toBeCloseTo(area, 6);
  });

  test('the unit of a density does not matter', () => {
    for (const density of ['0.3 mS_per_cm2', '3 S_per_m2', '3e-4S_per_cm2'])
      expect(
        read({ membrane: LEAK.replace('0.3 mS_per_cm2', density) }).cellTypes.c.membrane.leak.g_mS_cm2,
      ).toBe(0.3);
  });

  test('a density on a group without the segment is left out, with a note', () => {
    const groups =
      '<segmentGroup id="soma"><member segment="0"/></segmentGroup><segmentGroup id="all_of"><include segmentGroup="soma"/></segmentGroup><segmentGroup id="dendrite"/>';
    const on = (group: string) => LEAK.replace('/>', ` segmentGroup="${group}"/>`);
    const { cellTypes, notes } = read({
      groups,
      membrane: on('all_of') + on('dendrite').replace('"leak"', '"l2"'),
    });
    expect(Object.keys(cellTypes.c.membrane)).toEqual(['leak']);
    expect(notes[0].message).toBe('c: left out, the segment group "dendrite" holds no segment');
  });

  test('morphology and biophysical properties may stand on their own', () => {
    const text = cellOf({ membrane: LEAK })
      .replace('<cell id="c">', '')
      .replace('<notes>A cell\n of one compartment</notes>', '')
      .replace('</cell>', '<cell id="c" morphology="m" biophysicalProperties="b"/>');
    expect(readNeuroml(text, null).cellTypes.c).toEqual({
      ...read({ membrane: LEAK }).cellTypes.c,
      about: undefined,
    });
  });

  test('a second pool of calcium is not the calcium of the cell', () => {
    const density = '<channelDensity id="x" ionChannel="pas" condDensity="1 S_per_m2" erev="0mV" ion="ION"/>';
    const ionOf = (ion: string) =>
      Object.values(read({ membrane: density.replace('ION', ion) }).mechanisms)[0].channel;
    expect(['ca', 'Ca2+', 'ca2', 'k', 'na+', 'hcn'].map(ionOf)).toEqual([
      'Ca',
      'Ca',
      'nonspecific',
      'K',
      'Na',
      'nonspecific',
    ]);
  });

  test('channelPopulation: a number of channels over the area', () => {
    const { membrane } = read({
      membrane: '<channelPopulation id="p" ionChannel="ca" number="3000" erev="100mV" ion="ca"/>',
    }).cellTypes.c;
    // 3000 * 20 pS over 4 pi 10^2 um2.
    expect(membrane.p.g_mS_cm2).toBeCloseTo((3000 * 20e-9) / (400 * Math.PI * 1e-8), 9);
  });

  test('channelDensityVShift sets what formulas of the channel read', () => {
    const around = `<ionChannelHH id="shifted" conductance="10pS" species="k"><gateHHInstantaneous id="n" instances="1">
        <steadyState type="inf"/></gateHHInstantaneous></ionChannelHH>
      <ComponentType name="inf" extends="baseVoltageDepVariable"><Constant name="MV" dimension="voltage" value="1mV"/>
        <Requirement name="vShift" dimension="voltage"/>
        <Dynamics><DerivedVariable name="x" exposure="x" dimension="none" value="1/(1 + exp(0 - (v - vShift)/(10*MV)))"/></Dynamics>
      </ComponentType>`;
    const density = (shift: string) =>
      `<channelDensityVShift id="k" ionChannel="shifted" condDensity="2 mS_per_cm2" erev="-90mV" vShift="${shift}" ion="k"/>`;
    for (const shift of [0, 5]) {
      const [current] = currents({ around, membrane: density(`${shift}mV`) }, -50, ['k.I']);
      expect(current).toBeCloseTo((2 * (-50 + 90)) / (1 + Math.exp((50 + shift) / 10)), 9);
    }
  });
});

describe('calcium', () => {
  const species =
    '<species id="ca" ion="ca" concentrationModel="pool" initialConcentration="5e-8 mol_per_cm3" initialExtConcentration="2 mM"/>';
  const pool =
    '<decayingPoolConcentrationModel id="pool" ion="ca" restingConc="5e-5 mM" decayConstant="20ms" shellThickness="0.1um"/>';
  const nernst = '<channelDensityNernst id="ca1" ionChannel="ca" condDensity="1 mS_per_cm2" ion="ca"/>';
  const FARADAY = 96485.33212;
  /** RT / 2F at 36 degrees C, mV. */
  const half = (8.31446261815324 * 309.15 * 1e3) / (2 * FARADAY);

  test('a shell that decays, and the potential of Nernst', () => {
    const [current, calcium] = currents({ around: pool, inside: species, membrane: nernst }, -40, [
      'ca1.I',
      'Ca_in',
    ]);
    const volumeOverArea_cm = (((4 / 3) * Math.PI * (10 ** 3 - 9.9 ** 3)) / (400 * Math.PI)) * 1e-4;
    // mM from uA/cm2: 1 uA is 1e-6 C/s.
    const settled = 5e-5 - (current * 1e-6 * 20e-3 * 1e6) / (2 * FARADAY * volumeOverArea_cm);
    expect(calcium / settled).toBeCloseTo(1, 8);
    expect(current).toBeCloseTo(openAt(-40) * (-40 - half * Math.log(2 / calcium)), 9);
  });

  test('fixedFactorConcentrationModel, and that of Traub', () => {
    const settled = (around: string) => {
      const [current, calcium] = currents({ around, inside: species, membrane: nernst }, -40, [
        'ca1.I',
        'Ca_in',
      ]);
      return (calcium - 5e-5) / -current;
    };
    const fixed =
      '<fixedFactorConcentrationModel id="pool" ion="ca" restingConc="5e-5 mM" decayConstant="20ms" rho="3e-6 mol_per_cm_per_uA_per_ms"/>';
    // umol/(cm uA ms)
    expect(settled(fixed)).toBeCloseTo(3e-6 * 1e6 * 20, 6);
    const traub =
      '<fixedFactorConcentrationModelTraub id="pool" species="ca" restingConc="5e-5 mM" beta="0.05per_ms" phi="3e3 mol_per_cm_per_uA_per_ms"/>';
    expect(settled(traub)).toBeCloseTo(3e3 * 1e-9 * 1e6 * 20, 6);
  });

  test('a concentration model of the document', () => {
    const around = `<ComponentType name="hay" extends="concentrationModel">
        <Parameter name="gamma" dimension="none"/><Parameter name="minCai" dimension="concentration"/>
        <Parameter name="decay" dimension="time"/><Parameter name="depth" dimension="length"/>
        <Constant name="Faraday" dimension="charge_per_mole" value="96485.33212C_per_mol"/>
        <Requirement name="iCa" dimension="current"/>
        <Text name="species"/>
        <Dynamics>
          <StateVariable name="concentration" exposure="concentration" dimension="concentration"/>
          <StateVariable name="extConcentration" exposure="extConcentration" dimension="concentration"/>
          <DerivedVariable name="currDensCa" dimension="currentDensity" value="iCa / surfaceArea"/>
          <TimeDerivative variable="concentration" value="(currDensCa * gamma/(2 * Faraday * depth)) - ((concentration - minCai) / decay)"/>
          <OnStart><StateAssignment variable="concentration" value="initialConcentration"/></OnStart>
        </Dynamics>
      </ComponentType>
      <concentrationModel id="pool" type="hay" ion="ca" gamma="0.05" minCai="1e-4 mM" decay="80 ms" depth="0.1 um"/>`;
    const [current, calcium] = currents({ around, inside: species, membrane: nernst }, -30, [
      'ca1.I',
      'Ca_in',
    ]);
    const settled = 1e-4 - (current * 1e-6 * 0.05 * 80e-3 * 1e6) / (2 * FARADAY * 1e-5);
    expect(calcium / settled).toBeCloseTo(1, 8);
    // A model of a density does not depend on the area of the cell, any other does.
    const pool = read({ around, inside: species, membrane: nernst });
    expect(pool.cellTypes.c.membrane.ca).toEqual({ mechanism: 'pool' });
    const ofArea = {
      around: around.replace('iCa / surfaceArea', '(iCa) / (surfaceArea + 0)'),
      inside: species,
      membrane: nernst,
    };
    expect(read(ofArea).cellTypes.c.membrane.ca.surfaceArea_um2).toBeCloseTo(400 * Math.PI, 6);
    const [, same] = currents(ofArea, -30, ['ca1.I', 'Ca_in']);
    expect(same / calcium).toBeCloseTo(1, 9);
  });

  test('channelDensityGHK', () => {
    const membrane = '<channelDensityGHK id="ca1" ionChannel="ca" permeability="2e-4 cm_per_s" ion="ca"/>';
    const [current, calcium] = currents({ around: pool, inside: species, membrane }, -35, ['ca1.I', 'Ca_in']);
    const xi = -35 / half;
    const flow = (xi * (calcium - 2 * Math.exp(-xi))) / -Math.expm1(-xi);
    // P z F xi (mM): cm/s C/mol umol/cm3 is 1e-6 A/cm2, 1 uA/cm2.
    expect(current / (2e-4 * openAt(-35) * 2 * FARADAY * flow)).toBeCloseTo(1, 9);
  });

  test('channelDensityGHK2', () => {
    const membrane = '<channelDensityGHK2 id="ca1" ionChannel="ca" condDensity="0.4 mS_per_cm2" ion="ca"/>';
    for (const V of [-35, 0]) {
      const [current, calcium] = currents({ around: pool, inside: species, membrane }, V, ['ca1.I', 'Ca_in']);
      const thermal = (25 * 309.15) / (2 * 293.15);
      const x = V / thermal;
      const factor = V === 0 ? 1 : x / Math.expm1(x);
      const expected = -0.4 * openAt(V) * thermal * (1 - (calcium / 2) * Math.exp(x)) * factor;
      expect(current / expected).toBeCloseTo(1, 6);
    }
  });

  test('the temperature of the network is that of its cells', () => {
    const network = '<network id="n" type="networkWithTemperature" temperature="6.3 degC"/>';
    const { cellTypes, notes } = read({ around: pool + network, inside: species, membrane: nernst });
    expect(cellTypes.c.temperature_C).toBe(6.3);
    expect(notes.map(({ message }) => message)).toContain('<network> left out');
  });
});

describe('several files', () => {
  const channels = neuroml(CHANNELS, '<include href="deeper/more.nml"/>', '<include href="../cell.nml"/>');
  const cell = cellOf({ membrane: LEAK }).replace(CHANNELS, '<include href="channels/ca.nml"/>');
  const files = new Map([
    ['channels/ca.nml', channels],
    ['channels/deeper/more.nml', neuroml('<include href="../ca.nml"/>')],
    ['cell.nml', cell],
  ]);

  test('a cell has its channels from files that it includes, once each and only those that it uses', () => {
    const { mechanisms, cellTypes } = readNeuroml(cell, 'a/cell.nml', files);
    expect(Object.keys(mechanisms)).toEqual(['pas']);
    expect(Object.keys(cellTypes)).toEqual(['c']);
    expect(includesOfNeuroml(channels)).toEqual(['deeper/more.nml', '../cell.nml']);
  });

  test('an error in an included file names that file', () => {
    const broken = new Map(files).set('channels/ca.nml', channels.replace('tau="3ms"', 'tau="3mV"'));
    const text = cell.replace(
      LEAK,
      `${LEAK}<channelDensityNernst id="x" ionChannel="ca" condDensity="1 S_per_m2" ion="ca"/>`,
    );
    expect(() => readNeuroml(text, 'a/cell.nml', broken)).toThrow(
      'a/channels/ca.nml:6:47 tau is in ms; got "3mV"',
    );
  });

  test('files of the web and those of NeuroML itself are not asked for', () => {
    const text =
      '<include href="https://x.org/a.nml"/><Include file="Cells.xml"/><include href="/etc/a.nml"/>';
    expect(includesOfNeuroml(text)).toEqual([]);
  });

  test('a network gives the cells that it includes, at its temperature', () => {
    const network = neuroml(
      '<include href="cell.nml"/><network id="n" type="networkWithTemperature" temperature="300K"/>',
    );
    const { cellTypes } = readNeuroml(network, 'a/net.nml', files);
    expect(cellTypes.c.temperature_C).toBeCloseTo(26.85, 9);
  });

  test('a missing file is named where something of it is needed', () => {
    expect(() => readNeuroml(cell, 'a/cell.nml')).toThrow(
      'a/cell.nml:7:51 no ion channel is called "pas" here; add the file that defines it',
    );
  });
});
