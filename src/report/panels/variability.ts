import * as Plot from '@observablehq/plot';
import { MIN_SPIKES } from '../../analysis/sections/firing_section.js';
import { type Box, chart, gridLines, logTicks, points } from '../chart.js';
import { missing, type Panel, type PanelContext, populationLegend } from '../panel.js';
import { COLOR } from '../theme.js';

/** Inter-spike intervals, their coefficient of variation and the Fano factor against the counting window. */

const CV_BIN = 0.1;
const MARGIN_LEFT = 66;

export const variabilityPanel: Panel = {
  title: 'Intervals, CV and Fano factor',
  draw(context, area) {
    const { firing } = context.analysis;
    const intervals = firing.populations.reduce(
      (sum, { intervals: { counts } }) => sum + counts.reduce((a, b) => a + b, 0),
      0,
    );
    if (intervals === 0) {
      return {
        body: missing(area, 'No neuron fired twice in the window: there are no intervals.'),
        caption: `n = ${firing.results.spikes} spikes.`,
      };
    }
    const third = area.width / 3;
    const box = (index: number) => ({ ...area, x: area.x + index * third, width: third });
    const { neuronsInCv, cvIsi } = firing.results;
    return {
      body: drawIntervals(context, box(0)) + drawCv(context, box(1)) + drawFano(context, box(2)),
      legend: populationLegend(context.styles),
      caption:
        `Left: n = ${intervals} intervals, share of each population per logarithmic bin. ` +
        `Middle: CV (ddof 0) of the ${neuronsInCv} neurons with at least ${MIN_SPIKES} spikes` +
        `${cvIsi === null ? '' : `, mean ${cvIsi.toFixed(2)}`}; dashed: Poisson. ` +
        'Right: variance over mean of counts, mean over neurons.',
    };
  },
};

function drawIntervals({ analysis, styles }: PanelContext, box: Box): string {
  const lines = analysis.firing.populations.flatMap(
    ({ intervals: { edgesMs, counts, below, above } }, index) => {
      const total = counts.reduce((a, b) => a + b, 0) + below + above;
      if (total === 0) return [];
      const shares = points(edgesMs, counts)
        .slice(0, -1)
        .map(({ x, y }, k) => ({
          x: Math.sqrt(x * edgesMs[k + 1]),
          y: (100 * y) / total,
        }));
      const { color, dash } = styles[index];
      return [
        Plot.lineY(shares, {
          x: 'x',
          y: 'y',
          stroke: color,
          strokeWidth: 2.2,
          strokeDasharray: dash ?? 'none',
          curve: 'step',
        }),
      ];
    },
  );
  return chart(box, {
    marginLeft: MARGIN_LEFT,
    x: { type: 'log', domain: [1, 2000], label: 'Interval (ms)', ticks: [1, 10, 100, 1000], tickFormat: 'd' },
    y: { label: 'Intervals (%)', ticks: 5, nice: true },
    marks: [...gridLines(), ...lines],
  });
}

function drawCv({ analysis, styles }: PanelContext, box: Box): string {
  const { irregularity } = analysis.firing;
  const neurons = analysis.activity.groups.flatMap((group, index) =>
    Array.from(group.neurons)
      .filter((neuron) => irregularity.spikes[neuron] >= MIN_SPIKES)
      .map((neuron) => ({ cv: irregularity.cv[neuron], name: group.name, color: styles[index].color })),
  );
  const highest = Math.max(1.5, ...neurons.map(({ cv }) => cv));
  return chart(box, {
    marginLeft: MARGIN_LEFT,
    x: { domain: [0, Math.ceil(highest / CV_BIN) * CV_BIN], label: 'CV of intervals', ticks: 4 },
    y: { label: 'Neurons', ticks: 5, tickFormat: '~s', nice: true },
    marks: [
      ...gridLines(),
      Plot.rectY(
        neurons,
        Plot.binX<Plot.RectYOptions>(
          { y: 'count' },
          { x: 'cv', fill: 'color', interval: CV_BIN, order: styles.map((s) => s.color), inset: 0.6 },
        ),
      ),
      Plot.ruleX([1], { stroke: COLOR.text, strokeDasharray: '6 5', strokeWidth: 1.6 }),
    ],
  });
}

function drawFano({ analysis, styles }: PanelContext, box: Box): string {
  const curves = analysis.firing.populations.map(({ fanoCurve }) => fanoCurve);
  const countingMs = curves.find((curve) => curve !== null)?.countingMs;
  if (!countingMs) return missing(box, 'The window is too short for a Fano factor.');
  const domain = [countingMs[0], countingMs[countingMs.length - 1]] as const;
  const lines = curves.flatMap((fanoCurve, index) => {
    if (!fanoCurve) return [];
    const { color, dash } = styles[index];
    return [
      Plot.lineY(points(fanoCurve.countingMs, fanoCurve.fano), {
        x: 'x',
        y: 'y',
        stroke: color,
        strokeWidth: 2.4,
        strokeDasharray: dash ?? 'none',
      }),
    ];
  });
  return chart(box, {
    marginLeft: MARGIN_LEFT,
    x: {
      type: 'log',
      domain: [...domain],
      label: 'Counting window (ms)',
      ticks: logTicks(domain),
      tickFormat: '~r',
    },
    y: { label: 'Fano factor', ticks: 5, nice: true, zero: true },
    marks: [
      ...gridLines(),
      Plot.ruleY([1], { stroke: COLOR.text, strokeDasharray: '6 5', strokeWidth: 1.6 }),
      ...lines,
    ],
  });
}
