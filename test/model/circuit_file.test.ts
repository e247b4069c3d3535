import { describe, expect, test } from 'vitest';
import { libraryCellData } from '../../src/mechanism/library.js';
import { circuitJsonSchema, resolveCircuit } from '../../src/model/circuit_file.js';
import { parseOverride } from '../../src/model/circuit_overrides.js';
import { CircuitError, type CircuitIssue } from '../../src/text/circuit_error.js';

const VALID = `name: pair
simulation: { duration_ms: 100, transient_ms: 10 }
receptors:
  AMPA: { tau_ms: 3, reversal_mV: 0, sign: excitatory }
populations:
  E: { cell: pyramidal-rs, neurons: 4 }
projections:
  - from: E
    to: E
    receptor: AMPA
    connector: { kind: fixed-probability, probability: 0.5 }
    weight_nS: 1
    delay_ms: 1.5
stimuli:
  - { kind: poisson, to: E, receptor: AMPA, rate_hz: 100, weight_nS: 1 }
`;

function issuesOf(text: string, set: readonly string[] = []): readonly CircuitIssue[] {
  try {
    resolveCircuit(text, { source: 'pair.yaml', overrides: set.map(parseOverride) });
  } catch (error) {
    if (error instanceof CircuitError) return error.issues;
    throw error;
  }
  return [];
}

/** The only issue of VALID with `from` replaced by `to`. */
function issueOf(from: string, to: string): CircuitIssue {
  expect(VALID).toContain(from);
  const issues = issuesOf(VALID.replace(from, to));
  expect(issues).toHaveLength(1);
  return issues[0];
}

describe('a valid circuit', () => {
  test('gets every default and its cell types spelled out', () => {
    const circuit = resolveCircuit(VALID);
    expect(circuit.simulation).toEqual({
      duration_ms: 100,
      transient_ms: 10,
      dt_ms: 0.025,
      seed: 42,
      integrator: 'exponential-euler',
      temperature_C: 36,
    });
    expect(circuit.cellTypes).toEqual({ 'pyramidal-rs': libraryCellData('pyramidal-rs') });
    expect(circuit.projections[0].connector).toEqual({
      kind: 'fixed-probability',
      probability: 0.5,
      autapses: false,
    });
  });

  test('resolves to itself', () => {
    const circuit = resolveCircuit(VALID);
    expect(resolveCircuit(circuit)).toEqual(circuit);
    expect(resolveCircuit(JSON.stringify(circuit, null, 2))).toEqual(circuit);
  });

  test('may name its JSON Schema for editors', () => {
    expect(resolveCircuit(`$schema: circuit.schema.json\n${VALID}`)).toEqual(resolveCircuit(VALID));
  });

  test('may derive a cell type from the library', () => {
    const text = VALID.replace('cell: pyramidal-rs', 'cell: slow').concat(
      'cellTypes: { slow: { base: pyramidal-rs, membrane: { m: { g_mS_cm2: 0.2 } } } }\n',
    );
    const cell = libraryCellData('pyramidal-rs')!;
    cell.membrane.m.g_mS_cm2 = 0.2;
    expect(resolveCircuit(text).cellTypes.slow).toEqual(cell);
  });

  test('given as an object is not changed', () => {
    const input = {
      name: 'one',
      populations: { E: { cell: 'slow', neurons: 1 } },
      cellTypes: { slow: { base: 'sst-lts' } },
    } as const;
    const before = structuredClone(input);
    resolveCircuit(input, { overrides: [parseOverride('populations.E.neurons=9')] });
    expect(input).toEqual(before);
  });
});

describe('overrides', () => {
  test('set numbers, text and structures, also where the file has nothing', () => {
    const circuit = resolveCircuit(VALID, {
      overrides: [
        'simulation.dt_ms=0.05',
        'projections.0.weight_nS={ distribution: lognormal, mean: 1, sigma: 0.8 }',
        'recording.sampleRate_hz=500',
        'cellTypes.pyramidal-rs.membrane.na.g_mS_cm2=60',
      ].map(parseOverride),
    });
    expect(circuit.simulation.dt_ms).toBe(0.05);
    expect(circuit.projections[0].weight_nS).toEqual({ distribution: 'lognormal', mean: 1, sigma: 0.8 });
    expect(circuit.recording.sampleRate_hz).toBe(500);
    const cell = libraryCellData('pyramidal-rs')!;
    cell.membrane.na.g_mS_cm2 = 60;
    expect(circuit.cellTypes['pyramidal-rs']).toEqual(cell);
  });

  test('reach names that contain dots', () => {
    const text = VALID.replaceAll('E:', 'L2.E:').replaceAll(/(from|to): E/g, '$1: L2.E');
    expect(
      resolveCircuit(text, { overrides: [parseOverride('populations.L2.E.neurons=7')] }).populations['L2.E']
        .neurons,
    ).toBe(7);
  });

  test.each([
    ['simulation.dt_ms=-1', 'simulation.dt_ms', 'above 0'],
    ['simulation.dt=0.05', 'simulation.dt', 'did you mean "dt_ms"?'],
    ['populations.F.neurons=3', 'populations.F.cell', 'missing'],
    ['projections.3.weight_nS=1', 'projections.3.weight_nS', 'from 0 to 0; got "3"'],
    ['recording.traces.0.population=E', 'recording.traces.0.population', 'empty list'],
    ['name.x=1', 'name.x', 'has no parts'],
    ['__proto__.x=1', '__proto__.x', 'not a key'],
  ])('%s is refused at its path', (assignment, path, words) => {
    const [issue] = issuesOf(VALID, [assignment]);
    expect(issue).toMatchObject({ path, source: `--set ${assignment}`, line: null, column: null });
    expect(issue.message).toContain(words);
  });

  test('without "=" are refused', () => {
    expect(() => parseOverride('simulation.dt_ms')).toThrow('expected path=value');
  });
});

describe('each kind of bad input has file, line, column, path, value and what is allowed', () => {
  test.each([
    // biome-ignore format: one case a line
    ['unknown key', 'neurons: 4', 'neurons: 4, size: 3', 6, 'populations.E.size', 'unknown key "size"; allowed: cell, neurons, initial'],
    ['misspelt key', 'neurons: 4', 'nuerons: 4', 6, 'populations.E.nuerons', 'did you mean "neurons"?'],
    [
      'key without its unit',
      'duration_ms: 100',
      'duration: 100',
      2,
      'simulation.duration',
      'did you mean "duration_ms"?',
    ],
    [
      'key with another unit',
      'duration_ms: 100',
      'duration_s: 100',
      2,
      'simulation.duration_s',
      'did you mean "duration_ms"?',
    ],
    [
      'unit in the value',
      'duration_ms: 100',
      'duration_ms: 5.5s',
      2,
      'simulation.duration_ms',
      'got "5.5s": the unit belongs in the key',
    ],
    [
      'quoted number',
      'neurons: 4',
      'neurons: "4"',
      6,
      'populations.E.neurons',
      'from 1 to 268435456; got "4"',
    ],
    [
      'wrong type',
      'duration_ms: 100',
      'duration_ms: [1]',
      2,
      'simulation.duration_ms',
      'expected a number in ms, above 0, at most 1000000000; got [1]',
    ],
    [
      'not a number',
      'weight_nS: 1\n',
      'weight_nS: .nan\n',
      12,
      'projections.0.weight_nS',
      'at least 0, at most 1000000; got NaN',
    ],
    [
      'negative duration',
      'duration_ms: 100',
      'duration_ms: -5',
      2,
      'simulation.duration_ms',
      'above 0, at most 1000000000; got -5',
    ],
    [
      'duration 0',
      'duration_ms: 100',
      'duration_ms: 0',
      2,
      'simulation.duration_ms',
      'above 0, at most 1000000000; got 0',
    ],
    [
      'empty population',
      'neurons: 4',
      'neurons: 0',
      6,
      'populations.E.neurons',
      'from 1 to 268435456; got 0',
    ],
    [
      'fractional count',
      'neurons: 4',
      'neurons: 4.5',
      6,
      'populations.E.neurons',
      'whole number from 1 to 268435456; got 4.5',
    ],
    [
      'probability over 1',
      'probability: 0.5',
      'probability: 1.5',
      11,
      'projections.0.connector.probability',
      'at least 0, at most 1; got 1.5',
    ],
    [
      'unknown choice',
      'sign: excitatory',
      'sign: exitatory',
      4,
      'receptors.AMPA.sign',
      'expected excitatory or inhibitory; got "exitatory"; did you mean "excitatory"?',
    ],
    [
      'unknown connector',
      'kind: fixed-probability',
      'kind: fixed-prob',
      11,
      'projections.0.connector.kind',
      'got "fixed-prob"; did you mean "fixed-probability"?',
    ],
    [
      'key of another connector',
      'probability: 0.5',
      'probability: 0.5, inDegree: 3',
      11,
      'projections.0.connector.inDegree',
      'allowed: kind, probability, autapses',
    ],
    [
      'unknown distribution',
      'delay_ms: 1.5',
      'delay_ms: { distribution: gauss, mean: 1 }',
      13,
      'projections.0.delay_ms.distribution',
      'uniform, normal, lognormal; got "gauss"',
    ],
    [
      'part of a distribution',
      'delay_ms: 1.5',
      'delay_ms: { distribution: uniform, low: 1, high: 200 }',
      13,
      'projections.0.delay_ms.high',
      'at least 0, at most 100; got 200',
    ],
    [
      'negative delay',
      'delay_ms: 1.5',
      'delay_ms: -1',
      13,
      'projections.0.delay_ms',
      'at least 0, at most 100; got -1',
    ],
    [
      'missing value',
      ', neurons: 4',
      '',
      6,
      'populations.E.neurons',
      'whole number from 1 to 268435456; the value is missing',
    ],
    ['bad name', '  E: {', '  2E: {', 6, 'populations.2E', 'a name starts with a letter'],
    [
      'unknown cell',
      'cell: pyramidal-rs',
      'cell: pyramidal',
      6,
      'populations.E.cell',
      'no cell type is called "pyramidal"; did you mean "pyramidal-rs"?',
    ],
    [
      'unknown population',
      'to: E\n',
      'to: Ex\n',
      9,
      'projections.0.to',
      'no population is called "Ex"; did you mean "E"?',
    ],
    [
      'unknown receptor',
      'receptor: AMPA\n',
      'receptor: AMPAR\n',
      10,
      'projections.0.receptor',
      'no receptor is called "AMPAR"; did you mean "AMPA"?',
    ],
    [
      'unknown population of a stimulus',
      'poisson, to: E',
      'poisson, to: PV',
      15,
      'stimuli.0.to',
      'no population is called "PV"; allowed: E',
    ],
    ['syntax', 'name: pair', 'name: [pair', 2, '', 'syntax'],
    ['repeated key', 'name: pair', 'name: pair\nname: pair', 2, '', 'Map keys must be unique'],
  ])('%s', (_, from, to, line, path, words) => {
    const issue = from.startsWith('  E') ? issuesOf(VALID.replace(from, to))[0] : issueOf(from, to);
    expect(issue).toMatchObject({ source: 'pair.yaml', line, path });
    expect(issue.column).toBeGreaterThan(0);
    expect(issue.message).toContain(words);
  });

  test('a negative conductance and a misspelt base in a cell type', () => {
    const issues = issuesOf(
      `${VALID}cellTypes:\n  A: { base: pyramidal-rs, membrane: { na: { g_mS_cm2: -1 } } }\n  B:\n    base: piramidal-rs\n`,
    );
    expect(issues).toEqual([
      expect.objectContaining({
        path: 'cellTypes.A.membrane.na.g_mS_cm2',
        line: 17,
        message: 'expected a number in mS/cm2, at least 0, at most 10000; got -1',
      }),
      expect.objectContaining({
        path: 'cellTypes.B.base',
        line: 19,
        column: 11,
        message: 'no cell of the library is called "piramidal-rs"; did you mean "pyramidal-rs"?',
      }),
    ]);
  });

  test('a key without its unit is reported once, not also as missing', () => {
    const text = `${VALID}cellTypes:\n  A:\n    C: 1\n    area_um2: 1000\n    membrane: { leak: { mechanism: leak, g_mS_cm2: 0.1, E_mV: -65 } }\n`;
    expect(issuesOf(text).map((issue) => issue.message)).toEqual([
      'unknown key "C"; did you mean "C_uF_cm2"?',
    ]);
  });

  test('a parameter that a mechanism does not have, and a mechanism that there is none of', () => {
    const changed = (membrane: string) =>
      issuesOf(`${VALID}cellTypes:\n  A:\n    base: pyramidal-rs\n    membrane:\n      ${membrane}\n`);
    expect(changed('na: { VT: -60 }')).toEqual([
      expect.objectContaining({
        path: 'cellTypes.A.membrane.na.VT',
        line: 20,
        message: '"na-traub-miles" has no parameter "VT"; did you mean "VT_mV"?',
      }),
    ]);
    expect(changed('h: { mechanism: h-curent, g_mS_cm2: 0.01 }')[0].message).toBe(
      'no mechanism is called "h-curent"; did you mean "h-current"?',
    );
  });

  test('what schema nce-circuit/1 said, with what to write now', () => {
    const old = `${VALID}cellTypes:\n  A:\n    base: pyramidal-rs\n    gM_mS_cm2: 0.1\n`;
    expect(issuesOf(old)).toEqual([
      expect.objectContaining({
        path: 'cellTypes.A.gM_mS_cm2',
        line: 19,
        message:
          '"gM_mS_cm2" is of schema nce-circuit/1; a cell is now a list of mechanisms: write membrane.m.g_mS_cm2',
      }),
    ]);
    expect(issuesOf(`schema: nce-circuit/1\n${VALID}`)[0].message).toMatch(
      /^nce-circuit\/1 is no longer read: write nce-circuit\/2;/,
    );
  });

  test('all issues come at once, in the order of the file, one line each', () => {
    const text = VALID.replace('neurons: 4', 'neurons: 0').replace('duration_ms: 100', 'duration_ms: 0');
    expect(() => resolveCircuit(text, { source: 'pair.yaml' })).toThrow(
      'pair.yaml:2:28 simulation.duration_ms: expected a number in ms, above 0, at most 1000000000; got 0\n' +
        'pair.yaml:6:37 populations.E.neurons: expected a whole number from 1 to 268435456; got 0',
    );
  });

  test('a name with control characters is refused with its place, and shown without them', () => {
    for (const [written, name] of [
      ['"E\\e[31m"', 'E\\u001b[31m'],
      ['"E\\n"', 'E\\n'],
      ['E\u009b', 'E\\u009b'],
    ])
      expect(() =>
        resolveCircuit(VALID.replace('  E: {', `  ${written}: {`), { source: 'pair.yaml' }),
      ).toThrow(
        `pair.yaml:6:3 populations.${name}: a name starts with a letter and has letters, digits, "_", "-" or "."`,
      );
  });

  test('aliases that expand to far more than the text are a syntax error; those that save typing are not', () => {
    const doubled = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
    const long = `a: &a ${'y'.repeat(1_000_000)}\nb: [${'*a, '.repeat(50)}]\n`;
    const flow = 'x={ a: &a [1, 1], b: &b [*a, *a], c: [*b, *b] }';
    for (const text of [`name: x\na0: &a0 [1]\n${doubled.join('\n')}\n`, `name: x\n${long}`])
      expect(() => resolveCircuit(text)).toThrow(
        /^1:1 syntax: its aliases repeat too much; write the values out$/,
      );
    expect(parseOverride(flow).value).toHaveProperty('c.1.1.1', 1);
    const wide = `x={ a0: &a0 [1]${Array.from({ length: 20 }, (_, i) => `, a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('')} }`;
    expect(() => parseOverride(wide)).toThrow(/its aliases repeat too much/);
    const [e, pv] = ['E', 'PV'].map((name) => `  ${name}: { cell: pyramidal-rs, neurons: 4, initial: `);
    const shared = `name: x\npopulations:\n${e}&start { V_mV: -60 } }\n${pv}*start }\n`;
    expect(resolveCircuit(shared).populations.PV.initial).toMatchObject({ V_mV: -60 });
  });

  test('a text nested deeply, or with an anchor that contains itself, is a syntax error', () => {
    for (const text of ['['.repeat(5000), '- '.repeat(3000), 'name: '.concat('{a: '.repeat(3000))])
      expect(() => resolveCircuit(text)).toThrow(CircuitError);
    const circular = 'name: x\npopulations: &a { E: *a }\n';
    expect(() => resolveCircuit(circular)).toThrow(CircuitError);
    expect(() => parseOverride('stimuli.0.rate_hz=&a [*a]')).toThrow(
      /the value is not YAML: an anchor contains itself/,
    );
  });

  test.each(['', '- a\n', '42'])('%j is not a circuit', (text) => {
    expect(issuesOf(text)[0]).toMatchObject({
      path: '',
      line: 1,
      column: 1,
      message: expect.stringContaining('expected a circuit'),
    });
  });
});

test('the JSON Schema knows every key with its range', () => {
  const schema = JSON.parse(JSON.stringify(circuitJsonSchema()));
  expect(schema.required).toEqual(['name', 'populations']);
  expect(schema.additionalProperties).toBe(false);
  expect(schema.properties.simulation.properties.dt_ms).toMatchObject({
    exclusiveMinimum: 0,
    maximum: 1,
    default: 0.025,
  });
  expect(JSON.stringify(schema.properties.cellTypes)).toContain('pyramidal-rs');
});
