import { InputError } from '../io/input_error.js';
import { readCircuit } from '../io/read_circuit.js';
import type { Circuit } from '../model/circuit.js';
import { resolveCircuit } from '../model/circuit_file.js';
import type { CircuitOverride } from '../model/circuit_overrides.js';
import { PRESETS } from '../model/presets.js';
import { didYouMean } from '../text/suggestion.js';

/**
 * The circuit of a preset's name, of a .yaml or .json file or of a SONATA configuration. `onNote` gets what of the
 * latter is not simulated. Throws InputError or CircuitError.
 */
export async function loadCircuit(
  nameOrFile: string,
  overrides: readonly CircuitOverride[],
  onNote: (note: string) => void,
): Promise<Circuit> {
  if (Object.hasOwn(PRESETS, nameOrFile))
    return resolveCircuit(PRESETS[nameOrFile], { source: nameOrFile, overrides });
  if (!/\.(ya?ml|json)$/i.test(nameOrFile))
    throw new InputError(
      `no preset is called "${nameOrFile}"${didYouMean(nameOrFile, Object.keys(PRESETS))}; a circuit file or SONATA configuration ends in .yaml, .yml or .json`,
    );
  return readCircuit(nameOrFile, { overrides, onNote });
}
