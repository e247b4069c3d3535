import type { History } from '../simulation/history.js';
import type { PopulationStyle } from '../view/theme.js';
import { type LivePlot, line, livePlot, PlotFrame } from './live_plot.js';

const WINDOW_ms = 500;
const BIN_ms = 5;
/** Stretch of the rates that the note gives, ms. */
const MEAN_ms = 1000;

/** Mean rate of each population in bins of 5 ms. */
export function createRatesPlot(history: History, styles: readonly PopulationStyle[]): LivePlot {
  const frame = new PlotFrame({
    title: 'Rates',
    yLabel: 'Hz',
    series: styles.map(({ name, color, dash }) => line(name, color, dash?.split(' ').map(Number))),
    scales: { y: { range: (_, __, high) => [0, Math.max(high, 1)] } },
  });
  const perBin = Math.max(1, Math.round((BIN_ms * history.sampleRateHz) / 1000));
  return livePlot(frame, () => {
    const count = Math.round((WINDOW_ms * history.sampleRateHz) / 1000);
    const binned = history.spikeCounts.map((series, p) => {
      const values = series.last(count);
      const scale = history.sampleRateHz / perBin / history.network.populations[p].count;
      return Float64Array.from({ length: Math.floor(values.length / perBin) }, (_, bin) => {
        const spikes = values.subarray(bin * perBin, (bin + 1) * perBin).reduce((sum, n) => sum + n, 0);
        return spikes * scale;
      });
    });
    const start = history.startOfLastMs(history.spikeCounts[0].last(count).length);
    const times = Float64Array.from(binned[0], (_, bin) => start + (bin + 0.5) * BIN_ms);
    frame.plot.setData([times, ...binned]);
    const means = history.meanRatesHz(MEAN_ms);
    frame.setLegend(
      styles.map(({ name, color }, p) => ({ name: `${name} ${means[p]?.toFixed(1) ?? '–'}`, color })),
    );
  });
}
