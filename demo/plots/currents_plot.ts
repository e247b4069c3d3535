import { populationSign, totalRatio } from '../../src/index.js';
import type { History } from '../simulation/history.js';
import { COLOR } from '../view/theme.js';
import { type LivePlot, line, livePlot, PlotFrame, timesMs } from './live_plot.js';

const WINDOW_ms = 500;

/** Excitatory and inhibitory current onto the excitatory cells, mean over them, and the ratio of the two. */
export function createCurrentsPlot(history: History): LivePlot | null {
  const { circuit, populations } = history.network;
  const excitatory = populations.flatMap(({ name, count }, p) =>
    populationSign(circuit, name) === 'excitatory' ? [{ p, count }] : [],
  );
  if (excitatory.length === 0) return null;
  const cells = excitatory.reduce((sum, { count }) => sum + count, 0);
  const frame = new PlotFrame({
    title: 'Currents onto E cells',
    yLabel: 'nA',
    series: [line('excitatory', COLOR.excitatory), line('inhibitory', COLOR.inhibitory, [10, 4])],
    scales: { y: { range: (_, __, high) => [0, Math.max(high, 0.01)] } },
  });
  const mean = (signal: 'excitatoryCurrent_nA' | 'inhibitoryCurrent_nA', count: number) => {
    const parts = excitatory.map(({ p }) => history.populations[p][signal].last(count));
    return parts[0].map((_, k) => parts.reduce((sum, part) => sum + part[k], 0) / cells);
  };
  return livePlot(frame, () => {
    const count = Math.round((WINDOW_ms * history.sampleRateHz) / 1000);
    const [E, I] = [mean('excitatoryCurrent_nA', count), mean('inhibitoryCurrent_nA', count)];
    frame.plot.setData([timesMs(history.startOfLastMs(E.length), E.length, history.sampleRateHz), E, I]);
    const ratio = totalRatio(E, I);
    frame.setNote(ratio.value === null ? ratio.reason : `E/I ${ratio.value.toFixed(2)}`);
  });
}
