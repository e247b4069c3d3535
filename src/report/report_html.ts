import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CircuitAnalysis } from '../analysis/analyze_circuit.js';
import { escapeXml } from '../model/xml_text.js';
import { panelContext } from './dashboard.js';
import { description, type RunDescription, summaryFigures } from './header.js';
import type { InteractiveChart } from './interactive/chart_data.js';
import { connectivityTables } from './interactive/connectivity_tables.js';
import { DEFINITIONS, type Definition } from './interactive/definitions.js';
import { mendLanguage } from './interactive/page_language.js';
import { PAGE_SCRIPT } from './interactive/page_script.js';
import { PAGE_STYLE } from './interactive/page_style.js';
import {
  cellTypeCharts,
  connectivityCharts,
  spikeCharts,
  variabilityCharts,
} from './interactive/population_charts.js';
import { proxyCharts } from './interactive/proxy_charts.js';
import {
  balanceCharts,
  coherenceCharts,
  lfpCharts,
  spectrogramCharts,
  spectrumCharts,
} from './interactive/signal_charts.js';
import {
  balanceTables,
  bandTables,
  cellTypeTable,
  couplingTables,
  proxyTables,
} from './interactive/tables.js';
import type { PanelContext } from './panel.js';

/** The dashboard's panels as one self-contained page: zoom by dragging, values under the cursor, definitions. */

interface Section {
  readonly title: string;
  readonly charts: (context: PanelContext) => InteractiveChart[];
  readonly tables: (context: PanelContext) => string;
  readonly definitions: readonly Definition[];
  /** What the data lacks where there is no chart. */
  readonly missing: string;
}

const noTable = () => '';

/** In the order and with the numbers of the dashboard. */
const SECTIONS: readonly Section[] = [
  {
    title: 'Spikes and population rates',
    charts: spikeCharts,
    tables: noTable,
    definitions: DEFINITIONS.spikes,
    missing: 'No spikes.',
  },
  {
    title: 'Local field potential',
    charts: (context) => [...lfpCharts(context), ...proxyCharts(context)],
    tables: proxyTables,
    definitions: DEFINITIONS.lfp,
    missing: 'The data has no field potential.',
  },
  {
    title: 'LFP power spectrum',
    charts: spectrumCharts,
    tables: bandTables,
    definitions: DEFINITIONS.spectrum,
    missing: 'No spectrum.',
  },
  {
    title: 'Spectrogram',
    charts: spectrogramCharts,
    tables: noTable,
    definitions: DEFINITIONS.spectrogram,
    missing: 'No spectrogram.',
  },
  {
    title: 'Spike-LFP coherence',
    charts: coherenceCharts,
    tables: couplingTables,
    definitions: DEFINITIONS.coherence,
    missing: 'No coherence.',
  },
  {
    title: 'Excitation-inhibition balance',
    charts: balanceCharts,
    tables: balanceTables,
    definitions: DEFINITIONS.balance,
    missing: 'The data has no synaptic currents.',
  },
  {
    title: 'Intervals, CV and Fano factor',
    charts: variabilityCharts,
    tables: noTable,
    definitions: DEFINITIONS.variability,
    missing: 'No intervals.',
  },
  {
    title: 'Cell types by rate and regularity',
    charts: cellTypeCharts,
    tables: cellTypeTable,
    definitions: DEFINITIONS.cellTypes,
    missing: 'No neuron has enough spikes.',
  },
  {
    title: 'Connectivity and motifs',
    charts: connectivityCharts,
    tables: connectivityTables,
    definitions: DEFINITIONS.connectivity,
    missing: 'The data has no edges.',
  },
];

/**
 * Nothing may be loaded: the page works as an attachment or from a USB stick, and does not report that it was opened.
 */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:";

/** report.html: no network requests, the same bytes for the same analysis and description. */
export function renderReport(analysis: CircuitAnalysis, run: RunDescription): string {
  const context = panelContext(analysis);
  const charts: InteractiveChart[] = [];
  const sections = SECTIONS.map((section, index) => {
    const own = section.charts(context);
    const first = charts.length;
    charts.push(...own);
    return sectionHtml(section, index + 1, own, first, context);
  });
  const { results } = analysis;
  const figures = summaryFigures(results, run).map(
    ({ label, value, unit }) => `<div>${escapeXml(label)}<b>${escapeXml(`${value} ${unit}`)}</b></div>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(run.name)}</title>
<style>${library('uplot/dist/uPlot.min.css')}${PAGE_STYLE}</style>
</head>
<body>
<h1>${escapeXml(run.name)}${run.complete ? '' : ' (incomplete run)'}</h1>
<p class="about">${escapeXml(description(results, run))}</p>
<div class="figures">${figures.join('')}</div>
<p class="about">Drag across a chart to zoom, double-click to zoom out; charts over time move together. The cursor shows values.</p>
${sections.join('\n')}
<section><details><summary>results.json</summary><pre>${escapeXml(JSON.stringify(results, null, 1))}</pre></details></section>
<script type="application/json" id="charts">${JSON.stringify(charts).replace(/</g, '\\u003c')}</script>
<script>
${mendLanguage}
mendLanguage();
</script>
<script>${library('uplot/dist/uPlot.iife.min.js')}</script>
<script>
${PAGE_SCRIPT}
startPage(uPlot, JSON.parse(document.getElementById('charts').textContent));
</script>
</body>
</html>
`;
}

function sectionHtml(
  section: Section,
  number: number,
  charts: readonly InteractiveChart[],
  first: number,
  context: PanelContext,
): string {
  const figures = charts.map((chart, k) => chartHtml(chart, first + k));
  const body = charts.length === 0 ? `<p class="about">${section.missing}</p>` : figures.join('\n');
  const definitions = section.definitions.map(
    ({ term, meaning, source }) =>
      `<dt>${escapeXml(term)}</dt><dd>${escapeXml(meaning)}<cite>${escapeXml(source)}</cite></dd>`,
  );
  return `<section id="panel-${number}"><h2><span>${number}</span>${escapeXml(section.title)}</h2>
${body}
<div class="scroll">${section.tables(context)}</div>
<details><summary>Definitions and sources</summary><dl>${definitions.join('')}</dl></details></section>`;
}

function chartHtml({ title, note, content }: InteractiveChart, index: number): string {
  const key =
    content.kind === 'points'
      ? content.groups
          .map(({ label, color }) => `<i style="background:${color}"></i>${escapeXml(label)}`)
          .join('')
      : '';
  return `<h3>${escapeXml(title)}</h3><div class="note">${escapeXml(note)}</div><div class="key">${key}</div><div class="chart" data-chart="${index}"></div>`;
}

function library(path: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(path), 'utf8');
}
