import { describe, expect, test } from 'vitest';
import { libraryMechanisms } from '../../src/mechanism/library.js';
import { parseMechanismFile } from '../../src/mechanism/mechanism_file.js';

function errorsOf(text: string): string {
  try {
    parseMechanismFile(text, 'my.yaml', libraryMechanisms());
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the file was read');
}
const mechanism = (lines: string): string => `mechanisms:\n  kv:\n${lines.replaceAll(/^/gm, '    ')}\n`;
const gate = (state: string, more = ''): string =>
  mechanism(`channel: K\nopen: n^4\n${more}states:\n  n: { ${state} }`);

describe('what is wrong with a mechanism is reported with its line, its column and its text marked', () => {
  test.each([
    [
      'units that disagree',
      gate('inf: 1/(1+exp(-(V+tau)/10)), tau: tau', 'parameters: { tau_ms: 5 }\n'),
      'my.yaml:7:27 mechanisms.kv.states.n.inf: "V" is in mV, but "tau" is in ms\n  1/(1+exp(-(V+tau)/10))\n            ^^^^^^^',
    ],
    [
      'an unknown name',
      gate('alpha: 0.01*(v+55), beta: 0.1'),
      'my.yaml:6:25 mechanisms.kv.states.n.alpha: nothing is called "v"; did you mean "V"?\n  0.01*(v+55)\n        ^',
    ],
    [
      'syntax within quotes',
      gate('alpha: "0.01*(V+55", beta: 0.1'),
      'my.yaml:6:30 mechanisms.kv.states.n.alpha: expected ")"\n  0.01*(V+55\n            ^',
    ],
    [
      'a unit that no rate has',
      mechanism(
        'pool: Ca\nparameters: { rest_mM: 1e-4 }\nstates:\n  Ca_in: { rate: -I_Ca/(2*F) - (Ca_in-rest)/80, start: rest }',
      ),
      'my.yaml:6:29 mechanisms.kv.states.Ca_in.rate: "2" would have to be in cm for the units to agree; write its unit or correct the formula\n  -I_Ca/(2*F) - (Ca_in-rest)/80\n         ^',
    ],
    [
      'a singularity that cannot be removed',
      gate('inf: 1/(1+exp(V/10)), tau: 30 + 211/(3.7*(1-exp((V+84)/3.2)))'),
      'my.yaml:6:39 mechanisms.kv.states.n.tau: tau of n is not finite at V = -84 mV: "(3.7*(1-exp((V+84)/3.2)))" is 0 there',
    ],
    [
      'a division by zero between the grid',
      gate('inf: 0.5, tau: 100*10/(V + 50.123)'),
      'my.yaml:6:27 mechanisms.kv.states.n.tau: tau of n is not finite at V = -50.123 mV: "(V + 50.123)" is 0 there',
    ],
    [
      'a negative rate',
      gate('alpha: 0.01*(V+55), beta: 0.1'),
      'my.yaml:6:19 mechanisms.kv.states.n.alpha: alpha of n is -0.45 at V = -100 mV; a rate must be at least 0',
    ],
    [
      'a time constant that is not above 0',
      gate('inf: 0.5, tau: 5 + V/10'),
      'my.yaml:6:27 mechanisms.kv.states.n.tau: tau of n is -5 at V = -100 mV; a time constant must be above 0',
    ],
    [
      'a gate that leaves its range',
      gate('inf: (V+80)/100, tau: 5'),
      'my.yaml:6:17 mechanisms.kv.states.n.inf: inf of n is -0.2 at V = -100 mV; a gate stays within 0 to 1',
    ],
    [
      'a logarithm of something negative',
      gate('inf: 0.5, tau: 5*(3+log(1 + V/100))'),
      'my.yaml:6:27 mechanisms.kv.states.n.tau: tau of n is not finite at V = -150 mV',
    ],
    [
      'numbers that float32 does not hold',
      gate('inf: (1+exp(V/1))/(3+exp(V/1)), tau: 5'),
      'my.yaml:6:17 mechanisms.kv.states.n.inf: inf of n is computed from numbers beyond 1e38 at V = 90 mV, which float32 does not hold',
    ],
    [
      'a name declared twice',
      mechanism('channel: K\nopen: 1\nparameters: { n_ms: 5 }\nstates:\n  n: { inf: 5, tau: 5 }'),
      'my.yaml:7:7 mechanisms.kv.states.n: "n" is already declared at parameters.n_ms; choose another name',
    ],
    [
      'a name with a meaning of its own',
      gate('inf: 0.5, tau: 5', 'parameters: { celsius: 5 }\n'),
      'my.yaml:5:19 mechanisms.kv.parameters.celsius: "celsius" has a meaning of its own; choose another name',
    ],
    [
      'formulas that need themselves',
      mechanism('channel: K\nopen: a\nstates:\n  a: { is: b }\n  b: { is: a }'),
      'my.yaml:6:16 mechanisms.kv.states.a.is: "a" needs itself: a -> b -> a',
    ],
    [
      'a misspelt key',
      gate('inf: 0.5, taus: 5'),
      'my.yaml:6:7 mechanisms.kv.states.n: expected alpha and beta, inf and tau, rate, or is; got inf\nmy.yaml:6:22 mechanisms.kv.states.n.taus: unknown key "taus"; did you mean "tau"?',
    ],
    [
      'a state that is given twice',
      gate('inf: 0.5, tau: 5, rate: 3'),
      'my.yaml:6:7 mechanisms.kv.states.n: expected alpha and beta, inf and tau, rate, or is; got inf, tau, rate',
    ],
    [
      'neither channel nor pool',
      mechanism('open: 1'),
      'my.yaml:2:3 mechanisms.kv: expected one of channel, pool, currents and receptor: the ion whose current or concentration this is, currents by ion, or a receptor of synapses',
    ],
    [
      'a reaction of an unknown state',
      mechanism('channel: K\nscheme: { states: [C, O], reactions: ["C <-> Q : 1, 2"], open: O }'),
      'my.yaml:4:43 mechanisms.kv.scheme.reactions.0: no state of the scheme is called "Q"; did you mean "C"?',
    ],
    [
      'a reaction with one rate too few',
      mechanism('channel: K\nscheme: { states: [C, O], reactions: ["C <-> O : 1"], open: O }'),
      'my.yaml:4:43 mechanisms.kv.scheme.reactions.0: "C <-> O" needs two rates, separated by a comma; got 1',
    ],
    [
      'a reaction of a state to itself',
      mechanism('channel: K\nscheme: { states: [C, O], reactions: ["C -> C : 1"], open: O }'),
      'my.yaml:4:43 mechanisms.kv.scheme.reactions.0: "C" cannot react to itself',
    ],
    [
      'the rate of a reaction',
      mechanism('channel: K\nscheme: { states: [C, O], reactions: ["C <-> O : 1, 2 mV"], open: O }'),
      'my.yaml:4:57 mechanisms.kv.scheme.reactions.0: the rate of O to C is in 1/ms; this formula is in mV\n   2 mV\n   ^^^^',
    ],
  ])('%s', (_, text, message) => {
    expect(errorsOf(text)).toBe(message);
  });

  test('formulas that are too deep or too large together', () => {
    const chain = Array.from(
      { length: 190 },
      (_, i) => `  a${i + 1}: ${'-('.repeat(20)}a${i}${')'.repeat(20)}`,
    );
    const deep = mechanism(`channel: K\nopen: a190\nlet:\n  a0: 1\n${chain.join('\n')}`);
    expect(errorsOf(deep)).toContain('nested more than 1000 levels deep through other formulas');
    const wide = Array.from({ length: 190 }, (_, i) => {
      const terms = Array.from({ length: 200 }, (_, k) => `exp(V/${i * 200 + k + 1} mV)`);
      return `  a${i}: ${terms.join('+')}`;
    });
    const large = mechanism(
      `channel: K\nopen: ${wide.map((_, i) => `a${i}`).join('+')}\nlet:\n${wide.join('\n')}`,
    );
    expect(errorsOf(large)).toMatch(/the formulas have more than \d+ (operations|parts)/);
  });

  test('one mistake does not hide another', () => {
    const text = gate('inf: 1/(1+exp(-(v+1)/10)), tau: 5 mV');
    expect(
      errorsOf(text)
        .split('\n')
        .filter((line) => line.startsWith('my.yaml')),
    ).toHaveLength(2);
  });
});

const cell = (lines: string): string =>
  `cellTypes:\n  mine:\n    C_uF_cm2: 1\n    area_um2: 1000\n${lines.replaceAll(/^/gm, '    ')}\n`;

describe('what is wrong with a cell', () => {
  test.each([
    [
      'an unknown mechanism',
      cell('membrane:\n  k: { mechanism: k-hh53, g_mS_cm2: 36, E_mV: -77 }'),
      'my.yaml:6:23 cellTypes.mine.membrane.k.mechanism: no mechanism is called "k-hh53"; did you mean "k-hh52"?',
    ],
    [
      'an unknown parameter',
      cell('membrane:\n  m: { mechanism: m-current, g_mS_cm2: 1, E_mV: -90, taumax_ms: 5 }'),
      'my.yaml:6:58 cellTypes.mine.membrane.m.taumax_ms: "m-current" has no parameter "taumax_ms"; did you mean "tauMax_ms"?',
    ],
    [
      'no conductance',
      cell('membrane:\n  leak: { mechanism: leak, E_mV: -70 }'),
      'my.yaml:6:7 cellTypes.mine.membrane.leak: g_mS_cm2, the conductance density of "leak", is missing',
    ],
    [
      'no reversal potential of a nonspecific current',
      cell('membrane:\n  leak: { mechanism: leak, g_mS_cm2: 1 }'),
      'my.yaml:6:7 cellTypes.mine.membrane.leak: E_mV, the reversal potential of "leak", is missing',
    ],
    [
      'no reversal potential of an ion',
      cell('membrane:\n  k: { mechanism: k-hh52, g_mS_cm2: 1 }'),
      'my.yaml:2:3 cellTypes.mine.ions: the reversal potential of K is missing: add ions.K.E_mV, or ions.K.out_mM and a pool of K in the membrane',
    ],
    [
      'no calcium for a channel that needs it',
      cell('ions: { K: { E_mV: -90 } }\nmembrane:\n  k: { mechanism: k-ahp, g_mS_cm2: 1 }'),
      'my.yaml:5:5 cellTypes.mine.ions: Ca_in is missing: add a pool of Ca in the membrane, or ions.Ca.in_mM',
    ],
    [
      'two pools of an ion',
      cell('membrane:\n  a: { mechanism: ca-pool }\n  b: { mechanism: ca-pool }'),
      'my.yaml:7:7 cellTypes.mine.membrane.b: "a" is a pool of Ca already; a cell has one',
    ],
  ])('%s', (_, text, message) => {
    expect(errorsOf(text)).toBe(message);
  });
});
