/** Imports of source files, read from their text. */
import { dirname, join } from 'node:path';

export interface Import {
  /** The imported file, as a path like that of the importing one, or a package. */
  readonly target: string;
  readonly isTypeOnly: boolean;
}

const STATEMENT = /^(?:import|export)\s+(type\s)?(?:([^'";]*?)\s+from\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g;

/** The imports of one file's text, types and dynamic imports included. */
export function importsOf(file: string, text: string): Import[] {
  const place = (specifier: string) =>
    specifier.startsWith('.') ? join(dirname(file), specifier).replace(/\.js$/, '.ts') : specifier;
  const stated = [...text.matchAll(STATEMENT)].map(([, type, names = '', specifier]) => ({
    target: place(specifier),
    isTypeOnly: type !== undefined || (/^\{(\s*type\s[^,}]*,?)+\s*\}$/.test(names) && names !== '{}'),
  }));
  const dynamic = [...text.matchAll(DYNAMIC)].map(([, specifier]) => ({
    target: place(specifier),
    isTypeOnly: false,
  }));
  return [...stated, ...dynamic];
}
