import { describe, expect, test } from 'vitest';
import { resolveCircuit } from '../../src/model/circuit_file.js';
import { parseOverride } from '../../src/model/circuit_overrides.js';
import { buildNetwork } from '../../src/network/build.js';

const NEURONS = 2000;
const circuit = (vary: string, more = '', seed = 3) => `name: varied
simulation: { seed: ${seed} }
cellTypes:
  relay:
    C_uF_cm2: 1
    area_um2: 29000
    ions: { Na: { E_mV: 50 }, K: { E_mV: -100 }, Ca: { out_mM: 2 } }
    membrane:
      na: { mechanism: na-traub-miles, g_mS_cm2: 90 }
      k: { mechanism: k-traub-miles, g_mS_cm2: 10 }
      t: { mechanism: t-current, g_mS_cm2: 2 }
      ca: { mechanism: ca-pool }
      leak: { mechanism: leak, g_mS_cm2: 0.02, E_mV: -70 }
populations:
  E: { cell: relay, neurons: ${NEURONS}, initial: { V_mV: -70 }, vary: { ${vary} } }
${more}`;
const problem = (vary: string) => {
  try {
    resolveCircuit(circuit(vary), { source: 'v.yaml' });
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};
const drawn = (text: string, population = 0) => buildNetwork(resolveCircuit(text)).varied[population];

const NORMAL = 'membrane.na.g_mS_cm2: { distribution: normal, mean: 90, sd: 9, low: 0 }';

describe('what differs between the neurons of a population', () => {
  test.each([
    ['membrane.na.g_ms_cm2: 3', '"membrane.na.g_ms_cm2"; did you mean "membrane.na.g_mS_cm2"?'],
    ['membrane.nap.g_mS_cm2: 3', 'did you mean "membrane.na.g_mS_cm2"?'],
    ['membrane.na.g_mS_cm2: -1', 'expected a number in mS/cm2, at least 0, at most 10000; got -1'],
    ['membrane.na.g_mS_cm2: { distribution: normal, mean: 90, sd: 9 }', 'needs "low" (at least 0)'],
    ['C_uF_cm2: { distribution: normal, mean: 1, sd: 0.1 }', 'needs "low" (above 0)'],
    [
      'C_uF_cm2: { distribution: uniform, low: 0, high: 2 }',
      'expected a number in uF/cm2, above 0, at most 100; got 0',
    ],
    ['ions.K.E_mV: 400', 'expected a number in mV, at least -300, at most 300; got 400'],
    ['membrane.na.E_mV: 50', 'it is that of the ion; vary ions.ION.E_mV, or give the cell membrane.na.E_mV'],
    ['ions.Ca.E_mV: 120', 'the cell "relay" has no value "ions.Ca.E_mV"'],
    ['area_um2: 100', 'area_um2 cannot differ between neurons of a population'],
    ['membrane.t.shift_mV: [2, 3]', `expected ${NEURONS} values, one for every neuron of E; got 2`],
    ['membrane.t.shift_mV: much', 'expected a number'],
  ])('%s is refused', (vary, message) => {
    const text = problem(vary);
    expect(text).toContain(message);
    expect(text).toMatch(/^v\.yaml:15:\d+ populations\.E\.vary\./);
  });

  test('is drawn as asked for, in coherent units', () => {
    const varied = drawn(
      circuit(`${NORMAL}, membrane.ca.tau_ms: { distribution: uniform, low: 50, high: 90 }, C_uF_cm2: 2`),
    );
    expect([...varied.keys()]).toEqual(['na.g', 'ca.tau', 'C_uF_cm2']);
    const mean = (values: Float64Array) => values.reduce((a, b) => a + b) / values.length;
    const g = varied.get('na.g')!;
    // Five standard errors of the mean and of the standard deviation.
    expect(Math.abs(mean(g) - 90)).toBeLessThan((5 * 9) / Math.sqrt(NEURONS));
    expect(Math.abs(Math.sqrt(mean(g.map((x) => (x - mean(g)) ** 2))) - 9)).toBeLessThan(
      (5 * 9) / Math.sqrt(2 * NEURONS),
    );
    const tau = varied.get('ca.tau')!;
    expect(Math.min(...tau)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...tau)).toBeLessThan(90);
    expect(new Set(varied.get('C_uF_cm2'))).toEqual(new Set([2]));
    // 1 um is 1e-4 cm.
    expect(drawn(circuit('membrane.ca.depth_um: 0.5')).get('ca.depth')![0]).toBe(0.5 * 1e-4);
  });

  test('has a stream of its own: only seed, population and path change the draws', () => {
    const alone = drawn(circuit(NORMAL)).get('na.g');
    const more = `  F: { cell: relay, neurons: 5, vary: { ${NORMAL} } }\nstimuli: [{ kind: constant-current, to: E, amplitude_uA_cm2: 1 }]\n`;
    const beside = circuit(`C_uF_cm2: { distribution: uniform, low: 1, high: 2 }, ${NORMAL}`, more);
    expect(drawn(beside).get('na.g')).toEqual(alone);
    expect(drawn(beside, 1).get('na.g')![0]).not.toBe(alone![0]);
    expect(drawn(circuit(NORMAL, '', 4)).get('na.g')![0]).not.toBe(alone![0]);
    expect(drawn(circuit(NORMAL).replace(`neurons: ${NEURONS}`, 'neurons: 7')).get('na.g')).toEqual(
      alone!.slice(0, 7),
    );
  });

  test('is kept in the resolved circuit, and can be set from outside', () => {
    const resolved = resolveCircuit(circuit(NORMAL));
    expect(resolveCircuit(JSON.stringify(resolved))).toEqual(resolved);
    const set = (...assignments: string[]) =>
      resolveCircuit(circuit(NORMAL), { overrides: assignments.map(parseOverride) }).populations.E.vary;
    expect(set('populations.E.vary.membrane.na.g_mS_cm2.sd=5', 'populations.E.vary.C_uF_cm2=2')).toEqual({
      'membrane.na.g_mS_cm2': { distribution: 'normal', mean: 90, sd: 5, low: 0 },
      C_uF_cm2: 2,
    });
    expect(set('populations.E.vary.membrane.leak.E_mV=-71')).toMatchObject({ 'membrane.leak.E_mV': -71 });
  });
});
