import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Writes a generated file of the repository; with --check it only reports whether the file is up to date with `sources`. */
export function writeGenerated(file, text, sources) {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  let current = '';
  try {
    current = readFileSync(path, 'utf8');
  } catch {}
  if (current === text) return;
  if (!process.argv.includes('--check')) return writeFileSync(path, text);
  console.error(`${file} does not match ${sources}: run npm run build`);
  process.exitCode = 1;
}
