import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CELL_FILES, MECHANISM_FILES } from '../../src/mechanism/library.generated.js';
import { libraryMechanisms } from '../../src/mechanism/library.js';
import { parseMechanismFile } from '../../src/mechanism/mechanism_file.js';
import { stepWgsl } from '../../src/mechanism/step_wgsl.js';
import { stepOptions } from '../mechanism/step_options.js';

const repository = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/mechanisms.md', repository), 'utf8');

interface ReferenceTool {
  mechanismReference(mechanisms: object, mechanismFiles: object, cellFiles: object): string;
}

test('the library in docs/mechanisms.md is that of mechanisms/ and cells/', async () => {
  const tool: ReferenceTool = await import(new URL('tools/mechanism_reference.mjs', repository).href);
  const reference = tool.mechanismReference(libraryMechanisms(), MECHANISM_FILES, CELL_FILES);
  expect(reference).toContain('### na-hh52\n\nTransient sodium current');
  expect(page).toContain(`\n\n${reference}\n\n`);
});

describe('every example of docs/mechanisms.md compiles', () => {
  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1]);
  test('there are examples', () => {
    expect(examples.length).toBeGreaterThan(20);
  });

  test.each(examples.map((text) => [/\n {2}(\S+):/.exec(text)?.[1], text]))('%s', (_, text) => {
    const { mechanisms, cells } = parseMechanismFile(text ?? '', 'docs/mechanisms.md', libraryMechanisms());
    expect(mechanisms.size + cells.size).toBeGreaterThan(0);
    for (const cell of cells.values()) stepWgsl(cell, stepOptions());
  });
});
