import { expect, it } from 'vitest';
import { circuitRows } from './circuit_rows.js';
import { referenceTable } from './row.js';
import { spectralRows } from './spectral_rows.js';
import { spikeRows } from './spike_rows.js';

/** Written anew by `npx vitest run test/analysis/reference_table --update`. */
const DOCUMENT = '../../../docs/analysis.md';

const TEXT = `# Analysis: every measure compared with a reference value

Each value under "this project" is computed by this project's code, and each reference value elsewhere. The cases are in
test/analysis/goldens, each with its source and its inputs. This page is written by
\`npx vitest run test/analysis/reference_table --update\`; the same test fails if the page differs from what the code computes.

If a case has several values, the one of largest magnitude is shown. The difference is the largest over all values, relative to
the value shown, and rounded up. Differences below 1e-11 are rounding errors.

`;

it('docs/analysis.md says what the code gives', async () => {
  const sections = [
    ['Spike trains', spikeRows()],
    ['Spectra, filters and oscillations', spectralRows()],
    ['Coupling, LFP and connectivity', circuitRows()],
  ] as const;
  const tables = sections.map(([title, rows]) => `## ${title}\n\n${referenceTable(rows)}`);
  await expect(TEXT + tables.join('\n')).toMatchFileSnapshot(DOCUMENT);
});
