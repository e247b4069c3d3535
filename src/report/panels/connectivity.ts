import * as Plot from '@observablehq/plot';
import { TRIAD_NAMES } from '../../analysis/connectivity/triad-classes.js';
import { type Box, chart, gridLines } from '../chart.js';
import { missing, type Panel, type PanelContext } from '../panel.js';
import { COLOR, SIZE } from '../theme.js';

/** Connection probability between populations, degrees, and the census of triads. */

export const connectivityPanel: Panel = {
  title: 'Connectivity and motifs',
  draw(context, area) {
    const { arrays, results } = context.analysis.connectivity;
    if (!arrays) {
      return { body: missing(area, 'No connectivity: the data has no edges.'), caption: 'n = 0 edges.' };
    }
    const left = { ...area, width: area.width * 0.42 };
    const right = { ...area, x: area.x + left.width, width: area.width - left.width };
    const upper = { ...right, height: right.height * 0.52 };
    const lower = { ...right, y: right.y + upper.height, height: right.height - upper.height };
    const number = (value: number | null) => (value === null ? '-' : value.toFixed(3));
    return {
      body: drawBlocks(context, left) + drawTriads(context, upper) + drawDegrees(context, lower),
      legend: [
        { label: 'in', color: COLOR.gamma },
        { label: 'out', color: COLOR.significance, dash: '7 5' },
      ],
      caption:
        `n = ${arrays.edges} edges among ${context.analysis.activity.neurons} neurons, directed, weights ignored. Left: edges over possible edges, rows sources. ` +
        `Density ${number(results.density)}, reciprocity ${number(results.reciprocity)}, clustering (Fagiolo) ${number(results.clustering)}, ` +
        `transitivity ${number(results.transitivity)}. Triads by MAN code.`,
    };
  },
};

function drawBlocks({ analysis, styles }: PanelContext, box: Box): string {
  const { arrays } = analysis.connectivity;
  const names = styles.map(({ name }) => name);
  const cells = names.flatMap((source, s) =>
    names.map((target, t) => ({
      source,
      target,
      value: arrays?.blockProbabilities[s * names.length + t] ?? Number.NaN,
    })),
  );
  const highest = Math.max(...cells.map(({ value }) => value).filter(Number.isFinite), 0);
  const isLight = (value: number) => value > 0.6 * highest;
  return chart(box, {
    marginTop: 58,
    marginBottom: 20,
    marginRight: 24,
    x: { domain: names, axis: 'top', label: 'Target', tickSize: 0, labelOffset: 50 },
    y: { domain: names, label: 'Source', tickSize: 0 },
    color: { type: 'linear', scheme: 'viridis', domain: [0, highest || 1] },
    marks: [
      Plot.cell(cells, { x: 'target', y: 'source', fill: 'value', inset: 1.5 }),
      Plot.text(cells, {
        x: 'target',
        y: 'source',
        text: (d) => (Number.isFinite(d.value) ? d.value.toFixed(2) : '-'),
        fill: (d) => (isLight(d.value) ? COLOR.page : COLOR.text),
        fontSize: SIZE.tick,
      }),
    ],
  });
}

function drawTriads({ analysis }: PanelContext, box: Box): string {
  const { triads } = analysis.results.connectivity;
  const connected = TRIAD_NAMES.slice(3);
  const bars = connected
    .map((name) => ({ name, count: triads?.[name] ?? 0 }))
    .filter(({ count }) => count > 0);
  return chart(box, {
    marginBottom: 58,
    x: { domain: [...connected], label: null, tickSize: 0, tickRotate: -55 },
    y: { type: 'log', label: 'Triads', ticks: 4, tickFormat: '~s' },
    marks: [
      ...gridLines().slice(1),
      Plot.barY(bars, { x: 'name', y1: 1, y2: 'count', fill: COLOR.aperiodic, inset: 1 }),
    ],
  });
}

function drawDegrees({ analysis }: PanelContext, box: Box): string {
  const { arrays } = analysis.connectivity;
  const histogram = (degrees: Uint32Array, color: string, dash: string) =>
    Plot.lineY(
      Array.from(degrees),
      Plot.binX<Plot.LineYOptions>(
        { y: 'count' },
        {
          x: (d: number) => d,
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
    y: { label: 'Neurons', ticks: 4, nice: true },
    marks: arrays
      ? [
          ...gridLines(),
          histogram(arrays.inDegrees, COLOR.gamma, 'none'),
          histogram(arrays.outDegrees, COLOR.significance, '7 5'),
        ]
      : [],
  });
}
