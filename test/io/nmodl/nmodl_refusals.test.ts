import { describe, expect, test } from 'vitest';
import { readNmodl } from '../../../src/io/nmodl/read_nmodl.js';

/** A file with a potassium current; `rest` begins on line 7. */
const file = (rest: string, neuron = '\tUSEION k READ ek WRITE ik'): string =>
  `NEURON {\n\tSUFFIX x\n${neuron}\n}\nPARAMETER { gbar = 1 (S/cm2) }\nASSIGNED { v (mV) ek (mV) ik (mA/cm2) }\n${rest}\n`;
const CURRENT = 'BREAKPOINT { ik = gbar*(v - ek) }';

function errorOf(text: string): string {
  try {
    readNmodl(text, 'x.mod');
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the file was taken over');
}

describe('what cannot be taken over is refused with its line and column', () => {
  test.each([
    [
      'a synapse',
      'NEURON {\n\tPOINT_PROCESS syn\n}',
      'x.mod:2:2 a POINT_PROCESS (a synapse or an electrode) cannot be taken over yet; only density mechanisms (SUFFIX) can',
    ],
    [
      'an artificial cell',
      'NEURON { ARTIFICIAL_CELL a }',
      'x.mod:1:10 an ARTIFICIAL_CELL cannot be taken over; only density mechanisms (SUFFIX) can',
    ],
    [
      'no NMODL at all',
      'PARAMETER { a = 1 }',
      'x.mod:1:1 no SUFFIX in a NEURON block: is this a density mechanism of NMODL?',
    ],
    [
      'a pointer',
      file(CURRENT, '\tPOINTER vpre'),
      'x.mod:3:2 POINTER reads or writes variables of other mechanisms, which cannot be taken over; compute them in this file',
    ],
    [
      'C code with a meaning',
      file('BREAKPOINT {\n\tik = gbar*(v - ek)\n\tVERBATIM\n\tik = 2*ik;\n\tENDVERBATIM\n}'),
      'x.mod:9:2 VERBATIM holds C code, which cannot be taken over; write it in NMODL or remove it',
    ],
    [
      'C code between the blocks',
      file(`${CURRENT}\nVERBATIM\ndouble f(double x) { return x*x; }\nENDVERBATIM`),
      'x.mod:8:1 VERBATIM holds C code, which cannot be taken over; write it in NMODL or remove it',
    ],
    [
      'a table of a hoc program',
      file(`${CURRENT}\nFUNCTION_TABLE tau(v (mV)) (ms)`),
      'x.mod:8:1 FUNCTION_TABLE gets its values from a hoc program; write the function out',
    ],
    [
      'a constant of a unit that is not known',
      file(`UNITS {\n\tR = (k-mole) (joule/degC)\n\tQ = (planck) (joule)\n}\n${CURRENT}`),
      'x.mod:9:2 the value of "Q = (planck) (joule)" is not known; write it as a number',
    ],
    [
      'a constant in a unit of another kind',
      file(`UNITS { F = (faraday) (mV) }\n${CURRENT}`),
      'x.mod:7:9 the value of "F = (faraday) (mV)" is not known; write it as a number',
    ],
    [
      'a file that is not there',
      file(`INCLUDE "rates.inc"\n${CURRENT}`),
      'x.mod:7:1 INCLUDE needs the file "rates.inc": put it beside this one',
    ],
    [
      'time',
      file('BREAKPOINT { ik = gbar*(v - ek)*sin(t) }'),
      'x.mod:7:37 "t" is used in a formula; only formulas of V, states and ions can be taken over',
    ],
    [
      'memory without a state',
      file('ASSIGNED { peak }\nBREAKPOINT {\n\tif (v > peak) { peak = v }\n\tik = gbar*(peak - ek)\n}'),
      'x.mod:9:2 "peak" depends on its own value of the step before; make it a STATE',
    ],
    [
      'a current and a concentration',
      'NEURON { SUFFIX x\n\tUSEION ca READ eca WRITE ica, cai }\nASSIGNED { v eca ica }\nSTATE { cai }\nBREAKPOINT { ica = v - eca }',
      'x.mod:2:32 the file writes a current and a concentration (cai); split it into a channel and a pool',
    ],
    [
      'nothing for the cell',
      'NEURON { SUFFIX x\n\tUSEION ca READ cai }\nBREAKPOINT { }',
      'x.mod:1:17 the file writes no current and no concentration, so nothing of it reaches the cell',
    ],
    [
      'diffusion',
      'NEURON { SUFFIX x\n\tUSEION ca READ ica WRITE cai }\nASSIGNED { ica }\nSTATE { cai }\nBREAKPOINT { SOLVE s METHOD sparse }\nKINETIC s {\n\tLONGITUDINAL_DIFFUSION 1 { cai }\n\t~ cai << (-ica)\n}',
      'x.mod:7:2 diffusion along a cable cannot be taken over: a cell here is one point',
    ],
    [
      'equations',
      file('STATE { a b }\nLINEAR l { ~ a + b = 1\n~ a = 2 }\nBREAKPOINT { SOLVE l\n ik = a*gbar*(v-ek) }'),
      'x.mod:8:8 a LINEAR block cannot be taken over; write it as a DERIVATIVE or KINETIC block',
    ],
    [
      'a step of another form',
      file(
        'STATE { n }\nBREAKPOINT { SOLVE s\n ik = gbar*n*(v-ek) }\nPROCEDURE s() {\n\tn = 0.9*n + 0.1*v*dt\n}',
      ),
      `x.mod:11:2 this way to advance "n" is not known; write n' = ... in a DERIVATIVE block`,
    ],
    [
      'an unknown function',
      file('BREAKPOINT { ik = gbar*(v - ek)*floor(v) }'),
      'x.mod:7:33 no function is called "floor", or it has no counterpart here',
    ],
    [
      'an unknown name',
      file('BREAKPOINT { ik = gbar*(v - ek)*gg }'),
      'x.mod:7:33 nothing is called "gg"; declare it as PARAMETER, ASSIGNED or STATE',
    ],
    [
      'a state without an equation',
      file('STATE { n }\nBREAKPOINT { ik = gbar*n*(v-ek) }'),
      'x.mod:8:24 the state "n" has no equation that BREAKPOINT solves',
    ],
    [
      'reactions whose sum is not known',
      file(
        'STATE { c o }\nBREAKPOINT { SOLVE k METHOD sparse\n ik = gbar*o*(v-ek) }\nKINETIC k { ~ c <-> o (1, 2) }',
      ),
      'x.mod:10:13 the sum of c, o is not known; add CONSERVE c + o = 1',
    ],
    [
      'a loop whose end is computed',
      file('BREAKPOINT {\n\tFROM i = 0 TO v { ik = i }\n}'),
      'x.mod:8:16 this number has to be known before the simulation',
    ],
    [
      'a function that calls itself',
      file('BREAKPOINT { ik = f(v) }\nFUNCTION f(v) { f = f(v) }'),
      'x.mod:8:21 "f" is called more than 20 levels deep',
    ],
    [
      'a division by zero',
      file(
        "STATE { n }\nBREAKPOINT { SOLVE s METHOD cnexp\n ik = gbar*n*(v-ek) }\nDERIVATIVE s {\n\tn' = (1 - n)/(v + 50)\n}",
      ),
      'x.mod:11:2 the rate of n is not finite at V = -50 mV: "(V/(1 mV) + 50)" is 0 there',
    ],
    [
      'an open parenthesis',
      file('BREAKPOINT {\n\tik = gbar*(v - ek\n}'),
      'x.mod:9:1 syntax: expected ")"; got "}"',
    ],
    ['an open block', file('BREAKPOINT {\n\tik = gbar*(v - ek)'), 'x.mod:7:12 syntax: a "{" is not closed'],
    [
      'an open comment',
      file(`${CURRENT}\nCOMMENT no end`),
      'x.mod:8:1 COMMENT is not closed: add ENDCOMMENT',
    ],
    [
      'an unknown block',
      file(`${CURRENT}\nFROBNICATE { }`),
      'x.mod:8:1 syntax: nothing of NMODL is called "FROBNICATE" here',
    ],
  ])('%s', (_, text, message) => {
    expect(errorOf(text)).toBe(message);
  });

  test('C code that means nothing, or only reads an ion, is no reason', () => {
    const text = file(
      'VERBATIM\nstatic char rcsid[] = "1.2";\n#include <math.h>\nENDVERBATIM\nBREAKPOINT {\n\trates()\n\tik = gbar*(v - ek)\n}\nPROCEDURE rates() {\n\tVERBATIM\n\tek = _ion_ek;\n\treturn 0;\n\tENDVERBATIM\n}',
    );
    const { mechanism, notes } = readNmodl(text, 'x.mod');
    expect(mechanism.current).toBe('gbar*(V - E_K)');
    expect(notes).toEqual([{ line: 16, message: 'VERBATIM that reads ek is taken for what USEION says' }]);
  });

  test('names that mean something else here get others, and the notes say so', () => {
    const text =
      'NEURON { SUFFIX x\n\tNONSPECIFIC_CURRENT i }\nPARAMETER {\n\tF = 2 (S/cm2)\n\ttau_K = 3 (ms)\n}\nASSIGNED { v i }\nBREAKPOINT { i = F*tau_K*v }';
    const { mechanism, notes } = readNmodl(text, 'x.mod');
    expect(mechanism.parameters).toEqual({ F2_S_cm2: 2, tauK_ms: 3 });
    expect(notes).toContainEqual({ line: 4, message: 'F is called F2: its own name has another meaning' });
  });
});
