import { describe, expect, test } from 'vitest';
import { resolveCircuit } from '../../src/model/circuit_file.js';

/** A circuit with a channel of its own; the line numbers of the messages count from here. */
const VALID = `name: own
simulation: { dt_ms: 0.025 }
mechanisms:
  kv:
    channel: K
    parameters: { tauN_ms: 5 }
    open: n^4
    states:
      n: { inf: 1/(1+exp(-(V+30)/8)), tau: tauN }
cellTypes:
  mine:
    C_uF_cm2: 1
    area_um2: 1000
    ions: { Na: { E_mV: 50 }, K: { E_mV: -90 } }
    membrane:
      na: { mechanism: na-traub-miles, g_mS_cm2: 50 }
      k: { mechanism: kv, g_mS_cm2: 10 }
      leak: { mechanism: leak, g_mS_cm2: 0.1, E_mV: -65 }
populations:
  E: { cell: mine, neurons: 3 }
recording:
  traces:
    - { population: E, neurons: [0], variables: [na.m, k.I] }
`;

function messageOf(from: string, to: string): string {
  expect(VALID).toContain(from);
  try {
    resolveCircuit(VALID.replace(from, to), { source: 'own.yaml' });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the circuit was accepted');
}

test('the circuit is valid as it stands', () => {
  expect(resolveCircuit(VALID).cellTypes.mine.membrane.k).toEqual({
    mechanism: 'kv',
    g_mS_cm2: 10,
    tauN_ms: 5,
  });
});

describe('what is wrong with mechanisms in a circuit file has file, line, column and what to do', () => {
  test.each([
    [
      'units that disagree',
      '(V+30)/8',
      '(V+tauN)/8',
      'own.yaml:9:27 mechanisms.kv.states.n.inf: "V" is in mV, but "tauN" is in ms\n  1/(1+exp(-(V+tauN)/8))\n            ^^^^^^^^',
    ],
    [
      'a unit that is not that of a time constant',
      'tau: tauN }',
      'tau: tauN/2 ms }',
      'own.yaml:9:44 mechanisms.kv.states.n.tau: tau of n is in ms; this formula is in a pure number; if it is meant so, write 1 ms * (...)\n  tauN/2 ms\n  ^^^^^^^^^',
    ],
    [
      'an unknown name',
      '(V+30)/8',
      '(v+30)/8',
      'own.yaml:9:28 mechanisms.kv.states.n.inf: nothing is called "v"; did you mean "V"?\n  1/(1+exp(-(v+30)/8))\n             ^',
    ],
    [
      'a pole',
      'tau: tauN }',
      'tau: tauN/(V+84 mV)*1 mV }',
      'own.yaml:9:44 mechanisms.kv.states.n.tau: tau of n is not finite at V = -84 mV: "(V+84 mV)" is 0 there',
    ],
    [
      'a pole within a formula',
      'tau: tauN }',
      'tau: tauN + 2/(1-exp((V+84)/3.2)) }',
      'own.yaml:9:44 mechanisms.kv.states.n.tau: tau of n is not finite at V = -84 mV: "(1-exp((V+84)/3.2))" is 0 there',
    ],
    [
      'a gate that leaves its range',
      'inf: 1/',
      'inf: 2/',
      'own.yaml:9:17 mechanisms.kv.states.n.inf: inf of n is 1.062 at V = -29 mV; a gate stays within 0 to 1',
    ],
    [
      'a time constant that becomes negative',
      'tau: tauN }',
      'tau: tauN*(1+V/100) }',
      'own.yaml:9:44 mechanisms.kv.states.n.tau: tau of n is 0 at V = -100 mV; a time constant must be above 0',
    ],
    [
      'an unknown mechanism',
      'mechanism: kv',
      'mechanism: kw',
      'own.yaml:17:23 cellTypes.mine.membrane.k.mechanism: no mechanism is called "kw"; did you mean "kv"?',
    ],
    [
      'an unknown parameter',
      'g_mS_cm2: 10',
      'g_mS_cm2: 10, tauM_ms: 4',
      'own.yaml:17:41 cellTypes.mine.membrane.k.tauM_ms: "kv" has no parameter "tauM_ms"; did you mean "tauN_ms"?',
    ],
    [
      'an ion without potential',
      'K: { E_mV: -90 }',
      'Ca: { E_mV: 120 }',
      'own.yaml:14:5 cellTypes.mine.ions: the reversal potential of K is missing: add ions.K.E_mV, or ions.K.out_mM and a pool of K in the membrane',
    ],
    [
      'an unknown cell',
      'cell: mine',
      'cell: mime',
      'own.yaml:20:14 populations.E.cell: no cell type is called "mime"; did you mean "mine"?',
    ],
    [
      'an unknown variable',
      'variables: [na.m, k.I]',
      'variables: [na.m, k.i]',
      'own.yaml:23:56 recording.traces.0.variables.1: the cell "mine" has no variable "k.i"; did you mean "k.I"?',
    ],
    [
      'a variable that never changes',
      'variables: [na.m, k.I]',
      'variables: [E_K]',
      'own.yaml:23:50 recording.traces.0.variables.0: the cell "mine" has no variable "E_K"; did you mean "I_K"?',
    ],
    [
      'a step that is too large',
      'dt_ms: 0.025',
      'dt_ms: 0.2, integrator: rk4',
      'own.yaml:2:22 simulation.dt_ms: dt_ms 0.2 is too large for the integrator "rk4": the membrane potential of the cell "mine" does not stay within [-1000, 1000] mV; it does at 0.05 ms',
    ],
  ])('%s', (_, from, to, message) => {
    expect(messageOf(from, to)).toBe(message);
  });
});
