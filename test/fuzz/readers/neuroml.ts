import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { readNeuroml } from '../../../src/io/neuroml/read_neuroml.js';
import { readXml } from '../../../src/io/neuroml/xml_reader.js';
import { parseMechanismFile } from '../../../src/mechanism/mechanism_file.js';
import { CircuitError } from '../../../src/text/circuit_error.js';
import { damagedText } from '../mutation.js';
import type { FuzzedReader } from '../reader.js';

const file = (name: string) =>
  readFileSync(new URL(`../../io/neuroml/files/${name}`, import.meta.url), 'utf8');
const channels = file('channels.nml');
const cell = file('cell.nml');

/** What is read is a mechanism file that can be read. */
function use(text: string): void {
  const { mechanisms, cellTypes } = readNeuroml(text, 'fuzz.nml', new Map([['channels.nml', channels]]));
  parseMechanismFile(JSON.stringify({ mechanisms, cellTypes }), 'imported');
}

const name = fc.constantFrom('v', 'MV', 'MS', 'x', 'alpha', 'beta', '1', '0', '2.5', '1e300', '1e-300', '40');
const { formula: wellFormed } = fc.letrec<{ formula: string }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 5 },
    name,
    fc
      .tuple(tie('formula'), fc.constantFrom(' + ', ' - ', '*', '/', '^'), tie('formula'))
      .map(([left, operator, right]) => `(${left}${operator}${right})`),
    fc
      .tuple(fc.constantFrom('exp', 'ln', 'sqrt', 'abs', 'tanh'), tie('formula'))
      .map(([of, argument]) => `${of}(${argument})`),
  ),
}));
/** A time, whatever the formula's own unit would be: most formulas are finite and above 0 so. */
const time = wellFormed.map((formula) => `MS * (1 + exp(-(((x + 40)/10 + 0*tanh(${formula}))^2)))`);
const formula = fc.oneof(
  time,
  wellFormed,
  fc
    .array(
      fc.constantFrom('v', 'MV', '1', '(', ')', 'exp(', ' .lt. ', '.eq.', ' .and. ', ',', '.', '^', '-', '*'),
      {
        maxLength: 60,
      },
    )
    .map((parts) => parts.join('')),
);

const markup = fc
  .array(
    fc.constantFrom(
      '<a>',
      '</a>',
      '<a b="',
      '"',
      '/>',
      '>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&',
      ';',
      '<?',
      'x',
      "'",
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

export const neuromlReaders: FuzzedReader[] = [
  {
    name: 'NeuroML (text)',
    input: damagedText(channels, cell),
    read: use,
    refusals: [CircuitError],
    limitSeconds: 5,
    share: 0.5,
  },
  {
    name: 'formula of LEMS',
    input: formula,
    read: (text: string) => use(channels.replace('MS * (0.2 + rest)', () => text)),
    refusals: [CircuitError],
    limitSeconds: 5,
    share: 0.5,
  },
  {
    name: 'XML',
    input: fc.oneof(markup, fc.string()),
    read: (text: string) => readXml(text, 'fuzz.xml'),
    refusals: [CircuitError],
    limitSeconds: 1,
  },
];
