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

const piece = fc.constantFrom('v', 'MV', 'MS', 'x', 'alpha', '1', '0', '1e300', '(', ')', 'exp(', 'ln(');
const between = fc.constantFrom('+', '-', '*', '/', '^', ' .lt. ', '.eq.', ' .and. ', ',', ' ', '.');
const formula = fc.array(fc.tuple(piece, between), { maxLength: 60 }).map((parts) => parts.flat().join(''));

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
