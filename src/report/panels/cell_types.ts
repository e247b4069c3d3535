import * as Plot from '@observablehq/plot';
import { FANO_WINDOW_MS, MIN_SPIKES } from '../../analysis/sections/firing_section.js';
import { type Box, chart, gridLines } from '../chart.js';
import { missing, type Panel, type PanelContext } from '../panel.js';
import { svgText } from '../text.js';
import { COLOR, SIZE } from '../theme.js';

/** Each neuron by rate and CV, by population, with a table of population means. */

const TABLE_WIDTH = 300;
const ROW_HEIGHT = 46;

export const cellTypesPanel: Panel = {
  title: 'Cell types by rate and regularity',
  draw(context, area) {
    const { activity, firing } = context.analysis;
    const dots = neuronDots(context);
    const scatter = { ...area, width: area.width - TABLE_WIDTH };
    const body =
      dots.length === 0
        ? missing(scatter, `No neuron has the ${MIN_SPIKES} spikes that a CV needs here.`)
        : drawScatter(context, dots, scatter);
    return {
      body: body + drawTable(context, { ...area, x: area.x + scatter.width, width: TABLE_WIDTH }),
      caption:
        `Dots: the n = ${dots.length} of ${activity.neurons} neurons with at least ${MIN_SPIKES} spikes in the window; ` +
        `large symbols: population means. Rate: spikes over the window's length. CV: sd (ddof 0) over mean of the intervals. ` +
        `Fano: counts in ${FANO_WINDOW_MS} ms. ${firing.results.silentNeurons} neurons are silent.`,
    };
  },
};

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
  const place = { x: 'rateHz', y: 'cv', symbol: 'symbol' } as const;
  return chart(box, {
    x: { type: 'log', label: 'Rate (Hz)', ticks: [1, 2, 5, 10, 20, 50, 100, 200], tickFormat: 'd' },
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

const SYMBOLS = ['circle', 'triangle', 'square', 'diamond'] as const;

function drawTable({ analysis, styles }: PanelContext, box: Box): string {
  const { populations } = analysis.results.firing;
  const columns = [
    { title: '', x: box.x + 24, anchor: 'start' },
    { title: 'n', x: box.x + 128, anchor: 'end' },
    { title: 'Hz', x: box.x + 188, anchor: 'end' },
    { title: 'CV', x: box.x + 243, anchor: 'end' },
    { title: 'Fano', x: box.x + 298, anchor: 'end' },
  ] as const;
  const top = box.y + 36;
  const parts = columns.map(({ title, x, anchor }) =>
    svgText(title, x, top, { anchor, fill: COLOR.muted, size: SIZE.tick }),
  );
  const number = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits));
  styles.forEach(({ name, color }, row) => {
    const { neurons, rateHz, cvIsi, fano } = populations[name];
    const baseline = top + ROW_HEIGHT * (row + 1) - 6;
    const cells = [name, `${neurons}`, number(rateHz, 1), number(cvIsi, 2), number(fano, 2)];
    parts.push(`<path d="M${box.x + 24},${baseline - 30}h${TABLE_WIDTH - 26}" stroke="${COLOR.edge}"/>`);
    cells.forEach((cell, column) => {
      const { x, anchor } = columns[column];
      parts.push(
        svgText(cell, x, baseline, {
          anchor,
          fill: column === 0 ? color : COLOR.text,
          weight: column === 0 ? 600 : 400,
        }),
      );
    });
  });
  return parts.join('');
}
