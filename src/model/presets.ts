import type { CircuitFile } from './circuit_file.js';
import { CIRCUIT_FILES } from './presets.generated.js';

/** Circuits that the command line and the page know by name, as the files of circuits/ say them. */
export const PRESETS = CIRCUIT_FILES as Readonly<Record<string, CircuitFile>>;
