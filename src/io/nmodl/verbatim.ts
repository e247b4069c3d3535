/** Code without comments, split into its statements. */
function statementsOf(code: string): string[] {
  return code
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/[^\n]*/g, ' ')
    .replace(/^[ \t]*#[ \t]*(include|pragma)\b[^\n]*$/gm, ' ')
    .split(';')
    .map((statement) => statement.replace(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '');
}

const MEANINGLESS = [
  /^return(?: ?\(?[01](?:\.0?)?\)?)?$/,
  /^(?:static )?(?:const )?char \*?\w+(?: ?\[\d*\])? ?= ?"[^"]*"$/,
  /^extern [\w *]+(?:\([\w *,]*\))?$/,
];

/** Whether C code computes nothing: comments, includes, declarations, a version's text, `return 0`. */
export function isEmptyCode(code: string): boolean {
  return statementsOf(code).every((statement) => MEANINGLESS.some((form) => form.test(statement)));
}

/** The ion variables that C code only reads from NEURON's own copy (`cai = _ion_cai;`), or null if it does more. */
export function readsIonDirectly(code: string): string[] | null {
  const names: string[] = [];
  for (const statement of statementsOf(code)) {
    if (MEANINGLESS.some((form) => form.test(statement))) continue;
    const match = /^(\w+) ?= ?_ion_(\w+)$/.exec(statement);
    if (!match || match[1] !== match[2]) return null;
    names.push(match[1]);
  }
  return names.length > 0 ? names : null;
}
