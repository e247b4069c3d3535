import * as Plot from '@observablehq/plot';
import type { SampledSignal } from '../../analysis/data.js';
import type { BalanceArrays } from '../../analysis/sections/balance_section.js';
import { type Box, chart, gridLines } from '../chart.js';
import { missing, type Panel, type PanelContext } from '../panel.js';
import { COLOR } from '../theme.js';

/** Excitatory and inhibitory currents over time, and their ratio. */

/** The ratio over time is that of the currents summed in bins of this length. */
const RATIO_BIN_MS = 50;

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
    const ratio = results.eiRatio === null ? 'undefined' : results.eiRatio.toFixed(2);
    return {
      body: drawCurrents(context, arrays, upper) + drawRatio(context, arrays, lower),
      legend: [
        { label: 'excitatory |I|', color: COLOR.excitatory },
        { label: 'inhibitory |I|', color: COLOR.inhibitory },
      ],
      caption:
        `Mean synaptic current per neuron of ${arrays.groups.join(', ')} (n = ${arrays.neurons}), and the ratio of excitation to inhibition in bins of ${RATIO_BIN_MS} ms. ` +
        `Ratio of totals over all populations: ${ratio}.`,
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
    x: { domain: [excerpt.startMs, excerpt.stopMs], label: 'Time (ms)', ticks: 6 },
    y: { label: '|I| (nA)', ticks: 4, zero: true, nice: true },
    marks: [...gridLines(), line(excitatory_nA, COLOR.excitatory), line(inhibitory_nA, COLOR.inhibitory)],
  });
}

function drawRatio({ analysis }: PanelContext, arrays: BalanceArrays, box: Box): string {
  const { window } = analysis.activity;
  return chart(box, {
    x: { domain: [window.startMs / 1000, window.stopMs / 1000], label: 'Time (s)', ticks: 6 },
    y: { label: 'E / I', ticks: 4, zero: true, nice: true },
    marks: [
      ...gridLines(),
      Plot.ruleY([1], { stroke: COLOR.text, strokeDasharray: '6 5', strokeWidth: 1.6 }),
      Plot.lineY(ratioOverTime(arrays), { x: 'x', y: 'y', stroke: COLOR.gamma, strokeWidth: 2 }),
    ],
  });
}

function ratioOverTime({ excitatory_nA, inhibitory_nA }: BalanceArrays): { x: number; y: number }[] {
  const { sampleRateHz, startMs } = excitatory_nA;
  const width = Math.max(1, Math.round((RATIO_BIN_MS * sampleRateHz) / 1000));
  const sum = (values: Float64Array, bin: number) =>
    values.subarray(bin * width, (bin + 1) * width).reduce((a, b) => a + b, 0);
  return Array.from({ length: Math.floor(excitatory_nA.values.length / width) }, (_, bin) => ({
    x: startMs / 1000 + ((bin + 0.5) * width) / sampleRateHz,
    y: sum(excitatory_nA.values, bin) / sum(inhibitory_nA.values, bin),
  }));
}
