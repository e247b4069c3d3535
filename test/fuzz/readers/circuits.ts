import fc from 'fast-check';
import { stringify } from 'yaml';
import { type CircuitFile, resolveCircuit } from '../../../src/model/circuit_file.js';
import { parseOverride } from '../../../src/model/circuit_overrides.js';
import { PRESETS } from '../../../src/model/presets.js';
import { CircuitError } from '../../../src/text/circuit_error.js';
import { SMALL_CIRCUIT } from '../../run/small_circuit.js';
import { anyJson, damagedJson, damagedText } from '../mutation.js';
import type { FuzzedReader } from '../reader.js';

const refusals = [CircuitError];
const documents = [...Object.values(PRESETS), resolveCircuit(SMALL_CIRCUIT)];

/** What is said to be a circuit is one: it is read again as itself. */
function requireStable(circuit: object): void {
  const again = resolveCircuit(JSON.stringify(circuit));
  if (JSON.stringify(again) !== JSON.stringify(circuit)) throw new Error('read again, the circuit differs');
}

const VALID = [
  'populations.E.neurons=7',
  'simulation.dt_ms=0.02',
  'projections.0.delay_ms={ distribution: uniform, low: 1, high: 2 }',
  'cellTypes.pyramidal-rs.C_uF_cm2=1.1',
  'stimuli.0.rate_hz=900',
  'recording.lfp.electrodes.0.x_um=-5',
];
const HOSTILE = [
  '__proto__.x=1',
  'constructor.prototype.x=1',
  'populations.__proto__.neurons=1',
  '..=',
  '=',
  'x',
];
const assignment = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...VALID) },
  { weight: 3, arbitrary: damagedText(...VALID) },
  { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
);

export const circuitReaders: FuzzedReader[] = [
  {
    name: 'circuit file (text)',
    input: damagedText(
      SMALL_CIRCUIT,
      ...documents.map((d) => stringify(d)),
      ...documents.map((d) => JSON.stringify(d, null, 1)),
    ),
    read: (text: string) => requireStable(resolveCircuit(text)),
    refusals,
    limitSeconds: 5,
  },
  {
    name: 'circuit (document)',
    input: fc.oneof(
      { weight: 9, arbitrary: fc.oneof(...documents.map((valid) => damagedJson(valid))) },
      { weight: 1, arbitrary: anyJson },
    ),
    read: (document) => requireStable(resolveCircuit(document as CircuitFile)),
    refusals,
    limitSeconds: 5,
  },
  {
    name: 'override (--set)',
    input: fc.array(assignment, { minLength: 1, maxLength: 3 }),
    read: (assignments: string[]) =>
      requireStable(resolveCircuit(SMALL_CIRCUIT, { overrides: assignments.map(parseOverride) })),
    refusals,
    limitSeconds: 5,
  },
];
