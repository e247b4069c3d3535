import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const repository = new URL('../../', import.meta.url);

interface ReferenceTool {
  apiReference(): string;
}

test('docs/api.md has the declarations and docstrings of the sources', async () => {
  const tool: ReferenceTool = await import(new URL('tools/api_reference.mjs', repository).href);
  const reference = tool.apiReference();
  expect(reference).toContain(
    'function resolveCircuit(input: CircuitFile | string, options: ResolveOptions = {}): Circuit',
  );
  expect(readFileSync(new URL('docs/api.md', repository), 'utf8')).toContain(`\n\n${reference}\n\n`);
});
