// Writes the library of docs/mechanisms.md from the built package. With --check it only reports whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { replaceGenerated } from './generated_section.mjs';

const page = fileURLToPath(new URL('../docs/mechanisms.md', import.meta.url));

/** Mechanisms and cells as Markdown: what they are, where they come from, their text. */
export function mechanismReference(mechanisms, mechanismFiles, cellFiles) {
  const sections = [...mechanisms.values()].map(({ name, about, paper, assumedUnits }) => {
    const text = mechanismFiles[name]
      .replace(/^ {4}(about|paper):.*\n/gm, '')
      .replace(/^ {4}reference:[\s\S]*$/m, '');
    const units = [
      ...new Set(
        assumedUnits.map(({ value, unit }) => `${value} ${unit === 'a pure number' ? '' : unit}`.trim()),
      ),
    ];
    return [
      `### ${name}`,
      `${sentence(about)} ${sentence(paper)}`,
      `\`\`\`yaml\n${text.trimEnd()}\n\`\`\``,
      ...(units.length > 0 ? [`Numbers were taken for ${units.join(', ')}.`] : []),
    ].join('\n\n');
  });
  const cells = Object.entries(cellFiles).map(
    ([name, text]) => `### ${name}\n\n\`\`\`yaml\n${text.trimEnd()}\n\`\`\``,
  );
  return [...sections, '## Cells of the library', ...cells].join('\n\n');
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { libraryMechanisms } = await import('../dist/mechanism/library.js');
  const { CELL_FILES, MECHANISM_FILES } = await import('../dist/mechanism/library.generated.js');
  const current = readFileSync(page, 'utf8');
  const updated = replaceGenerated(
    current,
    mechanismReference(libraryMechanisms(), MECHANISM_FILES, CELL_FILES),
  );
  if (process.argv.includes('--check')) {
    if (updated !== current) {
      console.error('docs/mechanisms.md does not match the library: run node tools/mechanism_reference.mjs');
      process.exitCode = 1;
    }
  } else writeFileSync(page, updated);
}
