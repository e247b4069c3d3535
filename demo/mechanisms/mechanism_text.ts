import { isMap, isScalar, parseDocument } from 'yaml';
import type { Circuit } from '../../src/index.js';
import { mechanismYaml } from '../../src/io/mechanism_yaml.js';
import { MECHANISM_FILES } from '../../src/mechanism/library.generated.js';
import { type MechanismEdits, type MechanismUse, parameterKey } from './edits.js';

/**
 * The text of a mechanism as it is in one membrane: that of the page's edits, of the circuit or of the library, with the numbers
 * of this membrane.
 */
export function textOfUse(circuit: Circuit, edits: MechanismEdits, use: MechanismUse): string {
  const { mechanism: name } = use;
  const entry = circuit.cellTypes[use.cell].membrane[use.label];
  const text = Object.hasOwn(edits.mechanisms, name)
    ? edits.mechanisms[name]
    : Object.hasOwn(circuit.mechanisms, name)
      ? mechanismYaml({ [name]: { ...circuit.mechanisms[name], reference: [] } })
      : withoutReference(MECHANISM_FILES[name], name);
  return withParameters(text, name, (key) => edits.parameters[parameterKey(use, key)] ?? entry[key]);
}

/** A text with other numbers of parameters, the rest as it is written. */
export function withParameters(text: string, name: string, numberOf: (key: string) => unknown): string {
  const parameters = parseDocument(text).getIn(['mechanisms', name, 'parameters']);
  if (!isMap(parameters)) return text;
  let result = text;
  // From the end, so that the places of the others stay.
  for (const { key, value } of [...parameters.items].reverse()) {
    if (!isScalar(key) || !isScalar(value) || !value.range) continue;
    const number = numberOf(String(key.value));
    if (typeof number !== 'number' || number === value.value) continue;
    result = result.slice(0, value.range[0]) + String(number) + result.slice(value.range[1]);
  }
  return result;
}

/** The reference values of a library's mechanism hold for its own numbers and formulas alone. */
function withoutReference(text: string, name: string): string {
  const mechanism = parseDocument(text).getIn(['mechanisms', name]);
  if (!isMap(mechanism)) return text;
  const pair = mechanism.items.find(({ key }) => isScalar(key) && key.value === 'reference');
  if (!pair || !isScalar(pair.key) || !pair.key.range || !isRanged(pair.value)) return text;
  const start = text.lastIndexOf('\n', pair.key.range[0]) + 1;
  return text.slice(0, start) + text.slice(pair.value.range[2]);
}

const isRanged = (node: unknown): node is { range: [number, number, number] } =>
  typeof node === 'object' && node !== null && Array.isArray((node as { range?: unknown }).range);
