import { readFile } from 'node:fs/promises';
import { fileError, InputError } from '../io/input_error.js';
import type { Circuit } from '../model/circuit.js';
import { resolveCircuit } from '../model/circuit_file.js';
import type { CircuitOverride } from '../model/circuit_overrides.js';
import { PRESETS } from '../model/presets/index.js';
import { didYouMean } from '../model/suggestion.js';

/** The circuit of a preset's name or of a .yaml or .json file. Throws InputError or CircuitError. */
export async function loadCircuit(
  nameOrFile: string,
  overrides: readonly CircuitOverride[],
): Promise<Circuit> {
  if (Object.hasOwn(PRESETS, nameOrFile))
    return resolveCircuit(PRESETS[nameOrFile], { source: nameOrFile, overrides });
  if (!/\.(ya?ml|json)$/i.test(nameOrFile))
    throw new InputError(
      `no preset is called "${nameOrFile}"${didYouMean(nameOrFile, Object.keys(PRESETS))}; a circuit file ends in .yaml, .yml or .json`,
    );
  let text: string;
  try {
    text = await readFile(nameOrFile, 'utf8');
  } catch (error) {
    throw fileError('read', nameOrFile, error);
  }
  return resolveCircuit(text, { source: nameOrFile, overrides });
}
