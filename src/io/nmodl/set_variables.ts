import { arrayOf } from './pass.js';
import type { ModFile, Statement } from './syntax.js';

/** Whether a file sets a variable of its own, which is 0 before. */
export function isSetIn({ assigned, blocks, breakpoint, initial }: ModFile, variable: string): boolean {
  if (!assigned.has(arrayOf(variable))) return false;
  const bodies = [breakpoint ?? [], initial, ...[...blocks.values()].map(({ body }) => body)];
  return bodies.some((body) => sets(body, arrayOf(variable)));
}

function sets(body: readonly Statement[], variable: string): boolean {
  return body.some((statement) => {
    if (statement.kind === 'assign') return statement.target.name === variable;
    if (statement.kind === 'if') return sets(statement.yes, variable) || sets(statement.no, variable);
    return statement.kind === 'loop' && sets(statement.body, variable);
  });
}
