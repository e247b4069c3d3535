import * as Plot from '@observablehq/plot';
import { extent } from 'simple-statistics';
import type { LaggedCorrelation } from '../../analysis/balance/co_fluctuation.js';
import type { SampledSignal } from '../../analysis/data.js';
import { type BalanceArrays, RATIO_BIN_MS } from '../../analysis/sections/balance_section.js';
import { MAX_LAG_MS } from '../../analysis/sections/input_balance.js';
import { type Box, chart, gridLines, points } from '../chart.js';
import { missing, type Panel, type PanelContext } from '../panel.js';
import { COLOR } from '../theme.js';

/** Excitatory and inhibitory currents over time, their ratio, and how inhibition follows excitation. */

export const balancePanel: Panel = {
  title: 'Excitation-inhibition balance',
  draw(context, area) {
    const { arrays, results } = context.analysis.balance;
    if (!arrays) {
      return {
        body: missing(area, 'No balance: the data has no synaptic currents.'),
        caption: 'n = 0 samples.',
      };
    }
    const upper = { ...area, height: area.height * 0.5 };
    const lower = { ...area, y: area.y + upper.height, height: area.height - upper.height };
    const left = { ...lower, width: lower.width * 0.58 };
    const right = { ...lower, x: lower.x + left.width, width: lower.width - left.width };
    const number = (value: number | null) => (value === null ? 'not defined' : value.toFixed(2));
    const ratio = number(results.eiRatio);
    const conductance = number(results.conductanceRatio);
    return {
      body:
        drawCurrents(context, arrays, upper) +
        drawRatio(context, arrays.ratio, left) +
        drawLag(arrays.lagged, right),
      legend: [
        { label: 'excitatory |I|', color: COLOR.excitatory },
        { label: 'inhibitory |I|', color: COLOR.inhibitory },
      ],
      caption:
        `Mean synaptic current per neuron of ${arrays.groups.join(', ')}, n = ${arrays.neurons}; ratio in bins of ${RATIO_BIN_MS} ms; ` +
        `Pearson correlation of |I_E|(t) with |I_I|(t + lag), peak marked. Ratio of totals over all populations ${ratio}, ` +
        `conductance ratio ${conductance}, balance ${results.tightness ?? 'not defined'}.`,
    };
  },
};

function drawCurrents(
  { excerpt }: PanelContext,
  { excitatory_nA, inhibitory_nA }: BalanceArrays,
  box: Box,
): string {
  const line = (signal: SampledSignal, color: string) =>
    Plot.lineY(
      Array.from(signal.values, (y, k) => ({
        x: signal.startMs + ((k + 0.5) * 1000) / signal.sampleRateHz,
        y,
      })).filter(({ x }) => x >= excerpt.startMs && x <= excerpt.stopMs),
      { x: 'x', y: 'y', stroke: color, strokeWidth: 1.6 },
    );
  return chart(box, {
    x: { domain: [excerpt.startMs, excerpt.stopMs], label: 'Time (ms)', ticks: 6, tickFormat: 'd' },
    y: { label: '|I| (nA)', ticks: 4, zero: true, nice: true },
    marks: [...gridLines(), line(excitatory_nA, COLOR.excitatory), line(inhibitory_nA, COLOR.inhibitory)],
  });
}

function drawRatio({ analysis }: PanelContext, ratio: SampledSignal | null, box: Box): string {
  const { window } = analysis.activity;
  const series = ratio
    ? Array.from(ratio.values, (y, k) => ({ x: (ratio.startMs + (k + 0.5) * RATIO_BIN_MS) / 1000, y }))
    : [];
  return chart(box, {
    x: { domain: [window.startMs / 1000, window.stopMs / 1000], label: 'Time (s)', ticks: 5 },
    y: { label: 'E / I', ticks: 4, zero: true, nice: true },
    marks: [
      ...gridLines(),
      Plot.ruleY([1], { stroke: COLOR.text, strokeDasharray: '6 5', strokeWidth: 1.6 }),
      Plot.lineY(series, { x: 'x', y: 'y', stroke: COLOR.gamma, strokeWidth: 2 }),
    ],
  });
}

/** Room above the peak for its label. */
function correlationDomain({ correlations }: LaggedCorrelation): [number, number] {
  const [lowest, highest] = extent(Array.from(correlations));
  return [lowest - 0.05, highest + 0.35 * (highest - lowest)];
}

function drawLag(lagged: LaggedCorrelation | null, box: Box): string {
  if (!lagged) return missing(box, `No correlation has a peak within ${MAX_LAG_MS} ms.`);
  const peak = [
    { x: lagged.peakLagMs, y: lagged.peak, text: `${lagged.peakLagMs.toFixed(1).replace('-', '−')} ms` },
  ];
  return chart(box, {
    x: { domain: [-MAX_LAG_MS, MAX_LAG_MS], label: 'Lag of inhibition (ms)', ticks: 5 },
    y: { domain: correlationDomain(lagged), label: 'Correlation', ticks: 4 },
    marks: [
      ...gridLines(),
      Plot.ruleX([0], { stroke: COLOR.muted, strokeWidth: 1.2 }),
      Plot.lineY(points(lagged.lagsMs, lagged.correlations), {
        x: 'x',
        y: 'y',
        stroke: COLOR.lfp,
        strokeWidth: 2,
      }),
      Plot.dot(peak, { x: 'x', y: 'y', r: 6, stroke: COLOR.gamma, strokeWidth: 2.4 }),
      Plot.text(peak, {
        x: 'x',
        y: 'y',
        text: 'text',
        dy: -18,
        fill: COLOR.gamma,
        fontWeight: 600,
      }),
    ],
  });
}
