import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withLights } from '../../demo/experiments/light.js';
import { LARGEST_FILE_bytes, openCircuitFiles } from '../../demo/state/opened_circuit.js';
import { basisOf, circuitOf } from '../../demo/state/page_state.js';
import { PageFailure } from '../../demo/view/failures.js';
import { type CircuitFile, PRESETS, resolveCircuit } from '../../src/index.js';

const open = (content: string | Uint8Array<ArrayBuffer>, name = 'a.yaml') =>
  openCircuitFiles([new File([content], name)]);

async function refusal(content: string | Uint8Array<ArrayBuffer>): Promise<PageFailure> {
  const error = await open(content).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(PageFailure);
  expect((error as PageFailure).kind).toBe('circuit-file');
  return error as PageFailure;
}

const withNeurons = (neurons: number, inDegree: number): string =>
  JSON.stringify({
    name: 'large',
    receptors: { r: { tau_ms: 5, reversal_mV: 0, sign: 'excitatory' } },
    populations: { E: { cell: 'pyramidal-rs', neurons } },
    projections: [
      {
        from: 'E',
        to: 'E',
        receptor: 'r',
        connector: { kind: 'fixed-in-degree', inDegree, autapses: false },
        weight_nS: 1,
        delay_ms: 1,
      },
    ],
  });

const ALIAS_BOMB = Array.from('bcdefghi', (letter, i) => {
  const before = `*${'abcdefgh'[i]},`;
  return `${letter}: &${letter} [${before.repeat(9)}]`;
}).join('\n');

test.each([
  ['nothing', '', /expected a circuit/],
  ['an open bracket', '{', /syntax/],
  ['words', 'just text', /expected a circuit/],
  ['a list', '- 1\n- 2', /expected a circuit/],
  [
    'an unknown key',
    'name: x\npopulations: {E: {cell: pyramidal-rs, neurons: 10, size: 3}}',
    /populations\.E\.size/,
  ],
  [
    'an unknown cell',
    'name: x\npopulations: {E: {cell: nothing, neurons: 10}}',
    /a\.yaml:2:\d+ populations\.E\.cell/,
  ],
  ['too many neurons', withNeurons(300_000, 1), /300000 neurons in all; the page accepts at most/],
  ['too many synapses', withNeurons(100_000, 1000), /100000000 synapses in all; the page accepts at most/],
  [
    'too many bytes',
    `name: x\ndescription: ${'a'.repeat(LARGEST_FILE_bytes)}`,
    /bytes; at most 2000000 are allowed/,
  ],
  ['a million brackets', '['.repeat(1_000_000), /a\.yaml:1:101 syntax: nested more than 100 levels deep/],
  ['a million dashes', '- '.repeat(900_000), /nested more than 100 levels deep/],
  ['aliases of aliases', `a: &a [1,1,1,1,1,1,1,1,1]\n${ALIAS_BOMB}`, /alias/i],
])('a file with %s is refused with the reason', async (_, text, reason) => {
  const failure = await refusal(text);
  expect(failure.what).toBe('a.yaml cannot be opened.');
  expect(failure.detail).toMatch(reason);
});

test('a long list of problems is shortened, and says so', async () => {
  const populations = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`P${i}`, { cell: 'none', neurons: 1 }]),
  );
  const { detail } = await refusal(JSON.stringify({ name: 'x', populations }));
  expect(detail.split('\n')).toHaveLength(13);
  expect(detail).toContain('and 28 more');
});

test('no file makes the opening fail in another way than with its own message', async () => {
  const valid = JSON.stringify(PRESETS.ping);
  const hostile = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes)),
    fc.json({ maxDepth: 4 }),
    fc
      .tuple(fc.nat(valid.length - 1), fc.string({ maxLength: 5 }))
      .map(([at, text]) => valid.slice(0, at) + text + valid.slice(at + text.length)),
  );
  await fc.assert(
    fc.asyncProperty(hostile, async (content) => {
      try {
        circuitOf((await open(content)).state);
      } catch (error) {
        expect(error).toBeInstanceOf(PageFailure);
      }
    }),
    { numRuns: 300 },
  );
});

/** Valid circuits with the values at the ends of what circuits may say. */
const ODD: Record<string, CircuitFile> = {
  'silent stimuli': {
    name: 'silent',
    receptors: { r: { tau_ms: 0.2, reversal_mV: 0, sign: 'excitatory' } },
    populations: {
      A: { cell: 'pyramidal-rs', neurons: 2 },
      constructor: { cell: 'pv-wang-buzsaki', neurons: 1 },
    },
    projections: [
      {
        from: 'A',
        to: 'constructor',
        receptor: 'r',
        connector: { kind: 'list', pairs: [[0, 0]] },
        weight_nS: 0,
        delay_ms: 50,
      },
      {
        from: 'A',
        to: 'A',
        receptor: 'r',
        connector: { kind: 'list', pairs: [[0, 1]] },
        weight_nS: 1,
        delay_ms: 0.1,
      },
    ],
    stimuli: [
      { kind: 'poisson', to: 'A', receptor: 'r', rate_hz: 0, weight_nS: 1 },
      { kind: 'constant-current', to: 'A', amplitude_uA_cm2: 0 },
      { kind: 'step-current', to: 'A', amplitude_uA_cm2: -3 },
      { kind: 'ornstein-uhlenbeck-current', to: 'A', mean_uA_cm2: -2, sd_uA_cm2: 0, tau_ms: 5 },
    ],
  },
  'a light of its own': {
    name: 'lit',
    populations: { A: { cell: 'pyramidal-rs', neurons: 2 } },
    stimuli: [{ kind: 'constant-current', to: 'A', amplitude_uA_cm2: -4 }],
  },
};

test.each(Object.keys(ODD))(
  'every experiment of a circuit with %s has a range around its value',
  async (name) => {
    const { state } = await open(JSON.stringify(ODD[name]), `${name}.json`);
    const { experiments } = basisOf(state.preset);
    expect(experiments.length).toBeGreaterThan(1);
    for (const { id, low, high, step, initial } of experiments) {
      expect(step, id).toBeGreaterThan(0);
      expect(low, id).toBeLessThan(high);
      expect(initial, id).toBeGreaterThanOrEqual(low);
      expect(initial, id).toBeLessThanOrEqual(high);
      for (const value of [low, high]) circuitOf({ ...state, settings: { [id]: value } });
    }
  },
);

const MOD = `NEURON { SUFFIX km USEION k READ ek WRITE ik RANGE gbar }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { gbar = 0.0001 (S/cm2) }
STATE { m }
ASSIGNED { v (mV) ek (mV) ik (mA/cm2) minf mtau (ms) }
BREAKPOINT { SOLVE states METHOD cnexp ik = gbar*m*(v-ek) }
DERIVATIVE states { rates(v) m' = (minf-m)/mtau }
INITIAL { rates(v) m = minf }
PROCEDURE rates(v (mV)) { minf = 1/(1+exp(-(v+35)/10)) mtau = 608/(3.3*exp((v+35)/20)+exp(-(v+35)/20)) }
`;
const IMPORTING = `name: importing
import: [channels/km.mod, own.yaml]
cellTypes:
  a: { base: pyramidal-rs, membrane: { km: { mechanism: km, gbar_S_cm2: 7.5e-5 }, t: { mechanism: shifted, g_mS_cm2: 2 }, ca: { mechanism: ca-pool } }, ions: { Ca: { out_mM: 2 } } }
populations: { A: { cell: a, neurons: 2 } }
`;
const OWN = `mechanisms:
  shifted:
    channel: Ca
    parameters: { q10: 3 }
    open: m^2
    states:
      m: { inf: 1/(1+exp(-(V+57)/6.2)), tau: 3 ms / q10^((celsius-24)/10) }
`;
const file = (name: string, text: string) => new File([text], name);

test('a circuit opens together with the mechanisms that it imports, and its conductances and temperature can be changed', async () => {
  const { state, notes } = await openCircuitFiles([
    file('km.mod', MOD),
    file('a.yaml', IMPORTING),
    file('own.yaml', OWN),
  ]);
  expect(state.preset).toBe('file: a.yaml');
  expect(notes.every((note) => note.startsWith('km.mod'))).toBe(true);
  const { experiments, circuit } = basisOf(state.preset);
  expect(Object.keys(circuit.mechanisms).sort()).toEqual(['km', 'shifted']);
  const labels = experiments.map(({ label }) => label);
  expect(labels).toContain('km gbar (km) of A');
  expect(labels).toContain('t (shifted) of A');
  expect(labels).toContain('temperature of A');
  const changed = circuitOf({ ...state, settings: { 'gbar.km.a': 1e-4, celsius: 30 } });
  expect(changed.cellTypes.a.membrane.km.gbar_S_cm2).toBe(1e-4);
  expect(changed.simulation.temperature_C).toBe(30);
  // What every neuron has of its own has no slider.
  const varied = IMPORTING.replace(
    'neurons: 2 }',
    'neurons: 2, vary: { membrane.km.gbar_S_cm2: [1.0e-5, 2.0e-5] } }',
  );
  const again = await openCircuitFiles([file('b.yaml', varied), file('km.mod', MOD), file('own.yaml', OWN)]);
  expect(basisOf(again.state.preset).experiments.map(({ label }) => label)).toEqual(
    labels.filter((label) => label !== 'km gbar (km) of A'),
  );
  // Nothing of the library's cell reads the temperature.
  expect(basisOf('hodgkin-huxley').experiments.some(({ id }) => id === 'celsius')).toBe(false);
});

test('a circuit without the files that it imports says which to open with it', async () => {
  const refused = async (...files: File[]) => {
    const error = (await openCircuitFiles(files).catch((caught: unknown) => caught)) as PageFailure;
    expect(error).toBeInstanceOf(PageFailure);
    return error.detail;
  };
  expect(await refused(file('a.yaml', IMPORTING), file('own.yaml', OWN))).toMatch(
    /open or drop km\.mod together/,
  );
  expect(await refused(file('km.mod', MOD))).toMatch(/none of these files is a circuit/);
  expect(await refused(file('a.yaml', IMPORTING), file('b.yaml', IMPORTING))).toMatch(
    /these are circuits: a\.yaml, b\.yaml/,
  );
  const broken = OWN.replace('celsius', 'celcius');
  expect(await refused(file('a.yaml', IMPORTING), file('own.yaml', broken), file('km.mod', MOD))).toMatch(
    /own\.yaml:7:\d+ .*did you mean "celsius"/,
  );
  const recursive = file('x.nml', '<neuroml><include href="x/x.nml"/></neuroml>');
  const asking = 'name: x\nimport: [x.nml]\npopulations: { A: { cell: pyramidal-rs, neurons: 1 } }';
  await openCircuitFiles([file('a.yaml', asking), recursive]).catch((caught) =>
    expect(caught).toBeInstanceOf(PageFailure),
  );
});

test('lights come once, however often a circuit is downloaded and opened', () => {
  const once = resolveCircuit(withLights(PRESETS.ping));
  expect(resolveCircuit(withLights(once))).toEqual(once);
  // A strong current is a drive of the circuit, not a light.
  const cell = withLights(PRESETS['hodgkin-huxley']);
  expect(cell.stimuli).toHaveLength(2);
});
