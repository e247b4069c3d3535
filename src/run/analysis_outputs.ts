import { writeFile } from 'node:fs/promises';
import type { CircuitAnalysis } from '../analysis/analyze_circuit.js';
import type { OutputFolder } from '../io/run_folder/output_folder.js';
import { type NeuronIdentity, writeCoherence, writeNeurons, writeSpectrum } from '../io/tables/run_tables.js';
import type { RunDescription } from '../report/header.js';

/**
 * Writes what an analysis found: results.json, neurons.csv, spectrum.csv, coherence.csv, dashboard.svg and .png,
 * report.html. If nothing was analysed, only neurons.csv.
 */
export async function writeAnalysis(
  folder: OutputFolder,
  analysis: CircuitAnalysis | null,
  identities: Iterable<NeuronIdentity>,
  run: RunDescription,
): Promise<void> {
  await writeNeurons(folder.file('neurons.csv'), identities, analysis?.firing ?? null);
  if (!analysis) return;
  const { results, oscillation, coherence, activity } = analysis;
  await folder.writeJson('results.json', results);
  await writeSpectrum(folder.file('spectrum.csv'), oscillation.arrays?.psd ?? null);
  await writeCoherence(
    folder.file('coherence.csv'),
    coherence.pooled?.coherence ?? null,
    Object.fromEntries(
      activity.groups.map(({ name }, g) => [name, coherence.populations[g].coherence?.coherence ?? null]),
    ),
  );
  const { renderDashboard } = await import('../report/dashboard.js');
  const { renderReport } = await import('../report/report_html.js');
  const { svg, png } = renderDashboard(analysis, run);
  await writeFile(folder.file('dashboard.svg'), svg);
  await writeFile(folder.file('dashboard.png'), png);
  await writeFile(folder.file('report.html'), renderReport(analysis, run));
}
