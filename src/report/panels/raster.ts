import { createCanvas } from '@napi-rs/canvas';
import * as Plot from '@observablehq/plot';
import type { SpikeTrains } from '../../analysis/data.js';
import { RATE_BIN_MS } from '../../analysis/sections/firing_section.js';
import { gaussianSmoothed } from '../../analysis/spiketrain/smoothing.js';
import { type Box, chart, domainOf, gridLines, MARGIN } from '../chart.js';
import { imageElement } from '../image_layer.js';
import { evenlySpaced, type Panel, type PanelContext } from '../panel.js';
import { fitText, svgText } from '../text.js';
import { COLOR, SIZE } from '../theme.js';

/** Spikes of the excerpt by population, and the population rates below them on the same time axis. */

const RATE_SMOOTHING_MS = 2;
/** Rows of the raster; where a circuit has more neurons, evenly spaced ones are shown. */
const MAX_ROWS = 600;
const GAP = 4;

export const rasterPanel: Panel = {
  title: 'Spikes and population rates',
  draw(context, area) {
    const { analysis, styles, excerpt } = context;
    const raster = { ...area, height: area.height * 0.6 };
    const rates = { ...area, y: area.y + raster.height, height: area.height - raster.height };
    const { body, rows } = drawRaster(context, {
      x: area.x + MARGIN.left,
      y: raster.y + MARGIN.top,
      width: area.width - MARGIN.left - MARGIN.right,
      height: raster.height - MARGIN.top,
    });
    const { neurons } = analysis.activity;
    const shown =
      rows === neurons ? `all ${neurons} neurons` : `${rows} of ${neurons} neurons, evenly spaced`;
    return {
      body: body + drawRates(context, rates),
      legend: styles.map(({ name, color }) => ({ label: name, color })),
      caption:
        `Top: spikes of ${shown}, ${excerpt.startMs}-${excerpt.stopMs} ms; row height differs by population. ` +
        `Bottom: rate per neuron, 1 ms bins, Gaussian kernel, sd ${RATE_SMOOTHING_MS} ms. ` +
        `n = ${analysis.firing.results.spikes} spikes in the ${seconds(analysis.activity.window)} s analysed.`,
    };
  },
};

const seconds = ({ startMs, stopMs }: { startMs: number; stopMs: number }) => (stopMs - startMs) / 1000;

/** Each population gets a band whose height goes with the root of its size, so that small ones stay legible. */
function drawRaster({ analysis, styles, excerpt }: PanelContext, box: Box): { body: string; rows: number } {
  const { groups, spikes, neurons } = analysis.activity;
  const weights = groups.map((group) => Math.sqrt(group.neurons.length));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const height = box.height - GAP * (groups.length - 1);
  // Two image pixels per pixel: dots stay sharp when the figure is enlarged.
  const canvas = createCanvas(2 * Math.round(box.width), 2 * Math.round(box.height));
  const context = canvas.getContext('2d');
  const labels: string[] = [];
  let bottom = box.height;
  let rows = 0;
  groups.forEach((group, index) => {
    const band = (height * weights[index]) / total;
    const shown = evenlySpaced(group.neurons, Math.ceil((MAX_ROWS * group.neurons.length) / neurons));
    rows += shown.length;
    context.fillStyle = styles[index].color;
    const rowHeight = (2 * band) / shown.length;
    const dot = Math.min(6, Math.max(2, rowHeight * 0.8));
    shown.forEach((neuron, row) => {
      for (const time of timesOf(spikes, neuron, excerpt)) {
        const x = (2 * box.width * (time - excerpt.startMs)) / (excerpt.stopMs - excerpt.startMs);
        context.fillRect(
          Math.round(x) - 1,
          Math.round(2 * bottom - (row + 0.5) * rowHeight - dot / 2),
          2.4,
          dot,
        );
      }
    });
    const middle = box.y + bottom - band / 2 + 6;
    labels.push(
      svgText(fitText(group.name, MARGIN.left - 14, SIZE.label), box.x - 10, middle, {
        size: SIZE.label,
        anchor: 'end',
        fill: styles[index].color,
      }),
    );
    bottom -= band + GAP;
  });
  const frame = `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="none" stroke="${COLOR.edge}"/>`;
  return { body: imageElement(canvas, box) + frame + labels.join(''), rows };
}

function drawRates({ analysis, styles, excerpt }: PanelContext, box: Box): string {
  const series = analysis.firing.populations.map(({ rate }) => {
    if (!rate) return [];
    const { values, startMs } = gaussianSmoothed(rate, RATE_SMOOTHING_MS);
    const data = Array.from(values, (y, k) => ({ x: startMs + (k + 0.5) * RATE_BIN_MS, y }));
    return data.filter(({ x }) => x >= excerpt.startMs && x <= excerpt.stopMs);
  });
  const lines = series.map((data, index) =>
    Plot.lineY(data, { x: 'x', y: 'y', stroke: styles[index].color, strokeWidth: 1.8 }),
  );
  return chart(box, {
    x: { domain: [excerpt.startMs, excerpt.stopMs], label: 'Time (ms)', ticks: 6, tickFormat: 'd' },
    y: { domain: [0, Math.max(1, domainOf(series.flat(), 0)[1])], label: 'Rate (Hz)', ticks: 4, nice: true },
    marks: [...gridLines(), ...lines],
  });
}

function timesOf(
  { timesMs, offsets }: SpikeTrains,
  neuron: number,
  excerpt: PanelContext['excerpt'],
): Float64Array {
  return timesMs
    .subarray(offsets[neuron], offsets[neuron + 1])
    .filter((time) => time >= excerpt.startMs && time < excerpt.stopMs);
}
