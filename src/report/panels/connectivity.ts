import * as Plot from '@observablehq/plot';
import { TRIAD_NAMES } from '../../analysis/connectivity/triad_classes.js';
import type { ConnectivityArrays } from '../../analysis/sections/connectivity_section.js';
import { type Box, chart, gridLines, MARGIN } from '../chart.js';
import { missing, type Panel, type PanelContext } from '../panel.js';
import { fitText, textWidth } from '../text.js';
import { COLOR, SIZE } from '../theme.js';
import { triadGlyph } from '../triad_glyph.js';

/** Connection probability between populations, degrees, and triads against random graphs. */

const CONNECTED_TRIADS = TRIAD_NAMES.slice(3);
/** Below this cell size in px the probabilities are colours only. */
const CELL_TEXT_MIN = 46;
const TRIAD_MARGIN_BOTTOM = 82;

export const connectivityPanel: Panel = {
  title: 'Connectivity and motifs',
  draw(context, area) {
    const { arrays, results } = context.analysis.connectivity;
    if (!arrays) {
      return { body: missing(area, 'No connectivity: the data has no edges.'), caption: 'n = 0 edges.' };
    }
    const left = { ...area, width: area.width * 0.42 };
    const right = { ...area, x: area.x + left.width, width: area.width - left.width };
    const upper = { ...right, height: right.height * 0.56 };
    const lower = { ...right, y: right.y + upper.height, height: right.height - upper.height };
    const number = (value: number | null) => (value === null ? '-' : value.toFixed(3));
    const triads = arrays.nulls
      ? `Triads: z against ${arrays.nulls.graphs} random graphs that keep each neuron's degrees to and from each population; dashed ±2.`
      : 'Triads: counts.';
    return {
      body:
        drawBlocks(context, arrays, left) + drawTriads(context, arrays, upper) + drawDegrees(arrays, lower),
      legend: [
        { label: 'in-degree', color: COLOR.gamma },
        { label: 'out-degree', color: COLOR.significance, dash: '7 5' },
      ],
      caption:
        `n = ${arrays.edges} edges, directed, weights ignored. Left: edges over possible ones. Density ${number(results.density)}, reciprocity ${number(results.reciprocity)}, ` +
        `clustering ${number(results.clustering)} (Fagiolo), transitivity ${number(results.transitivity)}. ${triads}`,
    };
  },
};

function drawBlocks({ styles }: PanelContext, arrays: ConnectivityArrays, box: Box): string {
  const names = styles.map(({ name }) => name);
  const cells = names.flatMap((source, s) =>
    names.map((target, t) => ({ source, target, value: arrays.blockProbabilities[s * names.length + t] })),
  );
  const highest = Math.max(0, ...cells.map(({ value }) => value).filter(Number.isFinite));
  const margin = { left: MARGIN.left, top: 58, right: 24, bottom: 20 };
  const cellSize = (box.width - margin.left - margin.right) / names.length;
  const axis = { domain: names, tickSize: 0 };
  // Names that do not fit above their column are replaced by the number of their row.
  const isNumbered = names.some((name) => textWidth(name, SIZE.tick) > cellSize - 6);
  const rowLabel = (name: string, row: number) => (isNumbered ? `${row + 1} ${name}` : name);
  const columnLabel = (name: string, column: number) => (isNumbered ? `${column + 1}` : name);
  const labels = Plot.text(cells, {
    x: 'target',
    y: 'source',
    text: ({ value }) => (Number.isFinite(value) ? probabilityText(value) : '-'),
    fill: ({ value }) => (value > 0.6 * highest ? COLOR.page : COLOR.text),
    fontSize: SIZE.tick,
  });
  return chart(box, {
    marginTop: margin.top,
    marginBottom: margin.bottom,
    marginRight: margin.right,
    x: { ...axis, tickFormat: columnLabel, axis: 'top', label: 'Target', labelOffset: 50 },
    y: {
      ...axis,
      tickFormat: (name: string, row: number) => fitText(rowLabel(name, row), 46, SIZE.tick),
      label: 'Source',
    },
    color: { type: 'linear', scheme: 'viridis', domain: [0, highest || 1] },
    marks: [
      Plot.cell(cells, { x: 'target', y: 'source', fill: 'value', inset: 1.5 }),
      ...(cellSize >= CELL_TEXT_MIN ? [labels] : []),
    ],
  });
}

/** Two decimals, or one digit of a smaller probability. */
function probabilityText(value: number): string {
  return value === 0 || value >= 0.01 ? value.toFixed(2) : `${Number(value.toPrecision(1))}`;
}

/** z-scores where random graphs were made, else counts; a drawing of each triad below its bar. */
function drawTriads({ analysis }: PanelContext, { nulls }: ConnectivityArrays, box: Box): string {
  const { triads, triadZ } = analysis.results.connectivity;
  const values = nulls ? triadZ : triads;
  const bars = CONNECTED_TRIADS.flatMap((name, place) => {
    const value = values?.[name] ?? null;
    return value === null || (!nulls && value === 0) ? [] : [{ place, value }];
  });
  const bar = { x1: (d: { place: number }) => d.place - 0.36, x2: (d: { place: number }) => d.place + 0.36 };
  const highest = Math.max(3, ...bars.map(({ value }) => Math.abs(value)));
  const body = chart(box, {
    marginBottom: TRIAD_MARGIN_BOTTOM,
    x: {
      domain: [-0.5, CONNECTED_TRIADS.length - 0.5],
      label: null,
      ticks: CONNECTED_TRIADS.map((_, place) => place),
      tickFormat: (place: number) => CONNECTED_TRIADS[place],
      tickSize: 0,
      tickPadding: 34,
      tickRotate: -50,
    },
    y: nulls
      ? { domain: [-highest, highest], nice: true, label: 'Triads, z', ticks: 5, tickFormat: '~s' }
      : { type: 'log', label: 'Triads', ticks: 4, tickFormat: '~s' },
    marks: [
      Plot.gridY({ stroke: COLOR.grid, strokeOpacity: 1 }),
      Plot.rectY(bars, { ...bar, y1: nulls ? 0 : 1, y2: 'value', fill: COLOR.aperiodic }),
      ...(nulls
        ? [
            Plot.ruleY([-2, 2], { stroke: COLOR.significance, strokeDasharray: '7 5', strokeWidth: 1.6 }),
            Plot.ruleY([0], { stroke: COLOR.axis }),
          ]
        : []),
    ],
  });
  const slot = (box.width - MARGIN.left - MARGIN.right) / CONNECTED_TRIADS.length;
  const y = box.y + box.height - TRIAD_MARGIN_BOTTOM + 20;
  const glyphs = CONNECTED_TRIADS.map((name, place) =>
    triadGlyph(name, box.x + MARGIN.left + (place + 0.5) * slot, y, COLOR.text),
  );
  return body + glyphs.join('');
}

function drawDegrees(arrays: ConnectivityArrays, box: Box): string {
  const histogram = (degrees: Uint32Array, color: string, dash: string) =>
    Plot.lineY(
      Array.from(degrees),
      Plot.binX<Plot.LineYOptions>(
        { y: 'count' },
        {
          x: (degree: number) => degree,
          thresholds: 24,
          stroke: color,
          strokeWidth: 2.2,
          strokeDasharray: dash,
          curve: 'step',
        },
      ),
    );
  return chart(box, {
    x: { label: 'Degree', ticks: 6, nice: true },
    y: { label: 'Neurons', ticks: 4, tickFormat: '~s', nice: true },
    marks: [
      ...gridLines(),
      histogram(arrays.inDegrees, COLOR.gamma, 'none'),
      histogram(arrays.outDegrees, COLOR.significance, '7 5'),
    ],
  });
}
