import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { gatingCurves } from '../../../src/mechanism/gating.js';
import { CELL_FILES, MECHANISM_FILES } from '../../../src/mechanism/library.generated.js';
import { libraryMechanisms } from '../../../src/mechanism/library.js';
import { parseMechanismFile } from '../../../src/mechanism/mechanism_file.js';
import { stepWgsl } from '../../../src/mechanism/step_wgsl.js';
import { CircuitError } from '../../../src/text/circuit_error.js';
import { stepOptions } from '../../mechanism/step_options.js';
import { anyJson, damagedText } from '../mutation.js';
import type { FuzzedReader } from '../reader.js';

const cells = readFileSync(new URL('../../mechanism/reference/cells.yaml', import.meta.url), 'utf8');

/** What is read can be looked at and emitted. */
function use(text: string): void {
  const file = parseMechanismFile(text, 'fuzz.yaml', libraryMechanisms());
  for (const mechanism of file.mechanisms.values()) gatingCurves(mechanism, [-65, 0]);
  for (const cell of file.cells.values()) stepWgsl(cell, stepOptions());
}

const operand = fc.constantFrom(
  'V',
  'n',
  'celsius',
  'Ca_in',
  '1',
  '0',
  '1e300',
  '5 mV',
  '0.1/ms',
  'Q',
  '_',
  '(',
  ')',
  'exp(',
);
const operator = fc.constantFrom('+', '-', '*', '/', '^', '?', ':', '<', '==', '&&', ',', ' ', '!');
const formula = fc
  .array(fc.tuple(operand, operator), { maxLength: 60 })
  .map((parts) => parts.flat().join(''));

export const mechanismReaders: FuzzedReader[] = [
  {
    name: 'mechanism file (text)',
    input: damagedText(...Object.values(MECHANISM_FILES), ...Object.values(CELL_FILES)),
    read: use,
    refusals: [CircuitError],
    limitSeconds: 5,
  },
  {
    name: 'cells of mechanisms (text)',
    input: damagedText(cells),
    read: use,
    refusals: [CircuitError],
    limitSeconds: 10,
    share: 0.2,
  },
  {
    name: 'formula of a mechanism',
    input: fc.oneof(
      formula,
      fc.tuple(formula, fc.nat(900)).map(([text, n]) => `${'('.repeat(n)}${text}`),
      fc.string(),
    ),
    read: (text: string) =>
      use(
        JSON.stringify({
          mechanisms: {
            x: { channel: 'K', open: 'n', states: { n: { inf: text, tau: '5' } }, let: { a: text } },
          },
        }),
      ),
    refusals: [CircuitError],
    limitSeconds: 5,
  },
  {
    name: 'cell (document)',
    input: anyJson,
    read: (membrane: unknown) =>
      use(JSON.stringify({ cellTypes: { x: { C_uF_cm2: 1, area_um2: 1, membrane } } })),
    refusals: [CircuitError],
    limitSeconds: 5,
  },
];
