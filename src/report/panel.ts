import type { CircuitAnalysis } from '../analysis/analyze_circuit.js';
import type { Box } from './chart.js';
import { fitText, round, svgText, textWidth, wrapText } from './text.js';
import { COLOR, type PopulationStyle, SIZE } from './theme.js';

/** A panel: title, key, drawing and a caption with n, method and parameters. */

/** What all panels draw from. */
export interface PanelContext {
  readonly analysis: CircuitAnalysis;
  readonly styles: readonly PopulationStyle[];
  /** The stretch that panels with single spikes and waves show, ms. */
  readonly excerpt: { readonly startMs: number; readonly stopMs: number };
}

/** What a panel draws within the area that the frame leaves it. */
export interface PanelDrawing {
  readonly body: string;
  readonly legend?: readonly LegendItem[];
  readonly caption: string;
}

export interface Panel<Context = PanelContext> {
  readonly title: string;
  draw(context: Context, area: Box): PanelDrawing;
}

export interface LegendItem {
  readonly label: string;
  readonly color: string;
  readonly dash?: string | null;
}

const PADDING = 18;
const TITLE_HEIGHT = 46;
const CAPTION_LINES = 3;
const LINE_HEIGHT = 21;
const SWATCH = 26;

/** The panel in its frame, numbered, at `box`. */
export function drawPanel<Context>(
  panel: Panel<Context>,
  number: number,
  context: Context,
  box: Box,
): string {
  const area = {
    x: box.x + PADDING,
    y: box.y + TITLE_HEIGHT,
    width: box.width - 2 * PADDING,
    height: box.height - TITLE_HEIGHT - CAPTION_LINES * LINE_HEIGHT - 20,
  };
  const { body, legend = [], caption } = panel.draw(context, area);
  const captionTop = box.y + box.height - 14 - (CAPTION_LINES - 1) * LINE_HEIGHT;
  const lines = captionLines(caption, area.width);
  const titleStart = box.x + PADDING + 24;
  const titleEnd = titleStart + textWidth(panel.title, SIZE.title, 600);
  return [
    `<g id="panel-${number}">`,
    `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="10" fill="${COLOR.panel}" stroke="${COLOR.edge}"/>`,
    svgText(`${number}`, box.x + PADDING, box.y + 32, { size: SIZE.title, weight: 600, fill: COLOR.gamma }),
    svgText(panel.title, titleStart, box.y + 32, { size: SIZE.title, weight: 600 }),
    drawLegend(legend, box.x + box.width - PADDING, box.y + 31, titleEnd),
    body,
    '<g class="caption">',
    ...lines.map((line, k) =>
      svgText(line, area.x, captionTop + k * LINE_HEIGHT, { size: SIZE.caption, fill: COLOR.muted }),
    ),
    '</g></g>',
  ].join('\n');
}

/** As many lines as there is room for; long names in external data may leave the last one cut short. */
function captionLines(caption: string, width: number): string[] {
  const lines = wrapText(caption, width, SIZE.caption);
  if (lines.length <= CAPTION_LINES) return lines;
  const rest = lines.slice(CAPTION_LINES - 1).join(' ');
  return [...lines.slice(0, CAPTION_LINES - 1), fitText(rest, width, SIZE.caption)];
}

/** Swatches and labels that end at `right`; where they do not fit after `left`, only their number. */
function drawLegend(items: readonly LegendItem[], right: number, baseline: number, left: number): string {
  const width = items.reduce((sum, { label }) => sum + textWidth(label, SIZE.note) + SWATCH + 22, 0);
  if (width > right - left) {
    const note = `${items.length} populations`;
    return svgText(note, right, baseline, { size: SIZE.note, fill: COLOR.muted, anchor: 'end' });
  }
  let x = right;
  const parts: string[] = [];
  for (const { label, color, dash } of [...items].reverse()) {
    x -= textWidth(label, SIZE.note);
    parts.push(svgText(label, x, baseline, { size: SIZE.note, fill: COLOR.text }));
    x -= SWATCH + 6;
    const pattern = dash ? ` stroke-dasharray="${dash}"` : '';
    parts.push(
      `<path d="M${round(x)},${baseline - 6}h${SWATCH}" stroke="${color}" stroke-width="3.5"${pattern}/>`,
    );
    x -= 16;
  }
  return parts.join('');
}

/** All values, or `count` of them at equal distances. */
export function evenlySpaced<T>(values: ArrayLike<T>, count: number): T[] {
  if (count >= values.length) return Array.from(values);
  return Array.from({ length: count }, (_, k) => values[Math.floor((k * values.length) / count)]);
}

/** The sentence in a panel whose data is missing. */
export function missing(area: Box, reason: string): string {
  const lines = wrapText(reason, area.width * 0.7, SIZE.label);
  const top = area.y + area.height / 2 - ((lines.length - 1) * 24) / 2;
  return lines
    .map((line, k) =>
      svgText(line, area.x + area.width / 2, top + 24 * k, { fill: COLOR.muted, anchor: 'middle' }),
    )
    .join('');
}

export function populationLegend(styles: readonly PopulationStyle[]): LegendItem[] {
  return styles.map(({ name, color, dash }) => ({ label: name, color, dash }));
}
