import { createHash } from 'node:crypto';
import type { Circuit } from '../model/circuit.js';

/** JSON without spaces, the keys of every object in code-unit order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** SHA-256 (hex) of the resolved circuit as canonical JSON: equal for files that differ only in layout and defaults. */
export function circuitHash(circuit: Circuit): string {
  // The order of populations numbers the neurons, that of spike sources their rows and that of receptors the currents, so
  // it belongs to the circuit.
  const order = {
    populations: Object.keys(circuit.populations),
    spikeSources: Object.keys(circuit.spikeSources),
    receptors: Object.keys(circuit.receptors),
  };
  return createHash('sha256').update(canonicalJson({ circuit, order })).digest('hex');
}
