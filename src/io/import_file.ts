import type { FileImporter } from './imported_file.js';
import { includesOfNeuroml, readNeuroml } from './neuroml/read_neuroml.js';
import { includesOfNmodl, readNmodl } from './nmodl/read_nmodl.js';

/** Files of other programs that mechanisms can be taken over from, by the ending of their names. */
export const FILE_IMPORTERS: Readonly<Record<string, FileImporter>> = {
  '.mod': {
    includes: includesOfNmodl,
    read: (text, source, beside) => {
      const { name, mechanism, notes } = readNmodl(text, source, beside);
      return { mechanisms: { [name]: mechanism }, cellTypes: {}, notes };
    },
  },
  '.nml': { includes: includesOfNeuroml, read: readNeuroml },
};

/** The importer for a file's name, or null. */
export function importerFor(file: string): FileImporter | null {
  const ending = Object.keys(FILE_IMPORTERS).find((known) => file.toLowerCase().endsWith(known));
  return ending === undefined ? null : FILE_IMPORTERS[ending];
}
