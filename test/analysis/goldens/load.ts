import { readFileSync } from 'node:fs';

/** One reference case: values computed elsewhere, with their source and the tolerance they hold to. */
export interface GoldenCase {
  readonly id: string;
  readonly source: string;
  // biome-ignore lint/suspicious/noExplicitAny: each case has a shape of its own
  readonly inputs: any;
  // biome-ignore lint/suspicious/noExplicitAny: each case has a shape of its own
  readonly expected: any;
  readonly tol: Readonly<Record<string, number>>;
}

/** The case `id` of the family file `family`.json. */
export function golden(family: string, id: string): GoldenCase {
  const path = new URL(`./${family}.json`, import.meta.url);
  const cases: GoldenCase[] = JSON.parse(readFileSync(path, 'utf8'));
  const found = cases.find((c) => c.id === id);
  if (!found) throw new Error(`no golden case '${id}' in ${family}.json`);
  return found;
}
