import { expect, test } from 'vitest';
import { canonicalJson, circuitHash } from '../../src/io/circuit_hash.js';
import { resolveCircuit } from '../../src/model/circuit_file.js';

const YAML = `name: two
populations:
  A: { cell: sst-lts, neurons: 2 }
  B: { cell: sst-lts, neurons: 3 }
`;
const hashOf = (text: string) => circuitHash(resolveCircuit(text));

test('canonical JSON orders the keys of every object', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null, u: undefined })).toBe(
    '{"a":null,"b":[{"c":2,"d":1}]}',
  );
});

test('the hash knows the circuit, not the layout of its file', () => {
  const json =
    '{ "populations": { "A": { "neurons": 2, "cell": "sst-lts" }, "B": { "cell": "sst-lts", "neurons": 3 } }, "name": "two", "simulation": { "seed": 42 } }';
  expect(hashOf(json)).toBe(hashOf(YAML));
  expect(hashOf(YAML)).toMatch(/^[0-9a-f]{64}$/);
});

test('the hash changes with any value and with the order of populations, which numbers the neurons', () => {
  const swapped = `name: two
populations:
  B: { cell: sst-lts, neurons: 3 }
  A: { cell: sst-lts, neurons: 2 }
`;
  const hashes = [YAML, swapped, YAML.replace('3', '4'), `${YAML}simulation: { seed: 43 }`].map(hashOf);
  expect(new Set(hashes).size).toBe(4);
});

test('the hash changes with every spike of a source and with the order of the sources', () => {
  const trains = (...sources: string[]) => `${YAML}spikeSources: { ${sources.join(', ')} }\n`;
  const hashes = [
    YAML,
    trains('a: { trains_ms: [[1, 2]] }', 'b: { trains_ms: [[3]] }'),
    trains('b: { trains_ms: [[3]] }', 'a: { trains_ms: [[1, 2]] }'),
    trains('a: { trains_ms: [[1, 2.025]] }', 'b: { trains_ms: [[3]] }'),
    trains('a: { trains_ms: [[1], [2]] }', 'b: { trains_ms: [[3]] }'),
  ].map(hashOf);
  expect(new Set(hashes).size).toBe(5);
});
