import { expect, test } from 'vitest';
import { afterEdit, type MechanismUse, NO_EDITS, usesOf, withoutEdits } from '../../demo/mechanisms/edits.js';
import { textOfUse, withParameters } from '../../demo/mechanisms/mechanism_text.js';
import { type Reading, readMechanism } from '../../demo/mechanisms/reading.js';
import { LinkError, linkOf, parseLink } from '../../demo/state/link.js';
import { basisOf, circuitOf, initialState } from '../../demo/state/page_state.js';
import { type CircuitFile, circuitCells, resolveCircuit } from '../../src/index.js';
import { clampCell } from '../../src/mechanism/voltage_clamp.js';

const { circuit } = basisOf('cortical-gamma');
const K: MechanismUse = { cell: 'pyramidal-rs', label: 'k', mechanism: 'k-traub-miles' };
const SST_K: MechanismUse = { cell: 'sst-lts', label: 'k', mechanism: 'k-traub-miles' };
const TEXT = textOfUse(circuit, NO_EDITS, K);

const read = (text: string, use = K, of = circuit): Reading => readMechanism({ text, use, circuit: of });
const edited = (text: string, edits = NO_EDITS, use = K) => {
  const before = read(textOfUse(circuit, edits, use), use).data!;
  const { data, issues } = read(text, use);
  expect(issues).toEqual([]);
  return afterEdit(circuit, edits, use, before, text, data!);
};
const circuitWith = (edits: typeof NO_EDITS) => circuitOf({ ...initialState('cortical-gamma'), edits });

test('a mechanism is shown with the numbers of its membrane, the rest as the library writes it', () => {
  expect(usesOf(circuit)).toContainEqual(K);
  expect(TEXT).toMatch(/^mechanisms:\n {2}k-traub-miles:\n {4}about: .*\n/);
  expect(TEXT).toContain('parameters: { VT_mV: -56.2 }');
  expect(textOfUse(circuit, NO_EDITS, SST_K)).toContain('parameters: { VT_mV: -50 }');
  expect(TEXT).not.toContain('reference');
  const commented = TEXT.replace('open: n^4', 'open: n^4 # of four particles');
  expect(withParameters(commented, 'k-traub-miles', () => -40)).toBe(commented.replace('-56.2', '-40'));
});

test('another number is a value of one membrane, and the circuit has no mechanism of its own', () => {
  const edits = edited(TEXT.replace('-56.2', '-52.5'));
  expect(edits).toEqual({ mechanisms: {}, parameters: { 'pyramidal-rs.k.VT_mV': -52.5 } });
  const plain = circuitWith(NO_EDITS);
  const changed = circuitWith(edits);
  expect(changed.cellTypes['pyramidal-rs'].membrane.k.VT_mV).toBe(-52.5);
  expect({
    ...changed,
    cellTypes: { ...changed.cellTypes, 'pyramidal-rs': plain.cellTypes['pyramidal-rs'] },
  }).toEqual(plain);
  expect(edited(textOfUse(circuit, edits, K).replace('-52.5', '-56.2'), edits)).toEqual(NO_EDITS);
});

test('other formulas make a mechanism of the circuit, for every membrane that has it, each with its numbers', () => {
  const text = TEXT.replace('parameters: { VT_mV: -56.2 }', 'parameters: { VT_mV: -58, slower: 2 }').replace(
    'alpha: 0.032*',
    'alpha: 1/slower * 0.032*',
  );
  const edits = edited(text);
  expect(edits.mechanisms).toEqual({ 'k-traub-miles': text });
  expect(edits.parameters).toEqual({ 'pyramidal-rs.k.VT_mV': -58 });
  const changed = circuitWith(edits);
  expect(Object.keys(changed.mechanisms)).toEqual(['k-traub-miles']);
  expect(changed.cellTypes['pyramidal-rs'].membrane.k).toMatchObject({ VT_mV: -58, slower: 2 });
  expect(changed.cellTypes['sst-lts'].membrane.k).toMatchObject({ VT_mV: -50, slower: 2 });
  // What is downloaded is the circuit with its own mechanism.
  expect(resolveCircuit(changed as CircuitFile)).toEqual(changed);

  const withNumber = edited(textOfUse(circuit, edits, SST_K).replace('slower: 2', 'slower: 3'), edits, SST_K);
  expect(withNumber.mechanisms).toBe(edits.mechanisms);
  expect(withNumber.parameters).toEqual({ 'pyramidal-rs.k.VT_mV': -58, 'sst-lts.k.slower': 3 });
  expect(withoutEdits(circuit, withNumber, 'k-traub-miles')).toEqual(NO_EDITS);

  const without = edited(TEXT.replace(/ *parameters:.*\n/, '').replaceAll('+VT', '-56.2'), withNumber);
  expect(circuitWith(without).cellTypes['sst-lts'].membrane.k).toEqual({
    mechanism: 'k-traub-miles',
    g_mS_cm2: circuit.cellTypes['sst-lts'].membrane.k.g_mS_cm2,
  });
});

test('a link holds edited mechanisms, and one that is wrong is refused', () => {
  const edits = edited(TEXT.replace('-56.2', '-52.5').replace('n^4', 'n^3 # "three" & 100 %'));
  const state = { ...initialState('cortical-gamma'), edits };
  expect(parseLink(`#${linkOf(state)}`)).toEqual(state);
  const link = (key: string, value: string) =>
    new URLSearchParams({ v: '1', preset: 'cortical-gamma', [key]: value }).toString();
  for (const [key, value, message] of [
    ['m.k-traub-miles', TEXT.replace('V+VT', 'v+VT'), /k-traub-miles:9:\d+ .*did you mean "V"/],
    [
      'm.k-traub-miles',
      TEXT.replace('k-traub-miles', 'other'),
      /expected the mechanism "k-traub-miles" alone/,
    ],
    ['m.k-traub-miles', '- '.repeat(200), /nested/],
    ['m.__proto__', TEXT, /unknown key/],
    ['m.a-current', TEXT, /unknown key "m\.a-current"/],
    ['p.pyramidal-rs.x.VT_mV', '1', /unknown key/],
    ['p.pyramidal-rs.k.mechanism', '1', /unknown key/],
    ['p.pyramidal-rs.k.VT_mV', '1e999', /allowed: a number/],
  ] as const) {
    expect(() => parseLink(link(key, value)), key).toThrow(LinkError);
    expect(() => parseLink(link(key, value)), key).toThrow(message);
  }
  // A parameter that the mechanism does not have is found with the circuit.
  const state2 = parseLink(link('p.pyramidal-rs.k.VX_mV', '1'))!;
  expect(() => circuitOf(state2)).toThrow(/"k-traub-miles" has no parameter "VX_mV"; did you mean "VT_mV"/);
});

test.each([
  ['a name', TEXT.replace('(10-V', '(10-v'), 9, /nothing is called "v"; did you mean "V"/, 'v'],
  ['a key', TEXT.replace('channel', 'chanel'), 5, /unknown key "chanel"; did you mean "channel"/, null],
  ['a unit', TEXT.replace('open: n^4', 'open: n^4 * VT'), 7, /pure number/, 'n^4 * VT'],
  ['syntax', `${TEXT}  - x`, 10, /syntax/, null],
  ['another name', TEXT.replace('k-traub-miles', 'mine'), 1, /under its own name; got mine/, null],
])('what is wrong with %s has a line and a column', (_, text, line, message, part) => {
  const { issues, data } = read(text);
  expect(data).toBeNull();
  const issue = issues.find((found) => message.test(found.message));
  expect(issue?.line).toBe(line);
  if (part === null) return;
  const written = text.split('\n')[line - 1].slice(issue!.column! - 1);
  expect(written.startsWith(part)).toBe(true);
});

test('a cell that lacks what a mechanism needs is named', () => {
  const { issues } = read(TEXT.replace('channel: K', 'channel: Ca'));
  expect(issues[0]).toMatchObject({ line: null, source: 'the cell pyramidal-rs' });
  expect(issues[0].message).toMatch(/reversal potential of Ca is missing/);
});

test('curves are those of the mechanism in its cell, with the numbers of the text', () => {
  const { curves } = read(TEXT.replace('-56.2', '-50'));
  const { V_mV, states, current } = curves!;
  const i = V_mV.indexOf(-30);
  // Traub & Miles 1991 in the form of Pospischil et al. 2008, u = V - VT.
  const u = 20;
  const alpha = (0.032 * (15 - u)) / (Math.exp((15 - u) / 5) - 1);
  const beta = 0.5 * Math.exp((10 - u) / 40);
  const n = alpha / (alpha + beta);
  expect(states.map(({ name }) => name)).toEqual(['n']);
  expect(states[0].inf[i]).toBeCloseTo(n, 12);
  expect(states[0].tauMs![i]).toBeCloseTo(1 / (alpha + beta), 12);
  const { g_mS_cm2 } = circuit.cellTypes['pyramidal-rs'].membrane.k;
  expect(current!.steady[i]).toBeCloseTo((g_mS_cm2 as number) * n ** 4 * (-30 + 90), 9);
});

test('the peak current is that of a voltage clamp', () => {
  const use = { cell: 'pyramidal-rs', label: 'na', mechanism: 'na-traub-miles' };
  const { V_mV, current } = read(textOfUse(circuit, NO_EDITS, use), use).curves!;
  const cell = circuitCells(circuit).get('pyramidal-rs')!;
  for (const level_mV of [-40, 0]) {
    const protocol = { hold_mV: -90, level_mV, onMs: 0, offMs: 30, durationMs: 25 };
    const clamped = clampCell(cell, protocol, 0.01).currents.get('na')!;
    const peak = Math.min(...clamped);
    expect(Math.abs(current!.peak[V_mV.indexOf(level_mV)] / peak - 1)).toBeLessThan(0.02);
  }
});

test('a mechanism of the circuit itself is written as a text that reads back as it was', () => {
  const own = resolveCircuit({
    name: 'own',
    mechanisms: {
      mine: {
        channel: 'K',
        parameters: { half_mV: -30 },
        open: 'n',
        states: { n: { inf: '1/(1+exp(-(V-half)/9))', tau: 3 } },
      },
    },
    cellTypes: {
      c: { base: 'pyramidal-rs', membrane: { x: { mechanism: 'mine', g_mS_cm2: 1, half_mV: -20 } } },
    },
    populations: { P: { cell: 'c', neurons: 1 } },
  });
  const use = { cell: 'c', label: 'x', mechanism: 'mine' };
  const { data, curves } = read(textOfUse(own, NO_EDITS, use), use, own);
  expect(data).toEqual({ ...own.mechanisms.mine, parameters: { half_mV: -20 } });
  const { V_mV, states } = curves!;
  expect(states[0].inf[V_mV.indexOf(-20)]).toBeCloseTo(0.5, 12);
});

test('a state that follows at once has a curve, and a pool has its concentration and no current', () => {
  const use = { cell: 'pv-wang-buzsaki', label: 'na', mechanism: 'na-wang-buzsaki' };
  const { states } = read(textOfUse(circuit, NO_EDITS, use), use).curves!;
  expect(states.map(({ name, tauMs }) => [name, tauMs === null])).toEqual([
    ['m', true],
    ['h', false],
  ]);
  const withPool = resolveCircuit({
    name: 'pool',
    cellTypes: {
      c: {
        base: 'pyramidal-rs',
        ions: { Ca: { out_mM: 2 } },
        membrane: {
          t: { mechanism: 't-current', g_mS_cm2: 2 },
          ca: { mechanism: 'ca-pool' },
          ahp: { mechanism: 'k-ahp', g_mS_cm2: 1 },
        },
      },
    },
    populations: { P: { cell: 'c', neurons: 1 } },
  });
  const pool = { cell: 'c', label: 'ca', mechanism: 'ca-pool' };
  const { curves } = read(textOfUse(withPool, NO_EDITS, pool), pool, withPool);
  expect(curves!.current).toBeNull();
  const [Ca] = curves!.states;
  expect(Ca).toMatchObject({ name: 'Ca_in', unit: 'mM' });
  // At rest where nothing flows, above where the T current's window is.
  expect(Ca.inf[0]).toBeCloseTo(2.4e-4, 6);
  expect(Math.max(...Ca.inf)).toBeGreaterThan(1.2 * 2.4e-4);
});
