import * as Plot from '@observablehq/plot';
import { extent, max } from 'simple-statistics';
import { FANO_WINDOW_MS, MIN_SPIKES } from '../../analysis/sections/firing_section.js';
import { type Box, chart, gridLines, logTicks } from '../chart.js';
import { evenlySpaced, missing, type Panel, type PanelContext } from '../panel.js';
import { fitText, svgText } from '../text.js';
import { COLOR, type PopulationStyle, SIZE } from '../theme.js';

/** Each neuron by rate and CV, with a table of population means and the spread of rates. */

const SIDE_WIDTH = 310;
const SYMBOLS = ['circle', 'triangle', 'square', 'diamond'] as const;
/** Rows that the table and the boxes have room for. */
const MAX_ROWS = 6;
/** Of more neurons, evenly spaced ones are drawn. */
const MAX_DOTS = 3000;

export const cellTypesPanel: Panel = {
  title: 'Cell types by rate and regularity',
  draw(context, area) {
    const { activity, firing } = context.analysis;
    const neurons = neuronDots(context);
    const dots = evenlySpaced(neurons, MAX_DOTS);
    const scatter = { ...area, width: area.width - SIDE_WIDTH };
    const side = { ...area, x: area.x + scatter.width, width: SIDE_WIDTH };
    const shown = largestPopulations(context);
    const table = { ...side, height: 46 + 34 * shown.length };
    const boxes = { ...side, y: side.y + table.height, height: side.height - table.height };
    const left = context.styles.length - shown.length;
    return {
      body:
        (dots.length === 0
          ? missing(scatter, `No neuron has the ${MIN_SPIKES} spikes that are required for a CV.`)
          : drawScatter(context, dots, scatter)) +
        drawTable(context, shown, table) +
        drawRates(context, shown, boxes),
      caption:
        `Dots: ${dots.length === neurons.length ? '' : `${dots.length}, evenly spaced, of `}the n = ${neurons.length} of ${activity.neurons} neurons with at least ${MIN_SPIKES} spikes; large symbols and table: population means. ` +
        `CV: sd (ddof 0) over mean of intervals; Fano: counts in ${FANO_WINDOW_MS} ms. Boxes: quartiles of all neurons' rates, whiskers to 1.5 times their range. ` +
        `${firing.results.silentNeurons} silent${left > 0 ? `; ${left} smaller populations not in the table` : ''}.`,
    };
  },
};

function largestPopulations({ analysis, styles }: PanelContext): readonly PopulationStyle[] {
  const sizes = analysis.results.circuit.populations;
  const kept = new Set([...styles].sort((a, b) => sizes[b.name] - sizes[a.name]).slice(0, MAX_ROWS));
  return styles.filter((style) => kept.has(style));
}

interface NeuronDot {
  readonly rateHz: number;
  readonly cv: number;
  readonly color: string;
  readonly symbol: string;
}

function neuronDots({ analysis, styles }: PanelContext): NeuronDot[] {
  const { ratesHz, irregularity } = analysis.firing;
  return analysis.activity.groups.flatMap((group, index) =>
    Array.from(group.neurons)
      .filter((neuron) => irregularity.spikes[neuron] >= MIN_SPIKES)
      .map((neuron) => ({ rateHz: ratesHz[neuron], cv: irregularity.cv[neuron], ...styles[index] })),
  );
}

function drawScatter({ analysis, styles }: PanelContext, dots: readonly NeuronDot[], box: Box): string {
  const { populations } = analysis.results.firing;
  const means = styles.flatMap(({ name, color, symbol }) => {
    const { rateHz, cvIsi } = populations[name];
    return rateHz && cvIsi !== null ? [{ rateHz, cv: cvIsi, color, symbol }] : [];
  });
  const [lowest, highest] = extent(dots.map(({ rateHz }) => rateHz));
  const domain: [number, number] = [lowest / 1.2, highest * 1.2];
  const place = { x: 'rateHz', y: 'cv', symbol: 'symbol' } as const;
  return chart(box, {
    x: { type: 'log', domain, label: 'Rate (Hz)', ticks: logTicks(domain), tickFormat: '~r' },
    y: { label: 'CV of intervals', zero: true, nice: true, ticks: 6 },
    symbol: { domain: [...SYMBOLS], range: [...SYMBOLS] },
    marks: [
      ...gridLines(),
      Plot.ruleY([1], { stroke: COLOR.text, strokeDasharray: '6 5', strokeWidth: 1.6 }),
      Plot.dot(dots, { ...place, r: 4, fill: 'color', fillOpacity: 0.65 }),
      Plot.dot(means, { ...place, r: 9.5, fill: 'color', stroke: COLOR.page, strokeWidth: 2.5 }),
    ],
  });
}

function drawTable({ analysis }: PanelContext, shown: readonly PopulationStyle[], box: Box): string {
  const { populations } = analysis.results.firing;
  const columns = [
    { title: '', x: box.x + 24, anchor: 'start' },
    { title: 'n', x: box.x + 134, anchor: 'end' },
    { title: 'Hz', x: box.x + 194, anchor: 'end' },
    { title: 'CV', x: box.x + 250, anchor: 'end' },
    { title: 'Fano', x: box.x + 306, anchor: 'end' },
  ] as const;
  const top = box.y + 26;
  const parts = columns.map(({ title, x, anchor }) =>
    svgText(title, x, top, { anchor, fill: COLOR.muted, size: SIZE.tick }),
  );
  const number = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits));
  shown.forEach(({ name, color }, row) => {
    const { neurons, rateHz, cvIsi, fano } = populations[name];
    const baseline = top + 34 * (row + 1);
    const label = fitText(name, 60, SIZE.label, 600);
    const cells = [label, `${neurons}`, number(rateHz, 1), number(cvIsi, 2), number(fano, 2)];
    parts.push(`<path d="M${box.x + 24},${baseline - 24}h${SIDE_WIDTH - 28}" stroke="${COLOR.edge}"/>`);
    cells.forEach((cell, column) => {
      const { x, anchor } = columns[column];
      const style = column === 0 ? ({ fill: color, weight: 600 } as const) : {};
      parts.push(svgText(cell, x, baseline, { anchor, ...style }));
    });
  });
  return parts.join('');
}

function drawRates({ analysis }: PanelContext, shown: readonly PopulationStyle[], box: Box): string {
  const { ratesHz } = analysis.firing;
  const groups = new Map(analysis.activity.groups.map((group) => [group.name, group]));
  const marks = shown.flatMap(({ name, color }) => {
    const rates = Array.from(groups.get(name)?.neurons ?? [], (neuron) => ({
      name,
      rateHz: ratesHz[neuron],
    }));
    return rates.length === 0
      ? []
      : [Plot.boxX(rates, { x: 'rateHz', y: 'name', fill: color, stroke: color, fillOpacity: 0.35, r: 0 })];
  });
  return chart(box, {
    marginLeft: 86,
    marginTop: 4,
    x: { domain: [0, Math.max(1, max(Array.from(ratesHz)))], label: 'Rate (Hz)', ticks: 4, nice: true },
    y: {
      domain: shown.map(({ name }) => name),
      label: null,
      tickSize: 0,
      tickFormat: (name: string) => fitText(name, 60, SIZE.tick),
    },
    marks: [Plot.gridX({ stroke: COLOR.grid, strokeOpacity: 1 }), ...marks],
  });
}
