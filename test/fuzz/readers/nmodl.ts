import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { mechanismYaml } from '../../../src/io/mechanism_yaml.js';
import { readNmodl } from '../../../src/io/nmodl/read_nmodl.js';
import { parseMechanismFile } from '../../../src/mechanism/mechanism_file.js';
import { CircuitError } from '../../../src/text/circuit_error.js';
import { damagedText } from '../mutation.js';
import type { FuzzedReader } from '../reader.js';

const FOLDER = new URL('../../io/nmodl/', import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, FOLDER), 'utf8');
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.mod'));
const includes = new Map([['shared.inc', textOf('shared.inc')]]);

/** What is taken over is written so that it is read again. */
function use(text: string): void {
  const { name, mechanism } = readNmodl(text, 'fuzz.mod', includes);
  parseMechanismFile(mechanismYaml({ [name]: mechanism }), 'fuzz.yaml');
}

const plain = fc.constantFrom(
  ...['v', 'n', 'x', 'gbar', 'celsius', '1', '0', '1e-4', '2.5 (mV)', 'a[1]', 'fabs(v)', 'exp(-v/10)'],
  ...['FARADAY', '(v + 40)', '-v', '1/(1 + exp((v + 30)/5))'],
);
const odd = fc.constantFrom('(', ')', 'dt', 't', "n'", 'a[n]', 'nothing', '');
const formulaOf = (operand: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(operand, fc.constantFrom('+', '-', '*', '/', '<', '==', '^')), {
      minLength: 1,
      maxLength: 6,
    })
    .map((parts) => parts.flat().slice(0, -1).join(' '));
const value = formulaOf(plain);
const formula = formulaOf(
  fc.oneof(
    { weight: 30, arbitrary: plain },
    { weight: 4, arbitrary: fc.constantFrom('f(v)', 'f(x)') },
    { weight: 1, arbitrary: odd },
  ),
);
const { statements } = fc.letrec<{ statements: string; statement: string }>((tie) => ({
  statements: fc.array(tie('statement'), { maxLength: 6 }).map((list) => list.join('\n')),
  statement: fc.oneof(
    { maxDepth: 3 },
    fc
      .tuple(fc.constantFrom('x', 'n', 'v', 'i', 'a[0]', 'a[1]', "n'"), formula)
      .map((pair) => pair.join(' = ')),
    fc.constantFrom(
      'p(v)',
      'SOLVE s METHOD cnexp',
      'SOLVE p',
      'LOCAL x',
      '~ n <-> m (f(v), x)',
      'CONSERVE n + m = 1',
    ),
    fc
      .tuple(formula, tie('statements'), tie('statements'))
      .map(([c, a, b]) => `if (${c}) { ${a} } else { ${b} }`),
    fc.tuple(fc.nat(60), tie('statements')).map(([n, body]) => `FROM k = 0 TO ${n} { ${body} }`),
  ),
}));

export const nmodlReaders: FuzzedReader[] = [
  {
    name: 'NMODL (text)',
    input: damagedText(...files.map(textOf)),
    read: use,
    refusals: [CircuitError],
    limitSeconds: 5,
  },
  {
    name: 'NMODL (statements)',
    input: fc.tuple(
      statements,
      statements,
      statements,
      value,
      fc.constantFrom('DERIVATIVE', 'KINETIC', 'PROCEDURE'),
    ),
    read: ([breakpoint, solved, procedure, of, kind]: string[]) =>
      use(`NEURON { SUFFIX x NONSPECIFIC_CURRENT i }
UNITS { FARADAY = (faraday) (coulomb) }
PARAMETER { gbar = 0.1 (S/cm2) }
ASSIGNED { v (mV) i (mA/cm2) x a[2] }
STATE { n m }
INITIAL { n = 0 }
BREAKPOINT { SOLVE s METHOD cnexp\n${breakpoint}\ni = gbar*n*v }
${kind} s { ${solved.replaceAll('SOLVE s METHOD cnexp', '')} }
PROCEDURE p(y) { ${procedure.replaceAll('p(v)', '')} }
FUNCTION f(y) { f = ${of} }`),
    refusals: [CircuitError],
    limitSeconds: 5,
  } as FuzzedReader<string[]> as FuzzedReader,
  {
    name: 'NMODL (nesting)',
    input: fc.tuple(fc.constantFrom('(', '{ ', 'if (v) { ', '-', '[', 'x = f('), fc.nat(3000)),
    read: ([piece, count]: [string, number]) =>
      use(`NEURON { SUFFIX x NONSPECIFIC_CURRENT i }\nBREAKPOINT { i = ${piece.repeat(count)} }`),
    refusals: [CircuitError],
    limitSeconds: 5,
    share: 0.2,
  } as FuzzedReader<[string, number]> as FuzzedReader,
];
