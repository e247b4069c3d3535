import { Resvg } from '@resvg/resvg-js';
import type { CircuitAnalysis } from '../analysis/analyze_circuit.js';
import { drawHeader, type RunDescription } from './header.js';
import { drawPanel, type Panel, type PanelContext } from './panel.js';
import { balancePanel } from './panels/balance.js';
import { cellTypesPanel } from './panels/cell_types.js';
import { coherencePanel } from './panels/coherence.js';
import { connectivityPanel } from './panels/connectivity.js';
import { lfpPanel } from './panels/lfp.js';
import { rasterPanel } from './panels/raster.js';
import { spectrogramPanel } from './panels/spectrogram.js';
import { spectrumPanel } from './panels/spectrum.js';
import { variabilityPanel } from './panels/variability.js';
import { FONT_FILES } from './text.js';
import { COLOR, FONT_FAMILY, populationStyles } from './theme.js';

/** In reading order. */
const PANELS: readonly Panel[] = [
  rasterPanel,
  lfpPanel,
  spectrumPanel,
  spectrogramPanel,
  coherencePanel,
  balancePanel,
  variabilityPanel,
  cellTypesPanel,
  connectivityPanel,
];

const COLUMNS = 3;
const MARGIN = 24;
const HEADER_HEIGHT = 150;
const PANEL = { width: 768, height: 560 } as const;
const WIDTH = 2 * MARGIN + COLUMNS * PANEL.width + (COLUMNS - 1) * MARGIN;
const HEIGHT = HEADER_HEIGHT + (PANELS.length / COLUMNS) * (PANEL.height + MARGIN);

/** Panels with single spikes and waves show this much of the window. */
const EXCERPT_MS = 1000;

export interface Dashboard {
  readonly svg: string;
  /** The SVG at its native size, 2400 px wide. */
  readonly png: Uint8Array;
}

/**
 * Draws the nine panels and the summary figures. The same analysis and description give the same bytes.
 *
 * @param run what produced the data; what is not known is null and is left out
 */
export function renderDashboard(analysis: CircuitAnalysis, run: RunDescription): Dashboard {
  const svg = dashboardSvg(analysis, run);
  return { svg, png: rasterize(svg) };
}

function dashboardSvg(analysis: CircuitAnalysis, run: RunDescription): string {
  const context = panelContext(analysis);
  const panels = PANELS.map((panel, index) =>
    drawPanel(panel, index + 1, context, {
      x: MARGIN + (index % COLUMNS) * (PANEL.width + MARGIN),
      y: HEADER_HEIGHT + Math.floor(index / COLUMNS) * (PANEL.height + MARGIN),
      ...PANEL,
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="${FONT_FAMILY}, sans-serif">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${COLOR.page}"/>`,
    drawHeader(analysis.results, run, { x: MARGIN, y: 0, width: WIDTH - 2 * MARGIN, height: HEADER_HEIGHT }),
    ...panels,
    '</svg>\n',
  ].join('\n');
}

/** What panels share: styles by population, and the first second of the window as excerpt. */
export function panelContext(analysis: CircuitAnalysis): PanelContext {
  const { groups, window } = analysis.activity;
  return {
    analysis,
    styles: populationStyles(groups),
    excerpt: { startMs: window.startMs, stopMs: Math.min(window.stopMs, window.startMs + EXCERPT_MS) },
  };
}

/** An SVG of the dashboard's font at its native size, as PNG. */
export function rasterize(svg: string): Uint8Array {
  const font = { loadSystemFonts: false, fontFiles: FONT_FILES, defaultFontFamily: FONT_FAMILY };
  return new Resvg(svg, { font }).render().asPng();
}
